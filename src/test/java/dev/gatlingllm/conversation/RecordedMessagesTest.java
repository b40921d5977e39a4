package dev.gatlingllm.conversation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatlingllm.conversation.BodyShape.CacheControl;
import dev.gatlingllm.conversation.BodyShape.PromptFormat;
import dev.gatlingllm.prompt.Passage;
import dev.gatlingllm.server.EngineProfile;
import dev.gatlingllm.server.SimulatedServer;
import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.settings.Setting;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What was recorded in the form of a chat, in that of the other APIs. */
class RecordedMessagesTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String TOOLS =
      "[{'type':'function','function':{'name':'look','description':'Looks',"
          + "'parameters':{'type':'object','properties':{'at':{'type':'string'}}}}}]";
  private static final String CALLS =
      "{'role':'assistant','content':null,'tool_calls':["
          + "{'id':'a','type':'function','function':{'name':'look','arguments':'{\\\"at\\\":1.50}'}},"
          + "{'id':'b','type':'function','function':{'name':'look','arguments':'{\\\"at\\\":\\\"b\\\"}'}}]}";
  private static final List<String> RESULTS =
      List.of(
          "{'role':'tool','tool_call_id':'a','content':'a tree'}",
          "{'role':'tool','tool_call_id':'b','content':[{'type':'text','text':'a bee'}]}",
          "{'role':'user','content':'and now?'}");

  private static String json(String text) {
    return text.replace('\'', '"');
  }

  private static JsonNode converted(Api api, String... chat) throws IOException {
    ByteBuffer messages = UTF_8.encode(json(String.join(",", chat)));
    return JSON.readTree("[" + new String(RecordedMessages.messages(api, messages), UTF_8) + "]");
  }

  private static void assertJson(JsonNode found, String expected) throws IOException {
    assertThat(found).isEqualTo(JSON.readTree(json(expected)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'role':'user','content':'hi'} | [{'role':'user','content':'hi'}]",
        "{'role':'system','content':[{'type':'text','text':'s'}]}"
            + " | [{'role':'system','content':[{'type':'input_text','text':'s'}]}]",
        "{'role':'assistant','content':[{'type':'text','text':'s'}],'refusal':null}"
            + " | [{'role':'assistant','content':[{'type':'output_text','text':'s'}]}]",
        "{'role':'user','content':[{'type':'image_url','image_url':{'url':'data:image/png;base64,AA','detail':'low'}}]}"
            + " | [{'role':'user','content':[{'type':'input_image',"
            + "'image_url':'data:image/png;base64,AA','detail':'low'}]}]",
        "{'role':'assistant','content':'so','tool_calls':[{'id':'c','type':'function',"
            + "'function':{'name':'f','arguments':'{ }'}}]} | [{'role':'assistant','content':'so'},"
            + "{'type':'function_call','call_id':'c','name':'f','arguments':'{ }'}]",
        "{'role':'tool','tool_call_id':'c','content':[{'type':'text','text':'x'},"
            + "{'type':'text','text':'y'}]}"
            + " | [{'type':'function_call_output','call_id':'c','output':'xy'}]",
      })
  void writesItemsOfTheResponsesApi(String chat, String items) throws IOException {
    assertJson(converted(Api.RESPONSES, chat), items);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'role':'user','content':'hi'} |"
            + " [{'role':'user','content':[{'type':'text','text':'hi'}]}]",
        "{'role':'system','content':'s'} |"
            + " [{'role':'user','content':[{'type':'text','text':'s'}]}]",
        "{'role':'user','content':[{'type':'image_url','image_url':{'url':'data:image/png;base64,AA'}},{'type':'text','text':'t'}]}"
            + " | [{'role':'user','content':["
            + "{'type':'image','source':{'type':'base64','media_type':'image/png','data':'AA'}},"
            + "{'type':'text','text':'t'}]}]",
        "{'role':'user','content':[{'type':'image_url','image_url':{'url':'https://h/i.png'}}]}"
            + " | [{'role':'user','content':[{'type':'image','source':{'type':'url',"
            + "'url':'https://h/i.png'}}]}]",
        "{'role':'assistant','content':'so','tool_calls':[{'id':'c','type':'function',"
            + "'function':{'name':'f','arguments':'{'}}]} | [{'role':'assistant','content':["
            + "{'type':'text','text':'so'},"
            + "{'type':'tool_use','id':'c','name':'f','input':{'arguments':'{'}}]}]",
      })
  void writesBlocksOfTheMessagesApi(String chat, String messages) throws IOException {
    assertJson(converted(Api.MESSAGES, chat), messages);
  }

  @Test
  void putsResultsOfParallelCallsIntoOneMessage() throws IOException {
    assertJson(
        converted(Api.MESSAGES, RESULTS.toArray(String[]::new)),
        "[{'role':'user','content':["
            + "{'type':'tool_result','tool_use_id':'a','content':'a tree'},"
            + "{'type':'tool_result','tool_use_id':'b','content':'a bee'},"
            + "{'type':'text','text':'and now?'}]}]");
  }

  @Test
  void writesToolsInTheFormOfTheApi() throws IOException {
    JsonNode chat = JSON.readTree(json(TOOLS));

    assertJson(
        RecordedMessages.tools(Api.RESPONSES, chat),
        "[{'type':'function','name':'look','description':'Looks',"
            + "'parameters':{'type':'object','properties':{'at':{'type':'string'}}}}]");
    assertJson(
        RecordedMessages.tools(Api.MESSAGES, chat),
        "[{'name':'look','description':'Looks',"
            + "'input_schema':{'type':'object','properties':{'at':{'type':'string'}}}}]");
    String own = "[{'name':'f','input_schema':{}}]";
    assertJson(RecordedMessages.tools(Api.MESSAGES, JSON.readTree(json(own))), own);
  }

  @Test
  void namesAToolInTheFormOfTheApi() throws IOException {
    RequestFields fields =
        RequestFields.DEFAULT
            .withJson("tools", json(TOOLS))
            .withJson("tool_choice", json("{'type':'function','function':{'name':'look'}}"));
    Turn turn = Scripts.conversation(1, ConversationRules.DEFAULT).next();

    JsonNode responses = body(LlmSettings.defaults(), Api.RESPONSES, fields, turn);
    JsonNode messages = body(LlmSettings.defaults(), Api.MESSAGES, fields, turn);
    assertJson(responses.get("tool_choice"), "{'type':'function','name':'look'}");
    assertThat(responses.at("/tools/0/name").asText()).isEqualTo("look");
    assertJson(messages.get("tool_choice"), "{'type':'tool','name':'look'}");
    assertThat(messages.at("/tools/0/input_schema/type").asText()).isEqualTo("object");
  }

  private static Conversation agent() {
    return new Conversations("", Scripts.SEED, ConversationRules.DEFAULT, PromptFormat.TEXT)
        .begin(
            7,
            new Scripts.Changed(Scripts.script(3)) {
              @Override
              public Passage tools() {
                return Passage.of(json(TOOLS), 50);
              }

              @Override
              public List<String> responseMessages(int turn) {
                return turn == 1 ? List.of(json(CALLS)) : List.of();
              }

              @Override
              public Question question(int turn) {
                Question text = super.question(turn);
                return turn == 2
                    ? new Question(
                        text.passage(),
                        text.outputTokens(),
                        Map.of(),
                        RESULTS.stream().map(RecordedMessagesTest::json).toList(),
                        Optional.empty())
                    : text;
              }
            });
  }

  private static JsonNode body(LlmSettings settings, Api api, RequestFields fields, Turn turn)
      throws IOException {
    return JSON.readTree(new RequestBody(settings.bodyShape(api), fields).of(turn, "m"));
  }

  @Test
  void aConversationWithToolsHasTheTokensOfAChatInEachApi() throws Exception {
    Turn afterCalls = agent().next().succeeded("ignored", 3, "resp_1").next();
    Turn afterText = afterCalls.succeeded("I see", 2, "resp_2").next();

    try (SimulatedServer server = SimulatedServer.start(s -> s.engine(EngineProfile.INSTANT))) {
      for (Turn turn : List.of(afterCalls, afterText)) {
        int chat = tokens(server, Api.CHAT, turn);
        assertThat(chat).isPositive();
        assertThat(tokens(server, Api.RESPONSES, turn)).isEqualTo(chat);
        assertThat(tokens(server, Api.MESSAGES, turn)).isEqualTo(chat);
      }
    }
  }

  private static int tokens(SimulatedServer server, Api api, Turn turn) throws Exception {
    byte[] body =
        new RequestBody(
                LlmSettings.defaults().bodyShape(api),
                RequestFields.DEFAULT.with("tool_choice", "none"))
            .of(turn, "m");
    String whole = new String(body, UTF_8).replace("\"stream\":true", "\"stream\":false");
    String plain = whole.replace("\"stream_options\":{\"include_usage\":true},", "");
    HttpResponse<String> response =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(server.baseUrl() + api.path()))
                    .POST(HttpRequest.BodyPublishers.ofString(plain))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    JsonNode usage = JSON.readTree(response.body()).path("usage");
    assertThat(usage.isObject()).as("%s to %s", response.body(), plain).isTrue();
    return usage.path("prompt_tokens").asInt()
        + usage.path("input_tokens").asInt()
        + usage.path("cache_read_input_tokens").asInt();
  }

  @Test
  void marksTheLastResultForTheCache() throws IOException {
    LlmSettings marked = LlmSettings.defaults().with(Setting.CACHE_CONTROL, CacheControl.EPHEMERAL);
    Turn turn = agent().next().succeeded("ignored", 3, null).next();
    JsonNode messages = body(marked, Api.MESSAGES, RequestFields.DEFAULT, turn).get("messages");

    assertThat(messages.findValues("cache_control")).hasSize(1);
    assertThat(messages.at("/2/content/2/cache_control/type").asText()).isEqualTo("ephemeral");
  }

  @Test
  void sendsAllAgainAfterRecordedCallsWhichTheServerDoesNotHold() throws IOException {
    LlmSettings held = LlmSettings.defaults().with(Setting.HISTORY, BodyShape.HistoryForm.SERVER);
    Turn afterCalls = agent().next().succeeded("its own", 3, "resp_1").next();
    Turn afterText = afterCalls.succeeded("I see", 2, "resp_2").next();

    JsonNode all = body(held, Api.RESPONSES, RequestFields.DEFAULT, afterCalls);
    assertThat(all.has("previous_response_id")).isFalse();
    assertThat(all.get("input")).hasSize(1 + 1 + 2 + 3);
    JsonNode next = body(held, Api.RESPONSES, RequestFields.DEFAULT, afterText);
    assertThat(next.get("previous_response_id").asText()).isEqualTo("resp_2");
    assertThat(next.get("input")).hasSize(1);
  }
}
