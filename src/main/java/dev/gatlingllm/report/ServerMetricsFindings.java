package dev.gatlingllm.report;

import dev.gatlingllm.metrics.Breakdown;
import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.Oddity;
import dev.gatlingllm.metrics.RunSummary;
import dev.gatlingllm.metrics.ServerMetrics;
import dev.gatlingllm.metrics.ServerMetrics.Endpoint;
import dev.gatlingllm.metrics.ServerMetrics.Observed;
import dev.gatlingllm.metrics.ServerSignal;
import dev.gatlingllm.metrics.Summary;
import dev.gatlingllm.report.Finding.Level;
import dev.gatlingllm.text.Numbers;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Findings from the server's own metrics, and on whether they agree with the client's figures. */
final class ServerMetricsFindings extends FindingSource {

  /** Counts of tokens differ by so much at the borders of a window. */
  private static final double MAX_DIFFERENCE_PERCENT = 5;

  private static final double MAX_KV_CACHE = 0.95;

  /** A cache that has room for so many more requests of the mean length is not the limit. */
  private static final int MORE = 2;

  private static final double MAX_HIT_DIFFERENCE = 5;

  /** A queue may have a few requests by chance. */
  private static final double MIN_QUEUE = 5;

  /** A queue that falls below this share within the last third is being worked off. */
  private static final double MAX_OF_SHRINKING = 0.5;

  private static final double MAX_UNEVEN = 1.25;

  /** Readings are a second apart. */
  private static final double MAX_UNCOVERED_SECONDS = 1.5;

  /** More tokens of a user who has left are no delay of the network. */
  private static final double MAX_TOKENS_FOR_LEAVERS = 10;

  /** The prompts of fewer responses differ by chance from those that were looked up. */
  private static final int MIN_RESPONSES = 100;

  private final ServerMetrics server;

  ServerMetricsFindings(RunInfo info, RunSummary run, List<Finding> found) {
    super(info, run, found);
    server = run.server();
  }

  @Override
  void find() {
    server.endpoints().forEach(this::endpoint);
    if (server.mixesServers()) {
      note(
          "server-metrics-apart",
          "The load generators read the metrics of different servers, so that those of the whole"
              + " load are unknown; the reports of the single runs have theirs. Name all servers in"
              + " llm.serverMetrics of every load generator.");
      unevenLoad();
      return;
    }
    uncovered();
    energy();
    preemptions();
    fullCache();
    growingQueue();
    queued();
    tokens();
    leavers();
    cacheHit();
    unevenLoad();
  }

  private void endpoint(Endpoint endpoint) {
    if (endpoint.readings() == 0) {
      warn(
          "server-metrics-missing",
          "The metrics at %s could not be read: %s. Correct llm.serverMetrics, or set it to off.",
          endpoint.url(),
          Objects.requireNonNullElse(endpoint.problem(), "no reading"));
    } else if (endpoint.lacksReadings()) {
      warn(
          "server-metrics-incomplete",
          "%,d of %,d readings of the metrics at %s failed: %s. Figures from them may lack peaks.",
          endpoint.failures(),
          endpoint.readings() + endpoint.failures(),
          endpoint.url(),
          Objects.requireNonNullElse(endpoint.problem(), "unknown"));
    }
    if (endpoint.isAlternating()) {
      warn(
          "server-metrics-alternate",
          "The counters at %s fell %,d times, as if several servers answered in turn, so that none"
              + " of them is used. Name each replica by its own address in llm.serverMetrics.",
          endpoint.url(),
          endpoint.restarts());
    } else if (endpoint.restarts() > 0) {
      warn(
          "server-restarted",
          "The counters at %s fell: the server was restarted during the run. Its cache was empty"
              + " then, and what it counted just before is lost.",
          endpoint.url());
    }
  }

