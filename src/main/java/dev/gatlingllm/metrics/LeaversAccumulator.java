package dev.gatlingllm.metrics;

import dev.gatlingllm.metrics.Response.OutputTokensSource;
import dev.gatlingllm.metrics.Response.Status;
import java.util.EnumMap;
import java.util.Map;

/**
 * What all responses of a run, also those outside of the window, say about the work that the server
 * did for users who had left: what it counted, less what arrived.
 */
@Accumulator
final class LeaversAccumulator {

  /** A server that counts all tokens may count so much less than arrived, as a share of it. */
  private static final double MAX_DIFFERENCE = 0.05;

  private long users;
  private long responses;
  private double receivedTokens;

  /** Those of them that users received who left. */
  private double leaversTokens;

  private boolean isMerged;

  /** Whether the server generated tokens that nobody counted, for whomever. */
  private boolean hasUncounted;

  /** Whether a request may be several ones in the server. */
  private boolean hasChoices;

  /** Chunks of responses that count as one token each, because nobody counted their tokens. */
  private long uncountedChunks;

  /** Tokens and chunks of good responses, which say how many tokens a chunk has. */
  private double countedTokens;

  private long countedChunks;

  /** The most tokens that abandoned responses lacked; those of unknown length are counted apart. */
  private double abandonedTokens;

  private long abandonedOfUnknownLength;

  /** The same of responses that failed or were cut. */
  private double lostTokens;

  private long lostOfUnknownLength;

  /** Responses with output, and their times to first token. */
  private long firstTokens;

  private double firstTokenMillis;

  /** Time in which responses were under way here and the server was done with them. */
  private double idleMillis;

  void add(Response response) {
    if (response.status() == Status.UNSENT) {
      return;
    }
    responses++;
    boolean isTold = response.usage().outputTokensSource() == OutputTokensSource.USAGE;
    hasUncounted |=
        response.usage().hiddenTokens() > 0
            || (response.ok() && response.timing().hasOutput() && !isTold);
    hasChoices |= response.timing().choices() > 1;
    boolean isCounted = response.usage().isOutputCounted();
    int received = isCounted ? response.usage().outputTokens() : response.timing().chunks();
    receivedTokens += received;
    leaversTokens += response.status() == Status.ABANDONED ? received : 0;
    if (response.ok() && isCounted) {
      countedTokens += response.shownTokens();
      countedChunks += response.timing().chunks();
    } else if (!isCounted) {
      uncountedChunks += response.timing().chunks();
    }
    addTimes(response);
    int most = response.turn().maxTokens();
    double missing = Math.max(0, most - received);
    if (response.status() == Status.ABANDONED) {
      users++;
      abandonedTokens += missing;
      abandonedOfUnknownLength += most < 0 ? 1 : 0;
    } else if (!response.ok()) {
      lostTokens += missing;
      lostOfUnknownLength += most < 0 ? 1 : 0;
    }
  }

  private void addTimes(Response response) {
    Response.Timing timing = response.timing();
    if (timing.hasOutput()) {
      firstTokens++;
      firstTokenMillis += timing.ttftNanos() / 1e6;
    }
    if (response.status() == Status.KO) {
      // the server may have refused it, or lost it long before
      idleMillis += timing.e2eNanos() / 1e6;
    } else if (response.ok() && timing.hasOutput()) {
      long lastToken = timing.chunkNanos()[timing.chunks() - 1];
      idleMillis += Math.max(0, timing.endNanos() - lastToken) / 1e6;
    }
  }

  void add(LeaversAccumulator other) {
    isMerged |= other.isMerged || (responses > 0 && other.responses > 0);
    hasUncounted |= other.hasUncounted;
    hasChoices |= other.hasChoices;
    users += other.users;
    responses += other.responses;
    receivedTokens += other.receivedTokens;
    leaversTokens += other.leaversTokens;
    uncountedChunks += other.uncountedChunks;
    countedTokens += other.countedTokens;
    countedChunks += other.countedChunks;
    abandonedTokens += other.abandonedTokens;
    abandonedOfUnknownLength += other.abandonedOfUnknownLength;
    lostTokens += other.lostTokens;
    lostOfUnknownLength += other.lostOfUnknownLength;
    firstTokens += other.firstTokens;
    firstTokenMillis += other.firstTokenMillis;
    idleMillis += other.idleMillis;
  }

