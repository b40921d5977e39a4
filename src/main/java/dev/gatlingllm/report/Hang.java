package dev.gatlingllm.report;

import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.RunSummary;
import dev.gatlingllm.metrics.ScopeSummary;
import dev.gatlingllm.metrics.Summary;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One of several requests that had not ended and was far older than it ends, which the latencies of
 * others hide.
 *
 * @param request its name
 * @param latency TTFT, or E2E of embeddings; ICL if it waited for its next chunk
 * @param waited how long it had waited, in milliseconds
 * @param ended the longest of those that ended, in milliseconds
 */
record Hang(String request, Figure latency, double waited, double ended) {

  /** A wait that is above the maximum of few others by less may be so by chance. */
  private static final double FAR_LONGER = 2;

  /** The maximum of fewer waits tells little: those of all requests are asked. */
  private static final long MIN_RESPONSES = 20;

  /** Returns the request that was older than it ends by the most; or none. */
  static Optional<Hang> of(RunSummary run) {
    Summary ofAll = run.overall().metrics().get(Figure.E2E);
    return run.byRequest().entrySet().stream()
        .flatMap(request -> of(request, ofAll))
        .max(Comparator.comparingDouble(hang -> hang.waited / hang.ended));
  }

  private static Stream<Hang> of(Map.Entry<String, ScopeSummary> request, @Nullable Summary ofAll) {
    ScopeSummary scope = request.getValue();
    Map<Figure, Summary> metrics = scope.metrics();
    Figure first = TrendRules.timed(scope);
    if (scope.samples(first) < MIN_RESPONSES) {
      Summary age = metrics.get(Figure.UNFINISHED_REQUEST_AGE);
      return age == null || ofAll == null || age.max() <= ofAll.max()
          ? Stream.empty()
          : Stream.of(new Hang(request.getKey(), Figure.E2E, age.max(), ofAll.max()));
    }
    return Stream.of(first, Figure.ICL)
        .flatMap(latency -> of(request.getKey(), latency, metrics))
        .filter(hang -> hang.waited > FAR_LONGER * hang.ended);
  }

  private static Stream<Hang> of(String request, Figure latency, Map<Figure, Summary> metrics) {
    Summary age = metrics.get(Objects.requireNonNull(latency.bounding()));
    Summary ended = metrics.get(latency);
    return age == null || ended == null
        ? Stream.empty()
        : Stream.of(new Hang(request, latency, age.max(), ended.max()));
  }

  /** Returns what happened, as a part of a sentence. */
  String words() {
    return "a request of %s that had not ended had waited for %s%s, and none that ended for more than %s"
        .formatted(
            request,
            VerdictRules.time(waited),
            latency == Figure.ICL ? " for its next chunk" : "",
            VerdictRules.time(ended));
  }
}