  private void uncovered() {
    double late = server.fromSecond();
    double early = run.durationSeconds() - server.toSecond();
    if (!server.hasReadings()
        || (Math.max(late, early) <= MAX_UNCOVERED_SECONDS
            && server.coversMost(run.durationSeconds()))) {
      return;
    }
    if (server.toSecond() <= server.fromSecond()) {
      warn(
          "server-metrics-incomplete",
          "The server's metrics were not read in the measured window: what the server counted in it"
              + " is missing.");
    } else {
      warn(
          "server-metrics-incomplete",
          "The server's metrics were read from second %s to second %s of the window alone: what the"
              + " server counted in the rest of it is missing.",
          Numbers.decimals(late, 1),
          Numbers.decimals(server.toSecond(), 1));
    }
  }

  private void energy() {
    if (server.timeline().containsKey(ServerSignal.ENERGY)
        && server.signals().containsKey(ServerSignal.OUTPUT_TOKENS)
        && !server.signals().containsKey(ServerSignal.ENERGY)) {
      note(
          "server-metrics-incomplete",
          "Tokens per joule are unknown: the energy counters were renewed too rarely for a window"
              + " of %s s, or were not told to its end. Measure for longer, or have them renewed"
              + " more often (dcgm-exporter -c 1000).",
          Numbers.decimals(run.durationSeconds(), 0));
    }
  }

  private void preemptions() {
    if (preempted() > 0) {
      warn(
          "server-preemptions",
          "The server put %,d running request{s} back into its queue, for want of KV cache: their"
              + " tokens came late, which raises TPOT and gaps between chunks. Reduce the load, the"
              + " lengths or the largest batch, or give the cache more memory.",
          preempted());
    }
  }

  private void fullCache() {
    Observed usage = server.signals().get(ServerSignal.KV_CACHE);
    if (usage != null && usage.max() != null && usage.max() > MAX_KV_CACHE) {
      note(
          "server-kv-cache-full",
          "The server's KV cache was up to %.0f %% full (%.0f %% on average): above 95 %%, new"
              + " requests wait and prefixes are evicted.",
          100 * usage.max(),
          100 * Objects.requireNonNullElse(usage.mean(), usage.max()));
    }
  }

  private void growingQueue() {
    OptionalDouble first = meanWaiting(0, 1.0 / 3);
    OptionalDouble last = meanWaiting(2.0 / 3, 1);
    if (grew(first, last) && !isLeftByAStall(first)) {
      boolean shrinks = shrinks();
      add(
          shrinks ? Level.NOTE : Level.WARNING,
          "server-queue-grew",
          "The server's queue grew: %s requests waited on average in the first third of the window,"
              + " %s in the last. "
              + (shrinks
                  ? "It has fallen since, so that latencies are those of several loads."
                  : run.arrivals() != null
                      ? "The load is more than it can serve, so latencies depend on how long the"
                          + " run is."
                      : "More users or longer prompts came than it runs at once, so latencies are"
                          + " those of several loads, or depend on how long the run is."),
          Numbers.decimals(first.getAsDouble(), 1),
          Numbers.decimals(last.getAsDouble(), 1));
    }
  }

  /**
   * Returns whether the queue falls at the end, such as after a burst, or after the last users
   * came.
   */
  private boolean shrinks() {
    OptionalDouble before = meanWaiting(2.0 / 3, 5.0 / 6);
    OptionalDouble end = meanWaiting(5.0 / 6, 1);
    return before.isPresent()
        && end.isPresent()
        && end.getAsDouble() < MAX_OF_SHRINKING * before.getAsDouble();
  }

  private static boolean grew(OptionalDouble first, OptionalDouble last) {
    return first.isPresent()
        && last.isPresent()
        && last.getAsDouble() >= MIN_QUEUE
        && last.getAsDouble() > 2 * first.getAsDouble();
  }

