package dev.gatlingllm.workload.replay;

import static dev.gatlingllm.settings.Setting.REPLAY_BLOCK_TOKENS;
import static dev.gatlingllm.settings.Setting.REPLAY_FORMAT;
import static dev.gatlingllm.settings.Setting.REPLAY_ON_ERROR;
import static dev.gatlingllm.workload.replay.Replays.TOKENIZER;
import static dev.gatlingllm.workload.replay.Replays.open;
import static dev.gatlingllm.workload.replay.Replays.script;
import static dev.gatlingllm.workload.replay.Replays.shape;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatlingllm.OnBrokenEntry;
import dev.gatlingllm.ReplayFormat;
import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.text.Choice;
import dev.gatlingllm.workload.ConversationScript;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Reads files as people have them; {@code manifest.json} says what each stands for. */
class ReplayCasesTest {

  private static final Path FOLDER = Path.of("src/test/resources/cases/replay");

  private static Stream<Named<JsonNode>> cases() throws IOException {
    JsonNode manifest = new ObjectMapper().readTree(FOLDER.resolve("manifest.json").toFile());
    return StreamSupport.stream(manifest.spliterator(), false)
        .map(entry -> Named.of(entry.get("file").asText() + ": " + entry.get("input"), entry));
  }

  private static LlmSettings settings(JsonNode entry) {
    LlmSettings settings =
        shape(FOLDER.resolve(entry.get("file").asText()))
            .with(REPLAY_FORMAT, Choice.parse(ReplayFormat.class, entry.get("format").asText()))
            .with(REPLAY_ON_ERROR, Choice.parse(OnBrokenEntry.class, entry.get("policy").asText()));
    return entry.has("block")
        ? settings.with(REPLAY_BLOCK_TOKENS, entry.get("block").asInt())
        : settings;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void isReadAsIntendedOrRefusedWithTheReason(JsonNode entry) {
    JsonNode expected = entry.get("expect");
    if (expected.has("refused")) {
      assertThatThrownBy(() -> open(settings(entry)))
          .isInstanceOf(IllegalArgumentException.class)
          .message()
          .containsPattern(expected.get("refused").asText());
      return;
    }
    Replay replay = open(settings(entry));
    ConversationScript first = script(replay, 0);

    assertThat(replay.size()).isEqualTo(expected.get("entries").asInt());
    if (expected.has("system")) {
      assertThat(first.systemPrompt().text()).isEqualTo(expected.get("system").asText());
    }
    if (expected.has("turns")) {
      assertThat(first.turns()).isEqualTo(expected.get("turns").asInt());
    }
    if (expected.has("question")) {
      assertThat(first.question(1).passage().text()).isEqualTo(expected.get("question").asText());
    }
    if (expected.has("tokens")) {
      assertThat(first.question(1).passage().tokens()).isEqualTo(expected.get("tokens").asInt());
      assertThat(TOKENIZER.count(first.question(1).passage().text()))
          .isEqualTo(expected.get("tokens").asInt());
    }
    if (expected.has("output")) {
      assertThat(first.question(1).outputTokens()).isEqualTo(expected.get("output").asInt());
    }
    if (expected.has("arrivalMs")) {
      Arrivals arrivals = replay.arrivals().orElseThrow();
      assertThat(arrivals.nanos(0) / 1e6).isEqualTo(expected.get("arrivalMs").get(0).asDouble());
      assertThat(arrivals.nanos(replay.size() - 1) / 1e6)
          .isCloseTo(expected.get("arrivalMs").get(1).asDouble(), withinPercentage(0.001));
    }
  }
}
