package dev.gatlingllm.metrics;

import dev.gatlingllm.metrics.DrawnResponses.Drawn;
import dev.gatlingllm.metrics.DrawnResponses.Place;
import dev.gatlingllm.metrics.Response.Status;
import java.util.Comparator;
import java.util.TreeMap;

/**
 * Draws responses at random: those with the smallest hashes (bottom-k sampling). The hash depends
 * on nothing but the response, so that each is as likely as any other, and that samples of several
 * load generators can be merged.
 */
@Accumulator
final class DrawnResponsesAccumulator {

  /** Enough for a share to be known to 2 points, and few enough for a page. */
  static final int MAX_RESPONSES = 2_000;

  private static final Comparator<Drawn> BY_TIME =
      Comparator.<Drawn>comparingDouble(drawn -> drawn.sent().second())
          .thenComparing(drawn -> drawn.sent().request())
          .thenComparing(drawn -> drawn.sent().turn())
          .thenComparing(Drawn::e2e);

  private long of;

  /** By hash. */
  private TreeMap<Long, Drawn> drawn = new TreeMap<>();

  void add(WindowedResponse windowed) {
    Response response = windowed.response();
    if (response.status() == Status.UNSENT) {
      return;
    }
    of++;
    long hash = hash(windowed);
    if (drawn.size() < MAX_RESPONSES || hash < drawn.lastKey()) {
      add(hash, drawn(windowed));
    }
  }

  private void add(long hash, Drawn response) {
    drawn.put(hash, response);
    if (drawn.size() > MAX_RESPONSES) {
      drawn.pollLastEntry();
    }
  }

  /** Adds those of another load generator, whose window opened later by so many nanoseconds. */
  void add(DrawnResponsesAccumulator other, long laterNanos) {
    of += other.of;
    other.drawn.forEach((hash, response) -> add(hash, response.later(laterNanos / 1e9)));
  }

  /** Removes the gaps between chunks, whose times are not known. */
  void removeGaps() {
    drawn.replaceAll((hash, response) -> response.withoutGaps());
  }

  private static long hash(WindowedResponse windowed) {
    Response.Who who = windowed.response().who();
    long hash = SamplesAccumulator.idOf(who).hashCode();
    hash = 31 * hash + who.request().hashCode();
    hash = 31 * hash + who.user();
    hash = 31 * hash + windowed.clock().sinceStart(windowed.response().timing().writtenNanos());
    return SamplesAccumulator.mixed(hash);
  }

  private static Drawn drawn(WindowedResponse windowed) {
    Response response = windowed.response();
    Response.Timing timing = response.timing();
    boolean isUnfinished = windowed.isUnfinished() || windowed.isAbandoned();
    boolean isFromWarmUp = windowed.isFromWarmUp();
    return new Drawn(
        SentRequest.of(windowed),
        millis(timing.ttftNanos()),
        millis(timing.ttfoNanos()),
        isUnfinished
            ? windowed.leastAtEnd(Figure.ICL)
            : millis(timing.longestGapNanos(timing.chunks())),
        isFromWarmUp ? windowed.iclInWindow() : Response.UNKNOWN,
        windowed.isAbandoned() ? windowed.leastAtEnd(Figure.TPOT) : millis(response.tpotNanos()),
        timing.e2eNanos() / 1e6,
        response.inputTokensOrExpected(),
        response.turn().expectedInputTokens(),
        response.usage().cachedTokens(),
        response.turn().reusableTokens(),
        response.usage().outputTokens() >= 0 ? response.usage().outputTokens() : timing.chunks(),
        SamplesAccumulator.failureOf(response),
        new Place(
            windowed.isCounted(),
            !isFromWarmUp
                && response.status() != Status.KO
                && timing.hasOutput()
                && windowed.contains(timing.chunkNanos()[0]),
            !isFromWarmUp && windowed.isCounted() && response.ok(),
            isUnfinished,
            windowed.isWaiting(),
            Figure.isOneToken(response),
            Oddity.UNSTREAMED.isOf(response),
            windowed.isAbandoned(),
            response.isOneBody()));
  }

  private static double millis(double nanos) {
    return nanos < 0 ? Response.UNKNOWN : nanos / 1e6;
  }

  DrawnResponses summary() {
    return new DrawnResponses(of, drawn.values().stream().sorted(BY_TIME).toList());
  }
}
