package dev.gatlingllm.conversation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatlingllm.ContextPolicy;
import dev.gatlingllm.FailurePolicy;
import dev.gatlingllm.ReplyInHistory;
import dev.gatlingllm.SystemRole;
import dev.gatlingllm.conversation.BodyShape.CacheControl;
import dev.gatlingllm.conversation.BodyShape.HistoryForm;
import dev.gatlingllm.conversation.BodyShape.PromptFormat;
import dev.gatlingllm.prompt.Passage;
import dev.gatlingllm.prompt.SyntheticImages;
import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.settings.Setting;
import dev.gatlingllm.workload.ConversationScript;
import dev.gatlingllm.workload.Images;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RequestBodyTest {

  private static final String MARK = "\"cache_control\":{\"type\":\"ephemeral\",\"ttl\":\"1h\"}";

  private static JsonNode render(Api api, Turn turn) throws IOException {
    return new ObjectMapper()
        .readTree(
            new RequestBody(
                    LlmSettings.defaults().bodyShape(api),
                    RequestFields.DEFAULT.with("temperature", 0).with("ignore_eos", true))
                .of(turn, "m"));
  }

  private static Turn secondTurn(String response) {
    return Scripts.conversation(2, ConversationRules.DEFAULT)
        .next()
        .succeeded(response, 5, null)
        .next();
  }

  @Test
  void writesChatBody() throws IOException {
    JsonNode body = render(Api.CHAT, secondTurn("Say \"hi\"\n\tgrüße 🙂"));

    assertThat(body.get("messages").findValuesAsText("role"))
        .isEqualTo(List.of("system", "user", "assistant", "user"));
    assertThat(body.get("messages").findValuesAsText("content"))
        .isEqualTo(List.of("be brief", "question 1", "Say \"hi\"\n\tgrüße 🙂", "question 2"));
    assertThat(body.get("model").asText()).isEqualTo("m");
    assertThat(body.get("max_tokens").asInt()).isEqualTo(Scripts.OUTPUT_TOKENS);
    assertThat(body.get("stream").asBoolean()).isTrue();
    assertThat(body.get("stream_options").get("include_usage").asBoolean()).isTrue();
    assertThat(body.get("temperature").asInt()).isZero();
    assertThat(body.get("ignore_eos").asBoolean()).isTrue();
  }

  @Test
  void conversationsAndTurnsShareTheBytesOfWhatTheyHaveInCommon() {
    RequestBody bodies =
        new RequestBody(LlmSettings.defaults().bodyShape(Api.CHAT), RequestFields.DEFAULT);
    Conversations workload = new Conversations("", 0, ConversationRules.DEFAULT, PromptFormat.TEXT);
    ConversationOfWords script = new ConversationOfWords(2, 4_000, 4_000, 10);
    Turn first = workload.begin(0, script).next();
    Turn ofAnother = workload.begin(1, script).next();
    Turn second = first.succeeded("received", 1, null).next();

    List<ByteBuffer> systemPromptAndQuestion = large(bodies.fragments(first, "m"));
    assertThat(systemPromptAndQuestion).hasSize(2);
    assertThat(large(bodies.fragments(ofAnother, "m")).get(0))
        .isSameAs(systemPromptAndQuestion.get(0));
    assertThat(large(bodies.fragments(second, "m")).get(0))
        .isSameAs(systemPromptAndQuestion.get(0));
    assertThat(large(bodies.fragments(second, "m")).get(1))
        .isSameAs(systemPromptAndQuestion.get(1));
  }

  @Test
  void idsOfTheContextAreMadeWhenAConversationBegins() {
    AtomicInteger made = new AtomicInteger();
    Passage systemPrompt = Passage.of("w1 w2", 2, text -> new int[] {made.incrementAndGet(), 2});
    ConversationOfWords script = new ConversationOfWords(1, systemPrompt, 2, 2);
    Turn turn =
        new Conversations("", 0, ConversationRules.DEFAULT, PromptFormat.TOKEN_IDS)
            .begin(0, script)
            .next();

    assertThat(made).hasValue(1);
    BodyShape shape =
        LlmSettings.defaults()
            .with(Setting.PROMPT_FORMAT, PromptFormat.TOKEN_IDS)
            .bodyShape(Api.COMPLETIONS);
    assertThat(new String(new RequestBody(shape, RequestFields.DEFAULT).of(turn, "m"), UTF_8))
        .contains("\"prompt\":[1,2,2000,2001]");
    assertThat(made).hasValue(1);
  }

  private static List<ByteBuffer> large(List<ByteBuffer> fragments) {
    return fragments.stream().filter(ByteBuffer::isDirect).toList();
  }

  @Test
  void writesCompletionsBodyAsOneText() throws IOException {
    assertThat(render(Api.COMPLETIONS, secondTurn("response")).get("prompt").asText())
        .isEqualTo("be brief question 1 response question 2");
    assertThat(render(Api.COMPLETIONS, secondTurn(" response\n")).get("prompt").asText())
        .isEqualTo("be brief question 1 response\nquestion 2");
  }

  @Test
  void writesMessagesBody() throws IOException {
    Turn turn = secondTurn("yes");
    JsonNode body = render(Api.MESSAGES, turn);

    assertThat(body.get("system").asText()).isEqualTo("be brief");
    assertThat(body.get("messages").findValuesAsText("role"))
        .isEqualTo(List.of("user", "assistant", "user"));
    assertThat(body.get("messages").findValuesAsText("content"))
        .isEqualTo(List.of("question 1", "yes", "question 2"));
    assertThat(body.get("max_tokens").asInt()).isEqualTo(Scripts.OUTPUT_TOKENS);
    assertThat(body.get("stream").asBoolean()).isTrue();
    assertThat(body.has("stream_options")).isFalse();
    assertThat(PromptText.messages(turn, LlmSettings.defaults().bodyShape(Api.MESSAGES)))
        .hasToString(body.get("messages").toString());
  }

  @Test
  void marksWhatTheMessagesApiMayCache() throws IOException {
    LlmSettings marked = LlmSettings.defaults().with(Setting.CACHE_CONTROL, CacheControl.HOUR);
    RequestBody writer = new RequestBody(marked.bodyShape(Api.MESSAGES), RequestFields.DEFAULT);
    Conversation begun = Scripts.conversation(3, ConversationRules.DEFAULT);
    Turn first = begun.next();
    Turn afterFailure = first.failed().next();
    Turn second = first.succeeded("yes", 1, null).next();
    JsonNode system = new ObjectMapper().readTree(writer.of(second, "m")).get("system");

    assertThat(system).hasToString("[{\"type\":\"text\",\"text\":\"be brief\"," + MARK + "}]");
    for (Turn turn : List.of(first, afterFailure, second)) {
      JsonNode messages = new ObjectMapper().readTree(writer.of(turn, "m")).get("messages");
      assertThat(messages.findValues("cache_control")).hasSize(1);
      assertThat(messages.get(messages.size() - 1).get("content"))
          .hasToString(
              "[{\"type\":\"text\",\"text\":\"" + turn.questionText() + "\"," + MARK + "}]");
    }
  }

  private static ConversationScript withImages(int tokens) {
    SyntheticImages images = new SyntheticImages(new SyntheticImages.Size(8, 8), 1);
    return new Scripts.Changed(Scripts.script(2)) {
      @Override
      public List<SyntheticImages.Image> images(int turn) {
        return turn == 1 ? List.of(images.image(1), images.image(2)) : List.of();
      }

      @Override
      public int imageTokens() {
        return tokens;
      }
    };
  }

  private static Turn begun(ConversationScript script) {
    return new Conversations("", 1, ConversationRules.DEFAULT, PromptFormat.TEXT)
        .begin(0, script)
        .next();
  }

  @Test
  void imagesPrecedeTheTextOfTheirQuestion() throws IOException {
    Turn second = begun(withImages(Images.UNKNOWN)).succeeded("yes", 1, null).next();
    JsonNode chat = render(Api.CHAT, second).get("messages");
    JsonNode messages = render(Api.MESSAGES, second).get("messages");

    assertThat(chat.findValuesAsText("role"))
        .isEqualTo(List.of("system", "user", "assistant", "user"));
    assertThat(chat.get(1).get("content").findValuesAsText("type"))
        .isEqualTo(List.of("image_url", "image_url", "text"));
    assertThat(chat.get(1).get("content").get(2).get("text").asText()).isEqualTo("question 1");
    assertThat(chat.get(3).get("content").asText()).isEqualTo("question 2");
    String url = chat.at("/1/content/1/image_url/url").asText();
    String data = messages.at("/0/content/1/source/data").asText();
    assertThat(url).isEqualTo("data:image/png;base64," + data);
    assertThat(messages.at("/0/content/1/source/media_type").asText()).isEqualTo("image/png");
    JsonNode items = render(Api.RESPONSES, second).get("input");
    assertThat(items.get(1).get("content").findValuesAsText("type"))
        .isEqualTo(List.of("input_image", "input_image", "input_text"));
    assertThat(items.at("/1/content/1/image_url").asText()).isEqualTo(url);
    assertThat(ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(data))).getWidth())
        .isEqualTo(8);
    assertThat(chat.at("/1/content/0/image_url/url").asText()).isNotEqualTo(url);
  }

  @Test
  void questionsWithoutAResponseAreOneMessageWithImages() throws IOException {
    Turn second = begun(withImages(0)).succeeded(" ", 1, null).next();
    LlmSettings user =
        LlmSettings.defaults()
            .with(Setting.SYSTEM_ROLE, SystemRole.USER)
            .with(Setting.CACHE_CONTROL, CacheControl.EPHEMERAL);
    JsonNode messages =
        new ObjectMapper()
            .readTree(
                new RequestBody(user.bodyShape(Api.MESSAGES), RequestFields.DEFAULT)
                    .of(second, "m"))
            .get("messages");

    assertThat(messages).hasSize(1);
    assertThat(messages.get(0).get("content").findValuesAsText("type"))
        .isEqualTo(
            List.of("text", "image", "base64", "image", "base64", "text", "text", "ephemeral"));
    assertThat(messages.get(0).get("content").findValuesAsText("text"))
        .isEqualTo(List.of("be brief", "question 1", "question 2"));
    assertThat(messages.at("/0/content/4/cache_control/type").asText()).isEqualTo("ephemeral");
  }

  @Test
  void countsTheTokensOfImagesWhereTheyAreKnown() {
    Turn known = begun(withImages(50)).succeeded("yes", 1, null).next();
    Turn unknown = begun(withImages(Images.UNKNOWN)).succeeded("yes", 1, null).next();
    Turn text = begun(Scripts.script(2)).succeeded("yes", 1, null).next();

    assertThat(known.promptTokens()).isEqualTo(text.promptTokens() + 100);
    assertThat(known.textTokens()).isEqualTo(text.promptTokens());
    assertThat(known.hasUnknownTokens()).isFalse();
    assertThat(known.images()).isEqualTo(2);
    assertThat(unknown.hasUnknownTokens()).isTrue();
    assertThat(unknown.textTokens()).isEqualTo(text.promptTokens());
    assertThat(text.hasUnknownTokens()).isFalse();
  }

  @Test
  void imagesDoNotGoIntoAPromptOfOneText() {
    assertThatThrownBy(() -> render(Api.COMPLETIONS, begun(withImages(50))))
        .hasMessageContaining("a prompt of one text cannot have images");
  }

  @ParameterizedTest
  @EnumSource(Api.class)
  void asksForTheLikeliestTokensWhereResponsesAreCompared(Api api) throws IOException {
    ConversationScript probe =
        new Scripts.Changed(Scripts.script(1)) {
          @Override
          public boolean isProbe() {
            return true;
          }
        };
    RequestFields fields = RequestFields.DEFAULT.with("temperature", 0.7).with("top_k", 3);
    JsonNode body =
        new ObjectMapper()
            .readTree(
                new RequestBody(LlmSettings.defaults().bodyShape(api), fields)
                    .of(
                        new Conversations("", 1, ConversationRules.DEFAULT, PromptFormat.TEXT)
                            .begin(0, probe)
                            .next(),
                        "m"));

    assertThat(body.get("temperature").asDouble()).isZero();
    assertThat(body.get("top_k").asInt()).isEqualTo(3);
    assertThat(body.has("seed")).isEqualTo(api == Api.CHAT || api == Api.COMPLETIONS);
  }

  @Test
  void callsFieldsAsTheMessagesApiDoes() throws IOException {
    RequestFields fields =
        RequestFields.DEFAULT.with("stop", "END").with("tool_choice", "required").with("top_k", 3);
    JsonNode body =
        new ObjectMapper()
            .readTree(
                new RequestBody(LlmSettings.defaults().bodyShape(Api.MESSAGES), fields)
                    .of(secondTurn("yes"), "m"));

    assertThat(body.get("stop_sequences")).hasToString("[\"END\"]");
    assertThat(body.has("stop")).isFalse();
    assertThat(body.get("tool_choice")).hasToString("{\"type\":\"any\"}");
    assertThat(body.get("top_k").asInt()).isEqualTo(3);
  }

  @Test
  void writesResponsesBody() throws IOException {
    Turn turn = secondTurn("yes");
    JsonNode body = render(Api.RESPONSES, turn);

    assertThat(body.get("input").findValuesAsText("role"))
        .isEqualTo(List.of("system", "user", "assistant", "user"));
    assertThat(body.get("input").findValuesAsText("content"))
        .isEqualTo(List.of("be brief", "question 1", "yes", "question 2"));
    assertThat(body.get("max_output_tokens").asInt()).isEqualTo(Scripts.OUTPUT_TOKENS);
    assertThat(body.get("store").asBoolean(true)).isFalse();
    assertThat(body.get("stream_options")).hasToString("{\"include_obfuscation\":false}");
    assertThat(body.has("previous_response_id")).isFalse();
    assertThat(PromptText.messages(turn, LlmSettings.defaults().bodyShape(Api.RESPONSES)))
        .hasToString(body.get("input").toString());
  }

  @Test
  void continuesTheResponseThatTheServerHolds() throws IOException {
    Conversation begun = Scripts.conversation(4, ConversationRules.DEFAULT);
    Conversation second = begun.next().succeeded("yes", 1, "resp_\"1").next().failed();

    JsonNode first = held(RequestFields.DEFAULT, begun.next());
    JsonNode third = held(RequestFields.DEFAULT, second.next());

    assertThat(first.get("input").findValuesAsText("content"))
        .isEqualTo(List.of("be brief", "question 1"));
    assertThat(first.has("previous_response_id")).isFalse();
    assertThat(first.get("store").asBoolean()).isTrue();
    assertThat(third.get("input").findValuesAsText("content")).isEqualTo(List.of("question 3"));
    assertThat(third.get("previous_response_id").asText()).isEqualTo("resp_\"1");
    assertThat(second.next().promptTokens()).isEqualTo(Scripts.SYSTEM_TOKENS + 11 + 1 + 13);
  }

  @Test
  void sendsTheWholePromptWhereTheServerHoldsAnotherOne() throws IOException {
    ConversationRules tight =
        new ConversationRules(
            170, ContextPolicy.DROP_OLDEST, FailurePolicy.SKIP, ReplyInHistory.RECEIVED);
    Conversation full =
        Scripts.conversation(4, tight)
            .next()
            .succeeded("one", 10, "resp_1")
            .next()
            .succeeded("two", 20, "resp_2");

    JsonNode dropping = held(RequestFields.DEFAULT, full.next());
    assertThat(dropping.has("previous_response_id")).isFalse();
    assertThat(dropping.get("input").findValuesAsText("content"))
        .isEqualTo(List.of("be brief", "question 2", "two", "question 3"));

    // the new chain of responses can be continued, as far as nothing else is dropped
    Turn after = full.next().succeeded("", 0, "resp_3").next();
    assertThat(after.contextTokens()).isEqualTo(after.conversation().contextTokens());
    assertThat(held(RequestFields.DEFAULT, after).get("previous_response_id").asText())
        .isEqualTo("resp_3");
  }

  @Test
  void sendsResponsesOfTheWorkloadThoughTheServerHoldsItsOwn() throws IOException {
    ConversationRules canned =
        new ConversationRules(
            ConversationRules.UNLIMITED,
            ContextPolicy.DROP_OLDEST,
            FailurePolicy.SKIP,
            ReplyInHistory.CANNED);
    Turn turn = Scripts.conversation(2, canned).next().succeeded("own", 1, "resp_1").next();

    assertThat(held(RequestFields.DEFAULT, turn).get("input").findValuesAsText("content"))
        .isEqualTo(List.of("be brief", "question 1", "reply 1", "question 2"));
  }

  @Test
  void refusesToHoldAHistoryThatMustNotBeStored() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> held(RequestFields.DEFAULT.with("store", false), secondTurn("a")))
        .withMessage("store must be true if the server holds the history, got false");
  }

  private static JsonNode held(RequestFields fields, Turn turn) throws IOException {
    BodyShape shape =
        LlmSettings.defaults().with(Setting.HISTORY, HistoryForm.SERVER).bodyShape(Api.RESPONSES);
    return new ObjectMapper().readTree(new RequestBody(shape, fields).of(turn, "m"));
  }

  @Test
  void callsFieldsAsTheResponsesApiDoes() throws IOException {
    RequestFields fields =
        RequestFields.DEFAULT
            .with("reasoning_effort", "low")
            .with("store", true)
            .with("stream_options", null)
            .withJson(
                "response_format",
                "{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"n\",\"schema\":{}}}");
    JsonNode body =
        new ObjectMapper()
            .readTree(
                new RequestBody(LlmSettings.defaults().bodyShape(Api.RESPONSES), fields)
                    .of(secondTurn("yes"), "m"));

    assertThat(body.get("reasoning")).hasToString("{\"effort\":\"low\"}");
    assertThat(body.get("text"))
        .hasToString("{\"format\":{\"type\":\"json_schema\",\"name\":\"n\",\"schema\":{}}}");
    assertThat(body.get("store").asBoolean()).isTrue();
    assertThat(body.has("stream_options")).isFalse();
    assertThat(body.has("response_format")).isFalse();
  }

  @Test
  void leavesOutFailedTurns() throws IOException {
    Turn turn = Scripts.conversation(2, ConversationRules.DEFAULT).next().failed().next();

    assertThat(render(Api.CHAT, turn).get("messages").findValuesAsText("content"))
        .isEqualTo(List.of("be brief", "question 2"));
  }

  @Test
  void leavesOutDroppedTurns() throws IOException {
    ConversationRules rules =
        new ConversationRules(
            155, ContextPolicy.DROP_OLDEST, FailurePolicy.SKIP, ReplyInHistory.RECEIVED);
    Turn turn = Scripts.conversation(2, rules).next().succeeded("long", 30, null).next();

    assertThat(render(Api.COMPLETIONS, turn).get("prompt").asText())
        .isEqualTo("be brief question 2");
  }

  @Test
  void joinsQuestionsWithoutAResponseBetween() throws IOException {
    Turn turn =
        Scripts.conversation(4, ConversationRules.DEFAULT)
            .next()
            .succeeded("", 7, null)
            .next()
            .succeeded("\n\n", 7, null)
            .next()
            .succeeded("response", 5, null)
            .next();

    JsonNode messages = render(Api.CHAT, turn).get("messages");
    assertThat(messages.findValuesAsText("role"))
        .isEqualTo(List.of("system", "user", "assistant", "user"));
    assertThat(messages.findValuesAsText("content"))
        .isEqualTo(
            List.of("be brief", "question 1 question 2 question 3", "response", "question 4"));
    assertThat(turn.messages()).isEqualTo(messages.size());
  }

  @Test
  void joinsTheQuestionToAnEarlierOneWithoutAResponse() throws IOException {
    Turn turn = secondTurn(" ");

    assertThat(render(Api.CHAT, turn).get("messages").findValuesAsText("content"))
        .isEqualTo(List.of("be brief", "question 1 question 2"));
    assertThat(turn.contextTokens()).isEqualTo(Scripts.SYSTEM_TOKENS + 11);
  }
}
