package dev.gatlingllm.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.bench.result.ForkNote;
import dev.gatlingllm.bench.result.PercentileSamples;
import dev.gatlingllm.fuzz.DamagedBytes;
import dev.gatlingllm.metrics.Indicator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ForkMessageTest {

  private static final ForkScores SCORES =
      new ForkScores(
          List.of(Map.of("failures", 1.25), Map.of("failures", Double.NaN)),
          List.of(Map.of("ttft", MeasuredFork.ttft(1.25, 50)), Map.of("ttft", MeasuredFork.none())),
          Map.of("ttft", MeasuredFork.none()),
          "reports/x-1",
          Map.of("turns", "3"),
          List.of("llm.rate"),
          List.of(new ForkNote(ForkNote.Kind.OTHER_LOAD, "something to know")));

  private static Path file() throws IOException {
    Path file = Files.createTempFile("messages", ".jsonl");
    file.toFile().deleteOnExit();
    return file;
  }

  private static List<ForkMessage> read(Path file) throws IOException {
    try (ForkMessage.Reader reader = new ForkMessage.Reader(file)) {
      return reader.next();
    }
  }

  private static String written(ForkMessage message) throws IOException {
    Path file = file();
    message.send(file);
    return Files.readString(file);
  }

  @Test
  void readsWhatAForkMeasured() throws IOException {
    String line = written(new ForkMessage(null, SCORES));

    assertThat(line).isASCII().endsWith("}\n");
    ForkScores read = ForkMessage.read(line).orElseThrow().scores();
    assertThat(read)
        .usingRecursiveComparison()
        .withEqualsForType(Double::equals, Double.class)
        .isEqualTo(SCORES);
    assertThat(read.without(ScoreUnits.metric("ttft·p50"))).containsExactly(2);
  }

  @Test
  void readsEachMessageOnceItIsComplete() throws IOException {
    Path file = file();
    String last = written(new ForkMessage("≥ 3", null));
    try (ForkMessage.Reader reader = new ForkMessage.Reader(file)) {
      assertThat(reader.next()).isEmpty();

      new ForkMessage("first", null).send(file);
      append(file, last.substring(0, 9));
      assertThat(reader.next()).containsExactly(new ForkMessage("first", null));
      assertThat(reader.next()).isEmpty();

      append(file, last.substring(9));
      assertThat(reader.next()).containsExactly(new ForkMessage("≥ 3", null));
    }
  }

  private static void append(Path file, String text) throws IOException {
    Files.writeString(file, text, StandardOpenOption.APPEND);
  }

  @Test
  void skipsDamagedLines() throws IOException {
    String whole = written(new ForkMessage(null, SCORES));
    Path file = file();
    for (String damaged :
        List.of(
            "{}",
            "null",
            "[]",
            whole.substring(0, whole.length() / 2),
            whole.replace("\"total\":50", "\"total\":51"),
            whole.replace("\"counts\":[49,1]", "\"counts\":[49]"),
            whole.replace("\"counts\":[49,1]", "\"counts\":[51,-1]"),
            whole.replace("\"counts\":[49,1]", "\"counts\":null"),
            whole.replace("1.25}", "null}"),
            whole.replace("\"samples\":[", "\"samples\":[{},"),
            whole.replace("\"unfinished\":", "\"other\":"))) {
      append(file, damaged.strip() + "\n");
    }
    new ForkMessage("whole", null).send(file);

    assertThat(read(file)).containsExactly(new ForkMessage("whole", null));
  }

  @Property
  void readsDamagedMessagesWithoutAnError(@ForAll("messages") byte[] bytes) throws IOException {
    Path file = file();
    Files.write(file, bytes);
    append(file, "\n");
    new ForkMessage("whole", null).send(file);

    List<ForkMessage> messages = read(file);

    Files.delete(file);
    assertThat(messages).endsWith(new ForkMessage("whole", null));
    for (ForkMessage message : messages) {
      if (message.scores() != null) {
        requireJudgeable(message.scores());
      }
    }
  }

  private static void requireJudgeable(ForkScores scores) {
    for (Indicator metric : ScoreUnits.USUAL_METRICS) {
      scores.without(metric);
      scores.values(metric);
      ForkScores.samples(metric, List.of(scores)).ifPresent(PercentileSamples::fewestOfAFork);
    }
  }

  @Provide
  Arbitrary<byte[]> messages() throws IOException {
    return DamagedBytes.of(
        written(new ForkMessage(null, SCORES)),
        written(new ForkMessage("Iteration   1: 20 ms", null))
            + written(new ForkMessage(null, SCORES)));
  }
}