  /**
   * Returns the figures of what the server did for users who had left; none if nobody left, if its
   * metrics were not read from before the first request until after the last response, or if they
   * count fewer tokens than arrived: they do not cover all replicas, or not the tokens of users who
   * leave.
   *
   * @param firstSecond when the run began, in seconds since the opening of the window
   * @param lastSecond when its last response ended
   */
  Map<Figure, Double> figures(ServerMetrics server, double firstSecond, double lastSecond) {
    Map<Figure, Double> figures = new EnumMap<>(Figure.class);
    if (users == 0 || !server.covers(firstSecond, lastSecond)) {
      return figures;
    }
    double generated = server.increase(ServerSignal.OUTPUT_TOKENS);
    // a difference as large as what leavers received says that the server does not count theirs
    double tolerated =
        Math.min(
            MAX_DIFFERENCE * receivedTokens,
            leaversTokens > 0 ? leaversTokens / 2 : receivedTokens);
    if (generated < receivedTokens - tolerated) {
      return figures;
    }
    if (!Double.isNaN(generated)) {
      double perChunk = countedChunks == 0 ? 1 : Math.max(1, countedTokens / countedChunks);
      double inChunks = uncountedChunks * (perChunk - 1);
      double excess = Math.max(0, generated - receivedTokens - inChunks);
      boolean isBounded = abandonedOfUnknownLength == 0;
      double most = isBounded ? Math.min(excess, abandonedTokens) : excess;
      // more than all of our responses lack: another client loads the server
      boolean isOurs = lostOfUnknownLength == 0 && excess <= most + lostTokens && !hasUncounted;
      double least = isOurs ? Math.max(0, excess - lostTokens - inChunks) : 0;
      figures.put(Figure.SERVER_TOKENS_FOR_LEAVERS, most);
      figures.put(Figure.SERVER_TOKENS_FOR_LEAVERS_LEAST, least);
    }
    double strangeSeconds = server.strangeSeconds();
    // a reading knows what was under way at one load generator
    if (!isMerged && !hasChoices && !Double.isNaN(strangeSeconds)) {
      double mean = 1e3 * strangeSeconds / users;
      // a reading sees a time as more or less than it is, by chance; together for those who left
      // together, also where it sees no time at all: requests are under way here for longer
      double error =
          Math.max(
              server.periodMillis() / Math.sqrt(Math.min(users, server.periods())),
              1e3 * 2 * server.strangeSecondsError() / users);
      figures.put(
          Figure.SERVER_SLOT_AFTER_LEAVING,
          Math.max(0, mean + outsideMillis(server) / users) + error);
      figures.put(Figure.SERVER_SLOT_AFTER_LEAVING_LEAST, Math.max(0, mean - error));
    }
    return figures;
  }

  /**
   * Returns the time in which responses were under way here and in neither the queue nor the batch
   * of the server, all together: on the way, read and tokenized before they enter the queue, or
   * ended there. What the server does not tell of its queue and prefill counts as outside.
   */
  private double outsideMillis(ServerMetrics server) {
    if (firstTokens == 0) {
      return idleMillis;
    }
    double queue =
        server.meanMillisOfAll(ServerSignal.QUEUE_SECONDS, ServerSignal.QUEUE_COUNT).orElse(0);
    double prefill =
        server.meanMillisOfAll(ServerSignal.PREFILL_SECONDS, ServerSignal.PREFILL_COUNT).orElse(0);
    // the server's first tokens come after its queue and prefill, and are of all responses
    double inServer =
        Math.min(
            queue + prefill,
            server
                .meanMillisOfAll(ServerSignal.TTFT_SECONDS, ServerSignal.TTFT_COUNT)
                .orElse(Double.MAX_VALUE));
    return responses * Math.max(0, firstTokenMillis / firstTokens - inServer) + idleMillis;
  }
}
