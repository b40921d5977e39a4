package dev.gatlingllm.report;

import static dev.gatlingllm.report.Json.object;

import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.RunSummary;
import dev.gatlingllm.metrics.ServerMetrics;
import dev.gatlingllm.metrics.ServerSignal;
import dev.gatlingllm.metrics.Summary;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** What {@code tokens.json} and the page say about the server's own metrics. */
final class ServerJson {

  private ServerJson() {}

  /** Returns the field {@code server}; null if no metrics were read. */
  static @Nullable Map<String, Object> of(RunSummary run) {
    ServerMetrics server = run.server();
    if (server.endpoints().isEmpty()) {
      return null;
    }
    return object(
        "endpoints", server.endpoints(),
        "fromSecond", server.fromSecond(),
        "toSecond", server.toSecond(),
        "signals", server.signals(),
        "ttft", ttft(run),
        "tokens", tokens(run),
        "tokensPerJoule", tokensPerJoule(run),
        "afterLeaving", afterLeaving(run),
        "metrics", server.metrics());
  }

  /** Returns what the page shows; null if no metrics were read. */
  static @Nullable Map<String, Object> page(RunSummary run) {
    ServerMetrics server = run.server();
    return server.endpoints().isEmpty()
        ? null
        : object(
            "endpoints", server.endpoints(),
            "ttft", ttft(run),
            "tokens", tokens(run),
            "tokensPerJoule", tokensPerJoule(run),
            "afterLeaving", afterLeaving(run),
            "lines", ServerCharts.of(server, run.overall().charts().steps()));
  }

  /**
   * Returns the parts of the mean TTFT in milliseconds; null where a part is not known. The queue
   * and the prefill are of the requests that ended in the window, which are not quite those whose
   * first token came in it.
   */
  private static Map<String, Object> ttft(RunSummary run) {
    TtftParts parts = TtftParts.of(run);
    return object(
        "client", parts.client(),
        "server", parts.server(),
        "queue", parts.queue(),
        "prefill", parts.prefill(),
        "networkGatewayClient", parts.outside());
  }

  /** Returns the tokens of the window as the client and the server counted them. */
  private static Map<String, Object> tokens(RunSummary run) {
    Map<String, Object> tokens = new LinkedHashMap<>();
    tokens.put(
        "output",
        counts(
            run.overall().totals().value(Figure.TOTAL_OUTPUT_TOKENS).orElse(Double.NaN),
            run.server().delta(ServerSignal.OUTPUT_TOKENS)));
    tokens.put(
        "input",
        counts(sum(run, Figure.INPUT_TOKENS), run.server().delta(ServerSignal.PROMPT_TOKENS)));
    tokens.put(
        "cached",
        counts(sum(run, Figure.CACHED_TOKENS), run.server().delta(ServerSignal.CACHE_HITS)));
    return tokens;
  }

  private static @Nullable Double tokensPerJoule(RunSummary run) {
    return total(run, Figure.SERVER_TOKENS_PER_JOULE);
  }

  /**
   * Returns the bounds of what the server did for users who had left: all its tokens, and the mean
   * time of a request in it; null where nobody left.
   */
  private static @Nullable Map<String, Object> afterLeaving(RunSummary run) {
    return run.overall().totals().count(Figure.ABANDONED) == 0
        ? null
        : object(
            "tokensAtLeast", total(run, Figure.SERVER_TOKENS_FOR_LEAVERS_LEAST),
            "tokensAtMost", total(run, Figure.SERVER_TOKENS_FOR_LEAVERS),
            "slotMillisAtLeast", total(run, Figure.SERVER_SLOT_AFTER_LEAVING_LEAST),
            "slotMillisAtMost", total(run, Figure.SERVER_SLOT_AFTER_LEAVING));
  }

  private static @Nullable Double total(RunSummary run, Figure figure) {
    OptionalDouble value = run.overall().totals().value(figure);
    return value.isPresent() ? value.getAsDouble() : null;
  }

  private static Map<String, Object> counts(double client, @Nullable Double server) {
    return object("client", Double.isNaN(client) ? null : client, "server", server);
  }

  private static double sum(RunSummary run, Figure tokens) {
    Summary summary = run.overall().metrics().get(tokens);
    return summary == null ? Double.NaN : summary.count() * summary.mean();
  }
}
