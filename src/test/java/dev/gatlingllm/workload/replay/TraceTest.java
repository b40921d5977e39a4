package dev.gatlingllm.workload.replay;

import static dev.gatlingllm.settings.Setting.REPLAY_LOOP;
import static dev.gatlingllm.settings.Setting.REPLAY_ON_ERROR;
import static dev.gatlingllm.settings.Setting.REPLAY_SPEED;
import static dev.gatlingllm.settings.Setting.REPLAY_SPREAD;
import static dev.gatlingllm.settings.Setting.REPLAY_TIME_UNIT;
import static dev.gatlingllm.settings.Setting.SEED;
import static dev.gatlingllm.workload.replay.Replays.TOKENIZER;
import static dev.gatlingllm.workload.replay.Replays.open;
import static dev.gatlingllm.workload.replay.Replays.sample;
import static dev.gatlingllm.workload.replay.Replays.script;
import static dev.gatlingllm.workload.replay.Replays.shape;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatlingllm.OnBrokenEntry;
import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.workload.ConversationScript.Block;
import dev.gatlingllm.workload.replay.Arrivals.Burst;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

  private static Path file(Path folder, String... lines) throws IOException {
    return Files.write(folder.resolve("trace.jsonl"), List.of(lines));
  }

  private static String request(double timestamp, int inputTokens, String hashIds) {
    return "{\"timestamp\":%s,\"input_length\":%d,\"output_length\":5%s}"
        .formatted(timestamp, inputTokens, hashIds.isEmpty() ? "" : ",\"hash_ids\":" + hashIds);
  }

  @Test
  void saysSpanAndRateOfTheTrace(@TempDir Path folder) throws IOException {
    Path trace = file(folder, request(0, 9, "[1]"), request(9, 9, ""), request(20, 9, "[1]"));
    LlmSettings seconds = shape(trace).with(REPLAY_TIME_UNIT, TimeUnit.SECONDS);

    assertThat(open(seconds.with(REPLAY_SPEED, 2.0)).description())
        .isEqualTo(
            "Replaying trace.jsonl (mooncake): 3 requests, 1 of them without hash ids: their"
                + " prompts share nothing; a prefix cache without limits could serve 33.3 % of"
                + " input tokens; recorded over 20 s (timestamps in s), 0.1/s; replayed at 0.2/s");
    assertThat(open(sample("sharegpt.json")).description())
        .isEqualTo("Replaying sharegpt.json (sharegpt): 3 conversations");
  }

  @Test
  void saysWhatAnUnlimitedPrefixCacheCouldServe(@TempDir Path folder) throws IOException {
    // 512 of 1,000 tokens again, then 1,000 of 1,000: 1,512 of 3,500
    Path trace =
        file(
            folder,
            request(0, 1_000, "[1,2]"),
            request(2_000, 1_000, "[1,3]"),
            request(4_000, 1_000, "[1,2]"),
            request(6_000, 500, "[2]"));

    assertThat(open(shape(trace)).description()).contains(" could serve 43.2 % of input tokens");
  }

  @Test
  void spreadsRequestsWithOneTimestampWhereAsked(@TempDir Path folder) throws IOException {
    LlmSettings trace =
        shape(
            file(
                folder,
                request(0, 9, ""),
                request(3_000, 9, ""),
                request(3_000, 9, ""),
                request(3_000, 9, ""),
                request(9_000, 9, ""),
                request(9_000, 9, "")));
    Replay asRecorded = open(trace);
    Replay spread = open(trace.with(REPLAY_SPREAD, true));

    assertThat(seconds(asRecorded)).containsExactly(0, 3, 3, 3, 9, 9);
    assertThat(asRecorded.description())
        .endsWith(
            "5 requests have the timestamp of another one, sent at once: llm.replaySpread=true"
                + " spreads them");
    assertThat(seconds(spread))
        .as("over 6 s, and over as much at the end")
        .containsExactly(0, 3, 5, 7, 9, 12);
    assertThat(spread.description()).endsWith("spread until the next one");
  }

  private static double[] seconds(Replay replay) {
    Arrivals arrivals = replay.arrivals().orElseThrow();
    return IntStream.range(0, replay.size()).mapToDouble(i -> arrivals.nanos(i) / 1e9).toArray();
  }

  @Test
  void doubtsTimesInTheWrongUnit(@TempDir Path folder) throws IOException {
    LlmSettings trace = shape(file(folder, request(0, 9, "[1]"), request(20, 9, "[1]")));

    assertThat(open(trace).doubt())
        .contains(
            "A trace of 0.02 s and 50 requests/s is unusual: timestamps in ms;"
                + " llm.replayTimeUnit sets another unit");
    assertThat(open(trace.with(REPLAY_TIME_UNIT, TimeUnit.SECONDS)).doubt()).isEmpty();
    assertThat(open(trace.with(REPLAY_SPEED, 0.0)).doubt()).isEmpty();
  }

  @Test
  void readsTimesInTheUnitThatIsSet(@TempDir Path folder) throws IOException {
    LlmSettings trace = shape(file(folder, request(1, 9, "[1]"), request(3, 9, "[1]")));

    assertThat(arrivalOfSecond(trace)).isEqualTo(2_000_000);
    assertThat(arrivalOfSecond(trace.with(REPLAY_TIME_UNIT, TimeUnit.SECONDS)))
        .isEqualTo(2_000_000_000);
    assertThat(arrivalOfSecond(trace.with(REPLAY_TIME_UNIT, TimeUnit.MICROSECONDS)))
        .isEqualTo(2_000);
  }

  private static long arrivalOfSecond(LlmSettings trace) {
    return open(trace).arrivals().orElseThrow().nanos(1);
  }

  @Test
  void sharesFullBlocksOnlyIfOnlyThoseHaveIds(@TempDir Path folder) throws IOException {
    Replay trace =
        open(
            shape(file(folder, request(0, 1300, "[1,2]"), request(9, 1400, "[1,2]")))
                .with(REPLAY_LOOP, false));
    String first = script(trace, 0).question(1).passage().text();
    String second = script(trace, 1).question(1).passage().text();

    assertThat(words(first, 0, 1024)).isEqualTo(words(second, 0, 1024));
    assertThat(words(first, 1024, 1300)).isNotEqualTo(words(second, 1024, 1300));
    assertThat(script(trace, 0).blocks(1)).extracting(Block::tokens).containsExactly(512, 512);
    assertThat(TOKENIZER.count(second)).isEqualTo(1400);
  }

  @Test
  void sharesNothingWithoutHashIds(@TempDir Path folder) throws IOException {
    Replay trace = open(shape(file(folder, request(0, 655, ""), request(9, 655, ""))));

    assertThat(script(trace, 0).question(1).passage().tokens()).isEqualTo(655);
    assertThat(script(trace, 0).blocks(1)).isEmpty();
    assertThat(words(script(trace, 0).question(1).passage().text(), 0, 8))
        .isNotEqualTo(words(script(trace, 1).question(1).passage().text(), 0, 8));
  }

  @Test
  void distinguishesUnsignedHashIdsThatDifferInTheirUpperBits(@TempDir Path folder)
      throws IOException {
    String low = "[1]";
    String high = "[9223372036854775809]";
    Replay trace = open(shape(file(folder, request(0, 512, low), request(9, 512, high))));

    assertThat(script(trace, 0).question(1)).isNotEqualTo(script(trace, 1).question(1));
    assertThat(script(trace, 1).blocks(1))
        .extracting(Block::id)
        .containsExactly(Long.MIN_VALUE + 1);
  }

  @Test
  void rejectsATimeUnitForDates() {
    LlmSettings azure = shape(Path.of("src/test/resources/cases/replay/azure.csv"));

    assertThatThrownBy(() -> open(azure.with(REPLAY_TIME_UNIT, TimeUnit.SECONDS)))
        .hasMessageContaining("the trace has dates");
  }
}
