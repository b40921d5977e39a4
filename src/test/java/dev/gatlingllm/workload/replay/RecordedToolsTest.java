package dev.gatlingllm.workload.replay;

import static dev.gatlingllm.workload.replay.Replays.TOKENIZER;
import static dev.gatlingllm.workload.replay.Replays.open;
import static dev.gatlingllm.workload.replay.Replays.script;
import static dev.gatlingllm.workload.replay.Replays.shape;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatlingllm.conversation.Api;
import dev.gatlingllm.conversation.BodyShape.PromptFormat;
import dev.gatlingllm.conversation.ConversationRules;
import dev.gatlingllm.conversation.Conversations;
import dev.gatlingllm.conversation.RequestBody;
import dev.gatlingllm.conversation.RequestFields;
import dev.gatlingllm.conversation.Turn;
import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.settings.Setting;
import dev.gatlingllm.workload.ConversationScript;
import dev.gatlingllm.workload.ConversationScript.Pause;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Replays calls of tools and their results word for word. */
class RecordedToolsTest {

  private static final Path FILE = Path.of("src/test/resources/cases/replay/oa-tools.jsonl");
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  private static Turn lastTurn() {
    Turn first =
        new Conversations("", 1, ConversationRules.DEFAULT, PromptFormat.TEXT)
            .begin(0, script(open(shape(FILE)), 0))
            .next();
    return first
        .succeeded("what the server says in place of calls", 9, null)
        .next()
        .succeeded("received", 1, null)
        .next();
  }

  private static int count(String... texts) {
    return Arrays.stream(texts).mapToInt(TOKENIZER::count).sum();
  }

  @Test
  void sendsCallsAndResultsAsRecordedAndTextsAsReceived() throws Exception {
    JsonNode entry = JSON.readTree(FILE.toFile());
    JsonNode body =
        JSON.readTree(
            new RequestBody(LlmSettings.defaults().bodyShape(Api.CHAT), RequestFields.DEFAULT)
                .of(lastTurn(), "m"));
    JsonNode messages = body.get("messages");

    assertThat(body.get("tools")).isEqualTo(entry.get("tools"));
    assertThat(messages.findValuesAsText("role"))
        .containsExactly("system", "user", "assistant", "tool", "tool", "assistant", "user");
    assertThat(messages.get(2)).isEqualTo(entry.at("/messages/2"));
    assertThat(messages.get(3))
        .hasToString("{\"role\":\"tool\",\"tool_call_id\":\"b\",\"content\":\"sun\"}");
    assertThat(messages.get(4).get("content")).isEqualTo(entry.at("/messages/4/content"));
    assertThat(messages.get(5).get("content").asText()).isEqualTo("received");
    assertThat(lastTurn().messages()).isEqualTo(messages.size());
  }

  @Test
  void countsTheTextsOfMessagesAndTools() throws Exception {
    JsonNode tools = JSON.readTree(FILE.toFile()).get("tools");
    int beforeCalls = count(tools.toString(), "Be brief.", "Weather in Kiel and Ulm?");
    int calls = count("weather", "{\"city\": \"Kiel\"}", "weather", "{\"city\": \"Ulm\"}");
    ConversationScript script = script(open(shape(FILE)), 0);

    assertThat(script.turns()).isEqualTo(3);
    assertThat(script.response(1).tokens()).isEqualTo(calls);
    assertThat(lastTurn().promptTokens())
        .isEqualTo(beforeCalls + calls + count("sun", "rain") + 1 + count("Thanks"));
  }

  @Test
  void carriesTheTextsInTextCompletions() throws Exception {
    JsonNode body =
        JSON.readTree(
            new RequestBody(
                    LlmSettings.defaults().bodyShape(Api.COMPLETIONS), RequestFields.DEFAULT)
                .of(lastTurn(), "m"));

    assertThat(body.has("tools")).isFalse();
    assertThat(body.get("prompt").asText())
        .startsWith("[{\"type\":\"function\"")
        .endsWith(
            "Be brief. Weather in Kiel and Ulm? weather {\"city\": \"Kiel\"} weather {\"city\":"
                + " \"Ulm\"} sun rain received Thanks");
  }

  @Test
  void tellsToolTimeFromThinkTime() {
    ConversationScript script = script(open(shape(FILE)), 0);

    assertThat(script.question(1).pause()).isEmpty();
    assertThat(script.question(2).pause())
        .contains(new Pause(Duration.ofMillis(350), Pause.Kind.TOOL));
    assertThat(script.question(3).pause())
        .contains(new Pause(Duration.ofSeconds(5), Pause.Kind.THINK));
  }

  @Test
  void replaysDelaysAtItsSpeedAndCutsLongOnes() {
    ConversationScript script =
        script(
            open(
                shape(FILE)
                    .with(Setting.REPLAY_SPEED, 2.0)
                    .with(Setting.REPLAY_MAX_DELAY, Duration.ofSeconds(2))),
            0);

    assertThat(script.question(2).pause().orElseThrow().length()).isEqualTo(Duration.ofMillis(175));
    assertThat(script.question(3).pause().orElseThrow().length()).isEqualTo(Duration.ofSeconds(2));
  }

  @ParameterizedTest
  @CsvSource({
    "user tool:a, message 2 has a \"tool_call_id\" that the response before does not have",
    "user call:a tool:b, message 3 has a \"tool_call_id\" that the response before does not have",
    "user call:a user, message 3 follows calls of tools without a result for each of them",
    "user call:a tool:a tool:a, message 4 has a \"tool_call_id\"",
    "call:a tool:a, it begins with a response",
    "user function, message 2 is a tool's without the id of a call",
  })
  void refusesCallsAndResultsThatDoNotBelongTogether(String roles, String reason) throws Exception {
    String messages =
        Arrays.stream(roles.split(" "))
            .map(RecordedToolsTest::message)
            .collect(Collectors.joining(","));
    Path file = Files.writeString(folder.resolve("m.jsonl"), "{\"messages\":[" + messages + "]}");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> open(shape(file)))
        .withMessageContaining("line 1: " + reason);
  }

  private static String message(String role) {
    String[] parts = role.split(":");
    return switch (parts[0]) {
      case "call" ->
          "{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"%s\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}"
              .formatted(parts[1]);
      case "tool" ->
          "{\"role\":\"tool\",\"content\":\"x\",\"tool_call_id\":\"%s\"}".formatted(parts[1]);
      default -> "{\"role\":\"%s\",\"content\":\"x\"}".formatted(role);
    };
  }

  @Test
  void groupsConversationsByToolsToo() throws Exception {
    String message = "\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]";
    String tools = ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]";
    Path file =
        Files.writeString(
            folder.resolve("m.jsonl"),
            "{%s}\n{%s%s}\n{%s}\n".formatted(message, message, tools, message));
    Replay replay = open(shape(file));

    assertThat(script(replay, 0).group()).isZero();
    assertThat(script(replay, 1).group()).isEqualTo(1);
    assertThat(script(replay, 2).group()).isZero();
  }
}
