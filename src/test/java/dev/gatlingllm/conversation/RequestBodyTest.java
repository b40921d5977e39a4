package dev.gatlingllm.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatlingllm.ContextPolicy;
import dev.gatlingllm.FailurePolicy;
import dev.gatlingllm.ReplyInHistory;
import dev.gatlingllm.conversation.BodyShape.CacheControl;
import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.settings.Setting;
import dev.gatlingllm.workload.ConversationScript;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RequestBodyTest {

  private static final String MARK = "\"cache_control\":{\"type\":\"ephemeral\",\"ttl\":\"1h\"}";

  private static JsonNode render(Api api, Turn turn) throws IOException {
    return new ObjectMapper()
        .readTree(
            new RequestBody(
                    BodyShape.of(api),
                    RequestFields.DEFAULT.with("temperature", 0).with("ignore_eos", true))
                .of(turn, "m"));
  }

  private static Turn secondTurn(String response) {
    return Scripts.conversation(2, ConversationRules.DEFAULT).next().succeeded(response, 5).next();
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
    assertThat(PromptText.messages(turn, BodyShape.of(Api.MESSAGES)))
        .hasToString(body.get("messages").toString());
  }

  @Test
  void marksWhatTheMessagesApiMayCache() throws IOException {
    LlmSettings marked = LlmSettings.defaults().with(Setting.CACHE_CONTROL, CacheControl.HOUR);
    RequestBody writer = new RequestBody(marked.bodyShape(Api.MESSAGES), RequestFields.DEFAULT);
    Conversation begun = Scripts.conversation(3, ConversationRules.DEFAULT);
    Turn first = begun.next();
    Turn afterFailure = first.failed().next();
    Turn second = first.succeeded("yes", 1).next();
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
                new RequestBody(BodyShape.of(api), fields)
                    .of(
                        new Conversations(1, ConversationRules.DEFAULT).begin(0, probe).next(),
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
                new RequestBody(BodyShape.of(Api.MESSAGES), fields).of(secondTurn("yes"), "m"));

    assertThat(body.get("stop_sequences")).hasToString("[\"END\"]");
    assertThat(body.has("stop")).isFalse();
    assertThat(body.get("tool_choice")).hasToString("{\"type\":\"any\"}");
    assertThat(body.get("top_k").asInt()).isEqualTo(3);
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
    Turn turn = Scripts.conversation(2, rules).next().succeeded("long", 30).next();

    assertThat(render(Api.COMPLETIONS, turn).get("prompt").asText())
        .isEqualTo("be brief question 2");
  }

  @Test
  void joinsQuestionsWithoutAResponseBetween() throws IOException {
    Turn turn =
        Scripts.conversation(4, ConversationRules.DEFAULT)
            .next()
            .succeeded("", 7)
            .next()
            .succeeded("\n\n", 7)
            .next()
            .succeeded("response", 5)
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
