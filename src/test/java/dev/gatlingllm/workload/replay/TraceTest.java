package dev.gatlingllm.workload.replay;

import static dev.gatlingllm.settings.Setting.REPLAY_LOOP;
import static dev.gatlingllm.settings.Setting.REPLAY_ON_ERROR;
import static dev.gatlingllm.settings.Setting.REPLAY_SPEED;
import static dev.gatlingllm.settings.Setting.SEED;
import static dev.gatlingllm.workload.replay.Replays.TOKENIZER;
import static dev.gatlingllm.workload.replay.Replays.open;
import static dev.gatlingllm.workload.replay.Replays.sample;
import static dev.gatlingllm.workload.replay.Replays.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatlingllm.OnBrokenEntry;
import dev.gatlingllm.workload.replay.Arrivals.Burst;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Requests of a Mooncake trace, made of blocks of text. */
class TraceTest {

  private static final Replay TRACE = open(sample("mooncake.jsonl"));

  private static String prompt(int number) {
    return script(TRACE, number).question(1).passage().text();
  }

  private static String words(String text, int from, int to) {
    return String.join(" ", java.util.Arrays.copyOfRange(text.split(" "), from, to));
  }

  @Test
  void writesPromptsOfRecordedLength() {
    int[] lengths = {700, 1024, 512, 530};
    int[] outputs = {6, 9, 4, 7};
    for (int i = 0; i < lengths.length; i++) {
      assertThat(script(TRACE, i).question(1).passage().tokens()).isEqualTo(lengths[i]);
      assertThat(TOKENIZER.count(prompt(i))).isEqualTo(lengths[i]);
      assertThat(script(TRACE, i).question(1).outputTokens()).isEqualTo(outputs[i]);
      assertThat(script(TRACE, i).turns()).isEqualTo(1);
    }
  }

  @Test
  void writesEqualTextForEqualHashIds() {
    String block = prompt(2);

    assertThat(prompt(0)).startsWith(block + " ");
    assertThat(prompt(1)).startsWith(block + " ");
    assertThat(words(prompt(0), 512, 700)).isNotEqualTo(words(prompt(1), 512, 700));
    assertThat(words(prompt(3), 0, 8)).isNotEqualTo(words(block, 0, 8));
  }

  @Test
  void beginsAShortBlockLikeTheWholeOne() {
    Replay small = open(sample("mooncake.jsonl").with(REPLAY_ON_ERROR, OnBrokenEntry.SKIP));
    Replay same = open(sample("mooncake.jsonl"));

    assertThat(script(small, 0).question(1)).isEqualTo(script(same, 0).question(1));
    assertThat(words(prompt(0), 0, 512)).isEqualTo(prompt(2));
  }

  @Test
  void textDependsOnTheSeed() {
    Replay other = open(sample("mooncake.jsonl").with(SEED, 7L));

    assertThat(script(other, 0).question(1)).isNotEqualTo(script(TRACE, 0).question(1));
  }

  @Test
  void scalesArrivalsBySpeed() {
    Arrivals arrivals = TRACE.arrivals().orElseThrow();
    Arrivals fast = open(sample("mooncake.jsonl").with(REPLAY_SPEED, 2.0)).arrivals().orElseThrow();

    assertThat(arrivals.nanos(0)).isZero();
    assertThat(arrivals.nanos(1)).isEqualTo(250_000_000);
    assertThat(arrivals.nanos(3)).isEqualTo(900_000_000);
    assertThat(fast.nanos(3)).isEqualTo(450_000_000);
    assertThat(open(sample("mooncake.jsonl").with(REPLAY_SPEED, 0.0)).arrivals()).isEmpty();
  }

  @Test
  void startsTheNextRoundAfterTheMeanInterval() {
    Arrivals arrivals = TRACE.arrivals().orElseThrow();

    assertThat(arrivals.nanos(4)).isEqualTo(1_200_000_000);
    assertThat(arrivals.nanos(5)).isEqualTo(1_450_000_000);
  }

  @Test
  void endsWithoutLoop() {
    Arrivals once =
        open(sample("mooncake.jsonl").with(REPLAY_LOOP, false)).arrivals().orElseThrow();

    assertThat(once.has(3)).isTrue();
    assertThat(once.has(4)).isFalse();
    assertThatThrownBy(() -> once.nanos(4)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(once.bursts(Duration.ofSeconds(60)))
        .containsExactly(
            new Burst(Duration.ZERO, 1),
            new Burst(Duration.ofMillis(200), 2),
            new Burst(Duration.ofMillis(900), 1));
  }

  @Test
  void limitsTheStepsOfALongLoad() {
    Arrivals arrivals = TRACE.arrivals().orElseThrow();
    var bursts = arrivals.bursts(Duration.ofHours(1));

    assertThat(bursts).hasSizeLessThanOrEqualTo(1000);
    assertThat(bursts.stream().mapToInt(Burst::users).sum()).isEqualTo(12_000);
  }
}
