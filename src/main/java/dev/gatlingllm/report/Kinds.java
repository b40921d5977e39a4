package dev.gatlingllm.report;

import dev.gatlingllm.metrics.Buckets;
import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.Oddity;
import dev.gatlingllm.metrics.RunSummary;
import dev.gatlingllm.metrics.ScopeSummary;
import dev.gatlingllm.metrics.Summary;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Which requests are streams, and which are answered in one body, by their names. */
final class Kinds {

  /** Shorter responses may come at once as a stream. */
  private static final double MIN_TOKENS = 4;

  private Kinds() {}

  /**
   * Returns the names of requests whose responses were all one body, beside streams; without those
   * of which all may be streams that something collects.
   */
  static List<String> inOnePiece(RunSummary run) {
    boolean hasStreams =
        run.byRequest().values().stream().anyMatch(request -> request.samples(Figure.TPOT) > 0);
    long collected = collected(run);
    return hasStreams
        ? run.byRequest().entrySet().stream()
            .filter(request -> isInOnePiece(request.getValue()))
            .filter(request -> request.getValue().totals().ok() > collected)
            .map(Map.Entry::getKey)
            .toList()
        : List.of();
  }

  /** Returns how many responses came at once although they were streams. */
  static long collected(RunSummary run) {
    return run.count(Oddity.UNSTREAMED) - run.count(Oddity.ONE_BODY);
  }

  private static boolean isInOnePiece(ScopeSummary request) {
    Summary tokens = request.metrics().get(Figure.OUTPUT_TOKENS);
    return request.samples(Figure.TTFT) > 0
        && request.samples(Figure.E2E) > 0
        && request.samples(Figure.TPOT) == 0
        && tokens != null
        && tokens.mean() >= MIN_TOKENS;
  }

  /** Returns TTFT without that of requests in one piece, which is their whole duration. */
  static Buckets ttftOfStreams(RunSummary run) {
    List<String> others = inOnePiece(run);
    return Buckets.pooled(
        run.byRequest().entrySet().stream()
            .filter(request -> !others.contains(request.getKey()))
            .map(request -> request.getValue().buckets().get(Figure.TTFT))
            .filter(Objects::nonNull)
            .toList());
  }
}
