package dev.gatlingllm.workload.replay;

import static dev.gatlingllm.workload.replay.Replays.open;
import static dev.gatlingllm.workload.replay.Replays.script;
import static dev.gatlingllm.workload.replay.Replays.shape;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatlingllm.prompt.Passage;
import dev.gatlingllm.workload.ConversationScript;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Replays files of questions, as vLLM's benchmark, AIPerf and Spec-Bench have them. */
class PromptsTest {

  @TempDir Path folder;

  private Replay replay(String text) throws IOException {
    return open(shape(Files.writeString(folder.resolve("questions.jsonl"), text)));
  }

  @Test
  void readsOneQuestionOfALine() throws IOException {
    Replay replay =
        replay(
            "{\"prompt\":\"Why?\",\"id\":7}\n{\"text\":\"How?\",\"output_length\":50}\n"
                + "{\"prompt\":\"Who?\",\"max_tokens\":9}");
    ConversationScript why = script(replay, 0);
    ConversationScript how = script(replay, 1);

    assertThat(why.turns()).isEqualTo(1);
    assertThat(why.question(1).passage().text()).isEqualTo("Why?");
    assertThat(why.question(1).outputTokens()).as("llm.outputTokens").isEqualTo(64);
    assertThat(how.question(1).passage().text()).isEqualTo("How?");
    assertThat(how.question(1).outputTokens()).isEqualTo(50);
    assertThat(script(replay, 2).question(1).outputTokens()).isEqualTo(9);
  }

  @Test
  void readsSeveralQuestionsAsTurns() throws IOException {
    Replay replay =
        replay(
            "{\"turns\":[\"Why?\",\"Really?\"]}\n"
                + "{\"session_id\":\"a\",\"turns\":[{\"role\":\"system\",\"text\":\"Be brief.\"},"
                + "{\"text\":\"How?\"},{\"text\":\"When?\",\"delay\":1500}]}\n");
    ConversationScript how = script(replay, 1);

    assertThat(script(replay, 0).turns()).isEqualTo(2);
    assertThat(script(replay, 0).question(2).passage().text()).isEqualTo("Really?");
    assertThat(script(replay, 0).response(1)).isEqualTo(Passage.EMPTY);
    assertThat(how.systemPrompt().text()).isEqualTo("Be brief.");
    assertThat(how.turns()).isEqualTo(2);
    assertThat(how.question(2).pause().orElseThrow().length()).isEqualTo(Duration.ofMillis(1500));
  }

  @Test
  void readsFilesOfTablesWithColumnsThatHaveNoValue() throws IOException {
    Replay replay = replay("{\"prompt\":\"Why?\",\"image\":null}");

    assertThat(script(replay, 0).turns()).isEqualTo(1);
  }

  @Test
  void keepsQuestionsOfAnyRoleApart() throws IOException {
    Replay replay =
        replay(
            "{\"turns\":[{\"role\":\"human\",\"text\":\"Why?\"},{\"role\":\"human\",\"text\":\"How?\"}]}");

    assertThat(script(replay, 0).turns()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"prompt\":\"secret\",\"image_files\":[\"a.jpg\"]} | \"image_files\" of a question cannot",
        "{\"turns\":[{\"text\":\"secret\",\"output_length\":5}]} | \"output_length\" of a question",
        "{\"turns\":[{\"text\":\"secret\",\"image\":\"a.jpg\"}]} | \"image\" of a question cannot",
        "{\"turns\":[]} | it has no question",
        "{\"prompt\":7} | message 1 has no text",
        "{\"prompt\":\" \"} | question 1 is empty",
        "{\"text\":\"secret\",\"output_length\":0} | \"max_tokens\" must be a whole number"
      })
  void refusesWhatItCannotSend(String line, String reason) {
    assertThatThrownBy(() -> replay("{\"prompt\":\"Why?\"}\n" + line))
        .hasMessageStartingWith("line 2: " + reason)
        .hasMessageNotContaining("secret");
  }

  @Test
  void prefersOtherFormatsToQuestions() throws IOException {
    String trace = "{\"timestamp\":5,\"input_length\":5,\"output_length\":1,\"text\":\"a\"}";

    assertThat(replay(trace).arrivals()).isPresent();
  }
}
