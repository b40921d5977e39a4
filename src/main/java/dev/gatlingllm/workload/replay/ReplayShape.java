package dev.gatlingllm.workload.replay;

import dev.gatlingllm.Distribution;
import dev.gatlingllm.OnBrokenEntry;
import dev.gatlingllm.ReplayFormat;
import dev.gatlingllm.ReplayTiming;
import dev.gatlingllm.prompt.SeededRandom;
import dev.gatlingllm.workload.ConversationScript.Pause;
import dev.gatlingllm.workload.Shard;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/**
 * The parameters of a replay. Immutable.
 *
 * @param file its path
 * @param format format of its entries
 * @param onBroken what happens to unusable entries
 * @param loop whether the file starts over when it is exhausted
 * @param speed of a trace's arrivals and of recorded delays, 2 for twice as fast; 0 to ignore
 *     arrival times
 * @param maxDelay longest delay between a response and the next turn; longer ones are cut
 * @param timing whether pauses or times count where the file has both
 * @param spread whether equal and coarse times are spread
 * @param timeUnit of a trace's numeric timestamps; empty for the format's own
 * @param blockTokens length of the text that one hash id of a trace stands for, in tokens; empty
 *     for the format's own
 * @param outputTokens length of responses to ask for, drawn for each turn; empty for the recorded
 *     ones
 * @param otherwise length of responses to ask for if none is recorded, drawn for each turn
 * @param shard which of several load generators this is
 * @param seed decides the texts of traces and the lengths that are drawn
 */
public record ReplayShape(
    Path file,
    ReplayFormat format,
    OnBrokenEntry onBroken,
    boolean loop,
    double speed,
    Optional<Duration> maxDelay,
    ReplayTiming timing,
    boolean spread,
    Optional<TimeUnit> timeUnit,
    OptionalInt blockTokens,
    Optional<Distribution> outputTokens,
    Distribution otherwise,
    Shard shard,
    long seed) {

  private static final long OUTPUT_TOKENS = 0x0E61;

  /** Returns a recorded pause as this replay has it: at its speed, and cut. */
  Pause replayed(Pause recorded) {
    Duration length = atSpeed(recorded.length());
    boolean isLonger =
        !recorded.sinceBeginning() && maxDelay.isPresent() && length.compareTo(maxDelay.get()) > 0;
    return new Pause(
        isLonger ? maxDelay.get() : length, recorded.kind(), recorded.sinceBeginning());
  }

  /** Returns a recorded time as this replay has it. */
  Duration atSpeed(Duration recorded) {
    return speed > 0 ? Duration.ofNanos(Math.round(recorded.toNanos() / speed)) : recorded;
  }

  /**
   * Returns the length of response to ask for: of all turns, if one was set; otherwise the recorded
   * one; otherwise the default.
   *
   * @param number of the entry, from 0
   * @param turn from 1
   * @return tokens, at least 1
   */
  int outputTokens(long number, int turn, OptionalInt recorded) {
    if (outputTokens.isEmpty() && recorded.isPresent()) {
      return Math.max(1, recorded.getAsInt());
    }
    return Math.max(
        1,
        outputTokens.orElse(otherwise).drawInt(SeededRandom.of(seed, OUTPUT_TOKENS, number, turn)));
  }
}
