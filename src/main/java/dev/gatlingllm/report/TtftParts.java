package dev.gatlingllm.report;

import dev.gatlingllm.metrics.RunSummary;
import dev.gatlingllm.metrics.RunSummary.FirstTokens;
import dev.gatlingllm.metrics.ServerMetrics;
import dev.gatlingllm.metrics.ServerSignal;
import dev.gatlingllm.text.Numbers;
import dev.gatlingllm.text.Plurals;
import org.jspecify.annotations.Nullable;

/**
 * The parts of the mean time to first token over the measured window, in milliseconds: from sums
 * and counts of the server's histograms, as buckets begin above most values. Null where a part is
 * not known. Immutable.
 *
 * @param client as the client measured it, of all first tokens in the window, also those of
 *     requests that were written before it; null if the server's are of a part of the window, or of
 *     many responses of which the client sees no first token, in one piece or after hidden
 *     reasoning, or if the two counted different responses
 * @param server as the server measured it; where it does not, its queue and its prefill
 * @param queue in the server's queue; null if it and the prefill are of other requests
 * @param prefill from leaving the queue to the first token; null where the queue is
 * @param outside the client's less the server's: network, gateway and client
 */
record TtftParts(
    @Nullable Double client,
    @Nullable Double server,
    @Nullable Double queue,
    @Nullable Double prefill,
    @Nullable Double outside) {

  /** Any request waits for the end of a step; a shorter wait is no queue. In milliseconds. */
  private static final double MIN_QUEUE = 50;

  private static final double MOST = 0.5;

  /** As a share of the server's TTFT. */
  private static final double MUCH = 0.1;

  /** As a share of the server's TTFT. */
  private static final double MAX_OF_ENDED = 1.25;

  /** As a share of the first tokens that the client saw. */
  private static final double MAX_UNSEEN = 0.05;

  /** As a share of the first tokens that the client saw. */
  private static final double MAX_OTHERS = 0.1;

  /** What the server's readings may make its mean longer by, besides that share. In ms. */
  private static final double MAX_NEGATIVE = 10;

  /** The server's readings may begin and end so much later than the window, in seconds. */
  private static final double READINGS_APART = 2;

  static TtftParts of(RunSummary run) {
    ServerMetrics known = run.server();
    FirstTokens all = run.firstTokens();
    Double client =
        all.count() == 0
                || !whyNotComparable(run).isEmpty()
                || !known.coversNearlyAll(run.durationSeconds())
            ? null
            : Double.valueOf(all.millis() / all.count());
    Double queue = known.queueMillis();
    Double prefill = known.prefillMillis();
    Double server = known.ttftMillis();
    if (areOfOthers(run)) {
      queue = null;
      prefill = null;
    } else if (server == null && queue != null && prefill != null) {
      server = queue + prefill;
    }
    Double outside = client == null || server == null ? null : Double.valueOf(client - server);
    return new TtftParts(client, server, queue, prefill, outside);
  }

  /**
   * Returns whether the server's queue and prefill are no parts of its TTFT. It counts these when a
   * request ends, and its TTFT when the first token comes: where both together are far more than
   * that, they are of requests of another time, such as of a cold start or of users who began
   * together.
   */
  static boolean areOfOthers(RunSummary run) {
    Double server = run.server().ttftMillis();
    return server != null
        && zeroIfNull(run.server().queueMillis()) + zeroIfNull(run.server().prefillMillis())
            > MAX_OF_ENDED * server;
  }

  private static double zeroIfNull(@Nullable Double millis) {
    return millis == null ? 0 : millis;
  }

  /** Returns whether the client saw too few first tokens for their mean to be the server's. */
  private static boolean areUnseen(FirstTokens all) {
    return all.unseen() > MAX_UNSEEN * all.count();
  }

  /**
   * Returns why the client's mean cannot be compared with the server's; empty if it can, or if the
   * server's is of a part of the window. Where both counted different numbers of first tokens, or
   * the server took longer than the client waited, the two are of different responses. Those of
   * several choices count once here.
   */
  static String whyNotComparable(RunSummary run) {
    FirstTokens all = run.firstTokens();
    if (areUnseen(all)) {
      return "responses in one piece, or reasoning that was not sent";
    }
    double seconds = run.durationSeconds();
    Double counted = run.server().delta(ServerSignal.TTFT_COUNT);
    Double server = run.server().ttftMillis();
    if (counted == null || server == null || !run.server().coversNearlyAll(seconds)) {
      return "";
    }
    long seen = all.count() + all.unseen();
    double ignored = Math.max(MAX_OTHERS, READINGS_APART / seconds);
    if (Math.abs(counted - seen) > ignored * seen) {
      return Plurals.format(
          "%,d first token{s} came, and the server counted %s",
          seen, Numbers.grouped(Math.round(counted)));
    }
    double client = all.millis() / all.count();
    return client - server < -MAX_NEGATIVE - MAX_OTHERS * server
        ? "the mean in the server is longer, so it has other responses, too"
        : "";
  }

  /**
   * Returns what of the server's TTFT is neither queue nor prefill, if that is much: a server
   * counts these when a request ends, so those of a growing queue are missing. Null if it is little
   * or not known.
   */
  @Nullable Double muchElse() {
    if (server == null || queue == null || prefill == null) {
      return null;
    }
    double rest = server - queue - prefill;
    return rest < MIN_QUEUE || rest < MUCH * server ? null : Double.valueOf(rest);
  }

  /**
   * Returns the time in the queue in words, such as {@code 412 ms on average, 80 % of its mean
   * TTFT}, if the server spends most of its TTFT so; empty otherwise.
   */
  String mostlyQueue() {
    if (queue == null || server == null) {
      return "";
    }
    double whole = Math.max(server, queue + zeroIfNull(prefill));
    return queue < MIN_QUEUE || queue < MOST * whole
        ? ""
        : "%s ms on average, %s %% of its mean TTFT"
            .formatted(
                Numbers.millis(queue), Numbers.decimals(100 * Math.min(1, queue / server), 0));
  }
}