  /**
   * Returns whether a stall left the queue of the last third, which grew neither before nor after.
   */
  private boolean isLeftByAStall(OptionalDouble first) {
    double seconds = run.durationSeconds();
    return Stall.of(run)
        .filter(stall -> stall.generatedOn(run).isEmpty())
        .filter(stall -> stall.explains(0, 2 * seconds / 3, 0))
        .filter(stall -> !grew(first, meanWaiting(1.0 / 3, stall.from() / seconds)))
        .filter(
            stall ->
                stall.endsLate(seconds)
                    || !grew(first, meanWaiting(stall.queuedUntil() / seconds, 1)))
        .isPresent();
  }

  /**
   * Reports what limits a server on which requests mostly wait, also if its queue does not grow.
   */
  private void queued() {
    String queue = TtftParts.of(run).mostlyQueue();
    if (queue.isEmpty()) {
      return;
    }
    note(
        "server-queued",
        "Requests waited in the server's queue for %s: it had more of them than it runs at once%s.",
        queue,
        limit());
  }

  /** Says whether the KV cache is what a server lacks on which requests wait. */
  private String limit() {
    Observed usage = server.signals().get(ServerSignal.KV_CACHE);
    if (usage == null || usage.max() == null) {
      return "";
    }
    String full = "%.0f %% full".formatted(100 * usage.max());
    if (preempted() > 0) {
      return ". It put requests back for want of KV cache: its memory is the limit";
    }
    if (usage.max() > MAX_KV_CACHE) {
      return ". Its KV cache was up to " + full + ": its memory is the limit";
    }
    Observed running = server.signals().get(ServerSignal.RUNNING);
    double requests =
        running == null || running.max() == null
            ? MORE
            : Math.max(1, running.max() / Math.max(1, server.endpoints().size()));
    boolean fitsMore = usage.max() * (requests + MORE) / requests <= 1;
    return ". Its KV cache was at most "
        + full
        + " when read: "
        + (fitsMore
            ? "the largest batch or the tokens of a step are the limit, not its memory"
            : "the next request may not have fit, so that its memory may be the limit");
  }

  private long preempted() {
    return Math.round(Objects.requireNonNullElse(server.delta(ServerSignal.PREEMPTIONS), 0.0));
  }

  /** Returns the mean length of the queue in a part of the window; empty if unknown. */
  private OptionalDouble meanWaiting(double from, double to) {
    double[] waiting = server.timeline().get(ServerSignal.WAITING);
    if (waiting == null) {
      return OptionalDouble.empty();
    }
    double sum = 0;
    int count = 0;
    for (int i = 0; i < waiting.length; i++) {
      double share = server.seconds()[i] / run.durationSeconds();
      if (share >= from && share <= to && !Double.isNaN(waiting[i])) {
        sum += waiting[i];
        count++;
      }
    }
    return count < 3 ? OptionalDouble.empty() : OptionalDouble.of(sum / count);
  }

  /** Several load generators share a server: none of them has sent all of its load. */
  private void tokens() {
    Double theirs = server.delta(ServerSignal.OUTPUT_TOKENS);
    OptionalDouble ours = totals.value(Figure.TOTAL_OUTPUT_TOKENS);
    if (theirs == null
        || theirs < 1
        || ours.isEmpty()
        || info.shard() == null
        || info.shard().sharesLoad()) {
      return;
    }
    double difference = theirs - ours.getAsDouble();
    if (totals.count(Figure.ABANDONED) > 0 && difference > 0) {
      // those of the whole run: they may explain more than there is in the window
      double forLeavers = totals.value(Figure.SERVER_TOKENS_FOR_LEAVERS).orElse(difference);
      difference = Math.max(0, difference - forLeavers);
    }
    if (difference > doubt(theirs) + lost()) {
      boolean isCounted =
          run.count(Oddity.NO_USAGE) + run.count(Oddity.ZERO_USAGE)
              <= MAX_DIFFERENCE_PERCENT / 100 * totals.ok();
      add(
          isCounted ? Level.WARNING : Level.NOTE,
          Finding.OTHER_LOAD,
          "%s%.0f %% of the %s output tokens that the server generated in the window were for"
              + " another client, %sor for requests of this simulation that are not timed."
              + " Latencies are those of all loads together.",
          totals.count(Figure.ABANDONED) > 0 ? "At least " : "",
          100 * difference / theirs,
          Numbers.grouped(Math.round(theirs)),
          isCounted ? "" : "or more than were counted here, as responses had no usage, ");
    } else if (!server.hasRestarts()
        && countedAtLeast(ours.getAsDouble()) - theirs > doubt(ours.getAsDouble())) {
      warn(
          "server-tokens-missing",
          "The server's metrics count %s output tokens in the window, but %s arrived here: they do"
              + " not cover all replicas, which llm.serverMetrics can name, or the counts of tokens"
              + " here are wrong.",
          Numbers.grouped(Math.round(theirs)),
          Numbers.grouped(Math.round(ours.getAsDouble())));
    }
  }

