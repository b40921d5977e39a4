package dev.gatlingllm.report;

import dev.gatlingllm.metrics.Buckets;
import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.RunSummary;
import dev.gatlingllm.metrics.ScopeSummary;
import dev.gatlingllm.metrics.Summary;
import java.util.List;
import java.util.Map;

/** Which requests are streams, and which are answered in one piece, by their names. */
final class Kinds {

  /** Shorter responses may come at once as a stream. */
  private static final double MIN_TOKENS = 4;

  private Kinds() {}

  /** Returns the names of requests whose responses all came in one piece, beside streams. */
  static List<String> inOnePiece(RunSummary run) {
    boolean hasStreams =
        run.byRequest().values().stream().anyMatch(request -> request.samples(Figure.TPOT) > 0);
    return hasStreams
        ? run.byRequest().entrySet().stream()
            .filter(request -> isInOnePiece(request.getValue()))
            .map(Map.Entry::getKey)
            .toList()
        : List.of();
  }

  private static boolean isInOnePiece(ScopeSummary request) {
    Summary tokens = request.metrics().get(Figure.OUTPUT_TOKENS);
    return request.samples(Figure.TTFT) > 0
        && request.samples(Figure.TPOT) == 0
        && tokens != null
        && tokens.mean() >= MIN_TOKENS;
  }

  /** Returns how many responses to some requests have a TTFT. */
  static long responses(RunSummary run, List<String> requests) {
    return run.byRequest().entrySet().stream()
        .filter(request -> requests.contains(request.getKey()))
        .mapToLong(request -> request.getValue().samples(Figure.TTFT))
        .sum();
  }

  /** Returns TTFT without that of requests in one piece, which is their whole duration. */
  static Buckets ttftOfStreams(RunSummary run) {
    List<String> others = inOnePiece(run);
    return Buckets.pooled(
        run.byRequest().entrySet().stream()
            .filter(request -> !others.contains(request.getKey()))
            .map(request -> request.getValue().buckets().get(Figure.TTFT))
            .filter(buckets -> buckets != null)
            .toList());
  }
}
