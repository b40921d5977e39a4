package dev.gatlingllm.report;

import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.RunSummary;
import dev.gatlingllm.metrics.ScopeSummary;
import dev.gatlingllm.metrics.Summary;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One of several requests that had not ended and was far older than it ends, which the latencies of
 * others hide.
 *
 * @param request its name; empty if it was older than any of all
 * @param latency TTFT, or E2E of embeddings; ICL if it waited for its next chunk
 * @param waited how long it had waited, in milliseconds
 * @param ended the longest of those that ended, in milliseconds; 0 if none did
 */
record Hang(String request, Figure latency, double waited, double ended) {

  /** A wait that is above the maximum of few others by less may be so by chance. */
  private static final double FAR_LONGER = 2;

  /** Returns the request that was older than it ends by the most, or than any of all; or none. */
  static Optional<Hang> of(RunSummary run) {
    ScopeSummary all = run.overall();
    return longest(
            run.byRequest().entrySet().stream()
                .flatMap(request -> of(request.getKey(), request.getValue(), all)))
        .or(
            () ->
                longest(
                    Stream.of(TrendRules.timed(all), Figure.ICL)
                        .flatMap(latency -> of("", latency, all, all, 1))));
  }

  private static Optional<Hang> longest(Stream<Hang> hangs) {
    return hangs.max(Comparator.comparingDouble(hang -> hang.waited / hang.ended));
  }

  private static Stream<Hang> of(String name, ScopeSummary request, ScopeSummary all) {
    Figure first = TrendRules.timed(request);
    // the maximum of fewer waits tells little
    if (request.samples(first) >= Latency.MIN_RESPONSES) {
      return Stream.of(first, Figure.ICL)
          .flatMap(latency -> of(name, latency, request, request, FAR_LONGER));
    }
    boolean mayHaveTokens =
        all.metrics().containsKey(Figure.TTFT)
            && Stream.of(Figure.TTFT, Figure.WAITING_AGE, Figure.OPEN_GAP)
                .anyMatch(request.metrics()::containsKey);
    return (mayHaveTokens ? Stream.of(Figure.TTFT, Figure.ICL) : Stream.of(Figure.E2E))
        .flatMap(latency -> of(name, latency, request, all, 1));
  }

  /**
   * @param others those that ended
   * @param times so many times as long as these it must have waited
   */
  private static Stream<Hang> of(
      String name, Figure latency, ScopeSummary request, ScopeSummary others, double times) {
    Summary age = request.metrics().get(Objects.requireNonNull(latency.bounding()));
    Summary ended = others.metrics().getOrDefault(latency, others.metrics().get(Figure.E2E));
    double longest = ended == null ? 0 : ended.max();
    return age == null || age.max() <= times * longest
        ? Stream.empty()
        : Stream.of(new Hang(name, latency, age.max(), longest));
  }

  /** Returns what happened, as a part of a sentence. */
  String words() {
    return "a request%s that had not ended had waited for %s%s, and none that %s"
        .formatted(
            request.isEmpty() ? "" : " of " + request,
            VerdictRules.time(waited),
            latency == Figure.ICL ? " for its next chunk" : "",
            ended == 0
                ? "was sent in the window had ended"
                : "ended for more than " + VerdictRules.time(ended));
  }
}