  /**
   * Returns how many tokens the server counted for sure of those that arrived, in the time that its
   * readings cover: some count those of a response when it ends well, and no others.
   */
  private double countedAtLeast(double arrived) {
    boolean areSomeNotOk = totals.count(Figure.ABANDONED) > 0 || totals.ko() > 0;
    double ofOk = run.overall().sum(Figure.OUTPUT_TOKENS);
    double uncovered = server.uncovered(run.durationSeconds()) / run.durationSeconds();
    return (areSomeNotOk ? Math.min(arrived, ofOk) : arrived) - uncovered * arrived;
  }

  /**
   * Returns the most tokens that the server may have generated for requests that failed or were
   * cut, and that did not arrive; it refuses a request without a token.
   */
  private double lost() {
    long requests =
        totals.count(Figure.CUT)
            + Stream.of(run.failures(), run.inWarmUp().failures(), run.inDrain().failures())
                .flatMap(kinds -> kinds.entrySet().stream())
                .filter(kind -> !kind.getKey().startsWith("http "))
                .mapToLong(kind -> kind.getValue().count())
                .sum();
    Summary output = run.overall().metrics().get(Figure.OUTPUT_TOKENS);
    return requests == 0 ? 0 : output == null ? Double.POSITIVE_INFINITY : requests * output.max();
  }

  /** Whether the server stops when a client disconnects; the most that it may have done counts. */
  private void leavers() {
    OptionalDouble tokens = totals.value(Figure.SERVER_TOKENS_FOR_LEAVERS);
    // the tokens are those of the whole run, too
    long users = run.abandoned();
    if (tokens.isEmpty() || users == 0 || info.shard() == null || info.shard().sharesLoad()) {
      return;
    }
    double most = tokens.getAsDouble();
    double least = totals.value(Figure.SERVER_TOKENS_FOR_LEAVERS_LEAST).orElse(0);
    String range =
        Math.round(least) == Math.round(most)
            ? Numbers.grouped(Math.round(most))
            : Numbers.grouped(Math.round(least)) + " to " + Numbers.grouped(Math.round(most));
    if (most > MAX_TOKENS_FOR_LEAVERS * users) {
      OptionalDouble slot = totals.value(Figure.SERVER_SLOT_AFTER_LEAVING);
      // tokens of before may have been on the way, as in a gateway: the requests must have gone on
      boolean isCertain =
          least > MAX_TOKENS_FOR_LEAVERS * users
              && totals.value(Figure.SERVER_SLOT_AFTER_LEAVING_LEAST).orElse(0) > 0;
      add(
          isCertain ? Level.WARNING : Level.NOTE,
          isCertain ? "server-keeps-generating" : "server-may-keep-generating",
          "The server generated %s tokens for the %,d user{s} who left during the whole run%4$s:"
              + " %3$s",
          range,
          users,
          isCertain
              ? "unless they are of another client, or of requests here that are not timed, it does"
                  + " not stop when a client disconnects, or only later. Those who stay lack that"
                  + " capacity. A gateway may hide the disconnection from the server."
              : "it is not known whether it stops when a client disconnects, as tokens that were on"
                  + " the way, or those of other clients or of responses that failed or were cut,"
                  + " may be among them.",
          slot.isEmpty()
              ? ""
              : ", and kept their requests for up to "
                  + Numbers.millis(slot.getAsDouble())
                  + " ms on average");
    } else {
      note(
          "server-stops-generating",
          "The server generated %s tokens for the %,d user{s} who left during the whole run, those"
              + " on the way included: it stops when a client disconnects%s.",
          range,
          users,
          Math.round(most) > 0 ? "" : ", or does not count the tokens of unfinished requests");
    }
  }

