package dev.gatlingllm.workload.replay;

import static dev.gatlingllm.settings.Setting.REPLAY_ON_ERROR;
import static dev.gatlingllm.workload.replay.Replays.open;
import static dev.gatlingllm.workload.replay.Replays.script;
import static dev.gatlingllm.workload.replay.Replays.shape;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatlingllm.OnBrokenEntry;
import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.workload.replay.EntryFile.Location;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
        "{\"messages\":[secret | it is not valid JSON",
        "{} {} | it is not valid JSON",
        "[1] | it must be a JSON object or a list of messages",
        "{\"text\":\"secret\"} | it must have a list of messages",
        "{\"messages\":[]} | it has no question",
        "{\"messages\":[{\"role\":\"secret\",\"content\":\"secret\"}]} | message 1 has an unknown"
            + " \"role\"",
        "{\"messages\":[{\"role\":\"user\",\"content\":\" \"}]} | question 1 is empty",
        "{\"messages\":[{\"role\":\"user\"}]} | message 1 has no text",
        "{\"messages\":[{\"role\":\"assistant\",\"content\":\"secret\"}]} | it begins with a"
            + " response",
        "{\"messages\":[{\"role\":\"tool\",\"content\":\"secret\"}]} | message 1 has a"
            + " \"tool_call_id\" that",
        "{\"messages\":[{\"role\":\"user\",\"content\":[{\"image_url\":\"secret\"}]}]} | message 1"
            + " has a part that is not text",
        "{\"max_tokens\":0,\"messages\":[{\"role\":\"user\",\"content\":\"secret\"}]} |"
            + " \"max_tokens\" must be a whole number of at least 1"
      })
  void rejectsOrSkipsInvalidLine(String line, String reason) throws IOException {
    LlmSettings shape = shape(file(GOOD + "\n\n" + line + "\n" + GOOD + "\n"));

    assertThatThrownBy(() -> open(shape))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("line 3: " + reason)
        .hasMessageContaining("llm.replayOnError=skip")
        .hasMessageNotContaining("secret");

    Replay rest = open(shape.with(REPLAY_ON_ERROR, OnBrokenEntry.SKIP));
    assertThat(rest.size()).isEqualTo(2);
    assertThat(script(rest, 1).id()).isEqualTo("line-4");
  }

  @Test
  void namesTheColumnsOfTracesIfAHeaderLacksOne() throws IOException {
    LlmSettings shape = shape(file("TIMESTAMP,GeneratedTokens\n2024-05-10 00:00:00,3\n"));

    assertThatThrownBy(() -> open(shape))
        .hasMessageStartingWith(
            "line 1: it is neither JSON nor a header of CSV with TIMESTAMP, ContextTokens,"
                + " GeneratedTokens, or Timestamp, Request tokens, Response tokens;");
  }

  @Test
  void rejectsOrSkipsInvalidElementOfAnArray() throws IOException {
    String good = GOOD.replace("messages", "conversations").replace("role", "from");
    String usable = good.replace("content", "value");
    LlmSettings shape = shape(file("[" + usable + ",\n{\"a\":tru},\n" + usable + "]"));

    assertThatThrownBy(() -> open(shape))
        .hasMessageStartingWith("entry 2 (at byte " + (usable.length() + 3) + "): it is not valid");
    Replay rest = open(shape.with(REPLAY_ON_ERROR, OnBrokenEntry.SKIP));
    assertThat(rest.size()).isEqualTo(2);
    assertThat(script(rest, 1).id()).isEqualTo("entry-3");
  }

  @Test
  void detectsTruncatedArray() throws IOException {
    LlmSettings shape = shape(file("[" + GOOD + ",\n" + GOOD));

    assertThatThrownBy(() -> open(shape)).hasMessageContaining("the array is not closed");
    assertThat(open(shape.with(REPLAY_ON_ERROR, OnBrokenEntry.SKIP)).size()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"input_length\":1,\"output_length\":1,\"hash_ids\":[1]} | \"timestamp\" must be a"
            + " number",
        "{\"timestamp\":5,\"input_length\":0,\"output_length\":1,\"hash_ids\":[1]} |"
            + " \"input_length\" must be a whole number of at least 1",
        "{\"timestamp\":5,\"input_length\":513,\"output_length\":1,\"hash_ids\":[1,2,3]} | "
            + " \"hash_ids\" must have 1 or 2 blocks of 512 tokens for an \"input_length\" of 513,"
            + " got 3",
        "{\"timestamp\":5,\"input_length\":5,\"output_length\":1,\"hash_ids\":[\"x\"]} |"
            + " \"hash_ids\" must be whole numbers",
        "{\"timestamp\":4,\"input_length\":5,\"output_length\":1,\"hash_ids\":[1]} | "
            + " \"timestamp\" is earlier than that of the entry before"
      })
  void rejectsInvalidRequestOfATrace(String line, String reason) throws IOException {
    String good = "{\"timestamp\":5,\"input_length\":5,\"output_length\":1,\"hash_ids\":[1]}";

    assertThatThrownBy(() -> open(shape(file(good + "\n" + line))))
        .hasMessageStartingWith("line 2: " + reason);
  }

  @Test
  void rejectsFileWithoutUsableEntries() throws IOException {
    LlmSettings broken = shape(file("{}\n{}\n")).with(REPLAY_ON_ERROR, OnBrokenEntry.SKIP);

    assertThatThrownBy(() -> open(broken))
        .hasMessageStartingWith("the file has no usable entries, line 1: unknown format");
    assertThatThrownBy(() -> open(shape(file(" \n"))))
        .hasMessageStartingWith("the file has no entries");
    assertThatThrownBy(() -> open(shape(folder.resolve("nowhere"))))
        .hasMessageStartingWith("file not found");
  }

  @Test
  void rejectsFolderOfArrays() throws IOException {
    Path conversations = Files.createDirectory(folder.resolve("conversations"));
    String conversation = "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}";
    Files.writeString(conversations.resolve("a.json"), conversation);
    Files.writeString(conversations.resolve("b.json"), conversation);
    open(shape(conversations));

    Files.writeString(
        conversations.resolve("b.json"), "[" + conversation + "," + conversation + "]");
    assertThatThrownBy(() -> open(shape(conversations)))
        .hasMessageContaining("b.json has several conversations; a folder has one in each file");
  }

  @Test
  void rejectsBytesThatAreNoText() throws IOException {
    Path bytes =
        Files.write(
            folder.resolve("bytes"), new byte[] {8, 0, 0, 0, 0, 2, -1, 109, 99, 45, 117, 54});

    assertThatThrownBy(() -> open(shape(bytes)))
        .hasMessageStartingWith("the file is not text: Invalid UTF-32 character");
  }

  @Test
  void ignoresByteOrderMark() throws IOException {
    assertThat(open(shape(file("\uFEFF" + GOOD))).size()).isEqualTo(1);
    assertThat(open(shape(file("\uFEFF[" + GOOD + "]"))).size()).isEqualTo(1);
  }

  @Test
  void keepsNoLargeFileInMemory() throws IOException {
    int entries = 20_000;
    String response = "word ".repeat(200);
    Path big = folder.resolve("big.json");
    try (BufferedWriter out = Files.newBufferedWriter(big)) {
      for (int i = 0; i < entries; i++) {
        out.write(i == 0 ? "[" : ",\n");
        out.write("{\"conversations\":[{\"from\":\"human\",\"value\":\"question " + i + "\"},");
        out.write("{\"from\":\"gpt\",\"value\":\"" + response + "\"}]}");
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

  @Test
  void readsEntriesUpToTheLimit() throws Exception {
    String text = "x".repeat(21 << 20);
    byte[] line = GOOD.replace("good", text).getBytes(StandardCharsets.UTF_8);
    Path path = Files.write(folder.resolve("long"), line);

    JsonNode entry = EntryFile.open(path).read(new Location(true, 1, 0, line.length));

    assertThat(entry.at("/messages/0/content").asText()).isEqualTo(text);
  }
}
