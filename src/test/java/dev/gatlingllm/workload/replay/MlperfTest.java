package dev.gatlingllm.workload.replay;

import static dev.gatlingllm.workload.replay.Replays.TOKENIZER;
import static dev.gatlingllm.workload.replay.Replays.open;
import static dev.gatlingllm.workload.replay.Replays.script;
import static dev.gatlingllm.workload.replay.Replays.shape;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.gatlingllm.OnBrokenEntry;
import dev.gatlingllm.settings.Setting;
import dev.gatlingllm.workload.ConversationScript;
import dev.gatlingllm.workload.ConversationScript.Pause;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Replays MLPerf's agentic data, in which a row is a message. */
class MlperfTest {

  private static final Path FILE = Path.of("src/test/resources/cases/replay/mlperf.jsonl");

  @TempDir Path folder;

  @Test
  void joinsTheRowsOfAConversation() {
    Replay replay = open(shape(FILE));
    ConversationScript files = script(replay, 0);
    ConversationScript greeting = script(replay, 1);

    assertThat(replay.size()).isEqualTo(2);
    assertThat(files.id()).isEqualTo("line-1");
    assertThat(greeting.id()).isEqualTo("line-5");
    assertThat(files.tools().text())
        .isEqualTo(
            "[{\"type\":\"function\",\"function\":{\"name\":\"ls\",\"parameters\":"
                + "{\"type\":\"object\"}}}]");
    assertThat(files.responseMessages(1))
        .containsExactly(
            "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"t1\",\"type\":"
                + "\"function\",\"function\":{\"name\":\"ls\",\"arguments\":"
                + "\"{\\\"p\\\":\\\".\\\"}\"}},{\"id\":\"t2\",\"type\":\"function\",\"function\":"
                + "{\"name\":\"ls\",\"arguments\":\"{\\\"p\\\":\\\"..\\\"}\"}}],"
                + "\"reasoning_content\":\"two folders\"}");
    assertThat(files.question(2).messages())
        .containsExactly(
            "{\"role\":\"tool\",\"tool_call_id\":\"t1\",\"content\":\"a.txt\"}",
            "{\"role\":\"tool\",\"tool_call_id\":\"t2\",\"content\":\"b.txt\"}");
    assertThat(files.question(2).passage().tokens())
        .isEqualTo(TOKENIZER.count("a.txt") + TOKENIZER.count("b.txt"));
    assertThat(files.question(2).pause())
        .contains(new Pause(Duration.ofMillis(200), Pause.Kind.TOOL));
    assertThat(greeting.question(2).pause())
        .contains(new Pause(Duration.ofMillis(1_500), Pause.Kind.THINK));
    assertThat(greeting.group()).as("without tools").isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1 user; 3 assistant | line 1: row 2 of the conversation has turn 3",
        "2 user | line 1: row 1 of the conversation has turn 2",
        "1 assistant | line 1: it begins with a response",
      })
  void refusesRowsOutOfOrder(String rows, String reason) throws Exception {
    List<String> lines = rows.lines().flatMap(all -> List.of(all.split("; ")).stream()).toList();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> open(shape(file(lines.stream().map(row -> row("a", row)).toList()))))
        .withMessageContaining(reason);
  }

  @Test
  void skipsRowsThatAreApartFromTheirConversation() throws Exception {
    Path file = file(List.of(row("a", "1 user"), row("b", "1 user"), row("a", "2 assistant")));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> open(shape(file)))
        .withMessageContaining("line 3: it is apart from the other rows of its conversation");
    assertThat(open(shape(file).with(Setting.REPLAY_ON_ERROR, OnBrokenEntry.SKIP)).size())
        .isEqualTo(2);
  }

  private static String row(String conversation, String turnAndRole) {
    String[] parts = turnAndRole.split(" ");
    return "{\"conversation_id\":\"%s\",\"turn\":%s,\"role\":\"%s\",\"content\":\"x\"}"
        .formatted(conversation, parts[0], parts[1]);
  }

  private Path file(List<String> lines) throws Exception {
    return Files.write(folder.resolve("rows.jsonl"), lines);
  }
}