  /** Some servers count tokens at the end of a request, so that those under way may be missing. */
  private double doubt(double tokens) {
    Observed running = server.signals().get(ServerSignal.RUNNING);
    Summary output = run.overall().metrics().get(Figure.OUTPUT_TOKENS);
    double requests = running == null || running.max() == null ? 0 : running.max();
    double underWay =
        requests == 0 ? 0 : output == null ? Double.POSITIVE_INFINITY : requests * output.mean();
    return tokens * MAX_DIFFERENCE_PERCENT / 100 + underWay;
  }

  private void cacheHit() {
    Double theirs = cacheHitPercent(server);
    OptionalDouble ours = totals.value(Figure.CACHE_HIT_PERCENT_UPPER);
    if (theirs != null
        && ours.isPresent()
        && totals.ok() >= MIN_RESPONSES
        && server.coversNearlyAll(run.durationSeconds())
        && Math.abs(theirs - ours.getAsDouble()) > Math.max(MAX_HIT_DIFFERENCE, hitDoubt())) {
      note(
          "server-cache-hit-differs",
          "The server's own metrics say that %.1f %% of the tokens it looked up were cached; its"
              + " responses to this run say %.1f %%. Another client, or requests here that are not"
              + " timed, share the cache, or prompts are looked up again after a preemption.",
          theirs,
          ours.getAsDouble());
    }
  }

  /** Prompts under way at the borders of a short window are many: how many points they weigh. */
  private double hitDoubt() {
    Observed running = server.signals().get(ServerSignal.RUNNING);
    double all = totals.requests();
    return running == null || running.max() == null || all == 0 ? 0 : 100 * running.max() / all;
  }

  /** Returns the share of looked-up tokens that were cached, in percent; null if unknown. */
  static @Nullable Double cacheHitPercent(ServerMetrics server) {
    Double queries = server.delta(ServerSignal.CACHE_QUERIES);
    Double hits = server.delta(ServerSignal.CACHE_HITS);
    return queries == null || hits == null || queries <= 0 ? null : 100 * hits / queries;
  }

  /** By the server's metrics of several replicas, else by the header that names the replica. */
  private void unevenLoad() {
    if (run.by(Breakdown.MODEL).size() > 1) {
      // servers of different models are no replicas
      return;
    }
    List<Double> told =
        server.endpoints().stream()
            .map(Endpoint::outputTokens)
            .filter(Objects::nonNull)
            .sorted()
            .toList();
    List<Double> tokens =
        told.size() > 1
            ? told
            : run.by(Breakdown.REPLICA).values().stream()
                .map(scope -> scope.totals().value(Figure.TOTAL_OUTPUT_TOKENS).orElse(0))
                .sorted()
                .toList();
    if (tokens.size() < 2) {
      return;
    }
    double mean = tokens.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    double most = tokens.get(tokens.size() - 1);
    if (mean >= 1 && most > MAX_UNEVEN * mean) {
      warn(
          "server-replicas-uneven",
          "%d replicas were loaded unevenly: the busiest generated %.0f %% of the output tokens, an"
              + " even share is %.0f %%. Routing by prefix does this, and so does a router that"
              + " keeps connections.",
          tokens.size(),
          100 * most / (mean * tokens.size()),
          100.0 / tokens.size());
    }
  }
}
