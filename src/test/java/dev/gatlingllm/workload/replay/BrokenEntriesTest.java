package dev.gatlingllm.workload.replay;

import static dev.gatlingllm.workload.replay.Replays.open;
import static dev.gatlingllm.workload.replay.Replays.script;
import static dev.gatlingllm.workload.replay.Replays.shape;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatlingllm.OnBrokenEntry;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What cannot be used is named by its number, and fatal or left out as asked. */
class BrokenEntriesTest {

  private static final String GOOD =
      "{\"messages\":[{\"role\":\"user\",\"content\":\"good\"},"
          + "{\"role\":\"assistant\",\"content\":\"fine\"}]}";

  @TempDir Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("replayed"), text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"messages\":[secret | it is no valid JSON",
        "{} {} | it is no valid JSON",
        "[1] | it is no JSON object",
        "{\"text\":\"secret\"} | it has no list \"messages\"",
        "{\"messages\":[]} | it has no question",
        "{\"messages\":[{\"role\":\"secret\",\"content\":\"secret\"}]} | message 1 has a \"role\""
            + " that is not known",
        "{\"messages\":[{\"role\":\"user\",\"content\":\" \"}]} | question 1 is empty",
        "{\"messages\":[{\"role\":\"user\"}]} | message 1 has no text as \"content\"",
        "{\"messages\":[{\"role\":\"assistant\",\"content\":\"secret\"}]} | it begins with a reply",
        "{\"messages\":[{\"role\":\"tool\",\"content\":\"secret\"}]} | message 1 is a tool's",
        "{\"messages\":[{\"role\":\"user\",\"content\":[{\"image_url\":\"secret\"}]}]} | message 1"
            + " has a part that is not text",
        "{\"max_tokens\":0,\"messages\":[{\"role\":\"user\",\"content\":\"secret\"}]} |"
            + " \"max_tokens\" is no whole number from 1 on"
      })
  void aBrokenLineIsNamedOrLeftOut(String line, String reason) throws IOException {
    ReplayShape shape = shape(file(GOOD + "\n\n" + line + "\n" + GOOD + "\n"));

    assertThatThrownBy(() -> open(shape))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("line 3: " + reason)
        .hasMessageContaining("llm.replayOnError=skip")
        .hasMessageNotContaining("secret");

    Replay rest = open(shape.withOnBroken(OnBrokenEntry.SKIP));
    assertThat(rest.size()).isEqualTo(2);
    assertThat(script(rest, 1).id()).isEqualTo("line-4");
  }

  @Test
  void aBrokenElementOfAnArrayIsNamedAndTheNextIsFound() throws IOException {
    String good = GOOD.replace("messages", "conversations").replace("role", "from");
    String usable = good.replace("content", "value");
    ReplayShape shape = shape(file("[" + usable + ",\n{\"a\":tru},\n" + usable + "]"));

    assertThatThrownBy(() -> open(shape))
        .hasMessageStartingWith("entry 2 (at byte " + (usable.length() + 3) + "): it is no valid");
    Replay rest = open(shape.withOnBroken(OnBrokenEntry.SKIP));
    assertThat(rest.size()).isEqualTo(2);
    assertThat(script(rest, 1).id()).isEqualTo("entry-3");
  }

  @Test
  void anArrayThatIsCutShortIsNoted() throws IOException {
    ReplayShape shape = shape(file("[" + GOOD + ",\n" + GOOD));

    assertThatThrownBy(() -> open(shape)).hasMessageContaining("its array is not closed");
    assertThat(open(shape.withOnBroken(OnBrokenEntry.SKIP)).size()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"input_length\":1,\"output_length\":1,\"hash_ids\":[1]} | \"timestamp\" is no number",
        "{\"timestamp\":5,\"input_length\":0,\"output_length\":1,\"hash_ids\":[1]} |"
            + " \"input_length\" is no whole number from 1 on",
        "{\"timestamp\":5,\"input_length\":513,\"output_length\":1,\"hash_ids\":[1]} | an"
            + " \"input_length\" of 513 takes 2 blocks of 512 tokens, and \"hash_ids\" has 1",
        "{\"timestamp\":5,\"input_length\":5,\"output_length\":1,\"hash_ids\":[\"x\"]} |"
            + " \"hash_ids\" holds something else",
        "{\"timestamp\":4,\"input_length\":5,\"output_length\":1,\"hash_ids\":[1]} | its"
            + " \"timestamp\" is earlier than the one before"
      })
  void aBrokenRequestOfATraceIsNamed(String line, String reason) throws IOException {
    String good = "{\"timestamp\":5,\"input_length\":5,\"output_length\":1,\"hash_ids\":[1]}";

    assertThatThrownBy(() -> open(shape(file(good + "\n" + line))))
        .hasMessageStartingWith("line 2: " + reason);
  }

  @Test
  void nothingUsableIsFatalEvenWhereBrokenEntriesAreLeftOut() throws IOException {
    ReplayShape broken = shape(file("{}\n{}\n")).withOnBroken(OnBrokenEntry.SKIP);

    assertThatThrownBy(() -> open(broken))
        .hasMessageStartingWith("none of its entries can be used, line 1: it has none of");
    assertThatThrownBy(() -> open(shape(file(" \n"))))
        .hasMessageStartingWith("there is no entry in this file");
    assertThatThrownBy(() -> open(shape(folder.resolve("nowhere"))))
        .hasMessageStartingWith("there is no such file");
  }

  @Test
  void aByteOrderMarkIsNoEntry() throws IOException {
    assertThat(open(shape(file("\uFEFF" + GOOD))).size()).isEqualTo(1);
    assertThat(open(shape(file("\uFEFF[" + GOOD + "]"))).size()).isEqualTo(1);
  }

  @Test
  void aBigFileIsNotHeldInMemory() throws IOException {
    int entries = 20_000;
    String reply = "word ".repeat(200);
    Path big = folder.resolve("big.json");
    try (BufferedWriter out = Files.newBufferedWriter(big)) {
      for (int i = 0; i < entries; i++) {
        out.write(i == 0 ? "[" : ",\n");
        out.write("{\"conversations\":[{\"from\":\"human\",\"value\":\"question " + i + "\"},");
        out.write("{\"from\":\"gpt\",\"value\":\"" + reply + "\"}]}");
      }
      out.write("]");
    }
    assertThat(Files.size(big)).isGreaterThan(20_000_000);

    Replay replay = open(shape(big));

    assertThat(replay.size()).isEqualTo(entries);
    assertThat(script(replay, entries - 1).question(1).passage().text())
        .isEqualTo("question " + (entries - 1));
    assertThat(script(replay, 7).question(1).passage().text()).isEqualTo("question 7");
  }
}
