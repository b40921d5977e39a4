package dev.gatlingllm.benchmarks;

/**
 * The differences between measured and true times of a client, in milliseconds.
 *
 * <p>The error of TTFT has two parts: the time until the server has read the request, and the time
 * from the server's write of the first token to the client's timestamp. The second part exists for
 * every token. It is the delay that client, network and operating system add.
 */
final class TimingErrors {

  private final Samples ttft = new Samples();
  private final Samples icl = new Samples();
  private final Samples delay = new Samples();
  private final Samples trueIcl = new Samples();

  /**
   * Adds a response.
   *
   * @param untilNanos later tokens are left out
   */
  void add(StreamMoments arrived, StreamMoments written, long untilNanos) {
    long[] at = arrived.tokens();
    long[] from = written.tokens();
    if (at.length != from.length) {
      throw new IllegalStateException(
          arrived.id() + ": " + at.length + " tokens arrived of " + from.length);
    }
    for (int i = 0; i < at.length && at[i] - untilNanos < 0; i++) {
      delay.add(at[i] - from[i]);
      if (i == 0) {
        ttft.add((at[0] - arrived.start()) - (from[0] - written.start()));
      } else {
        icl.add((at[i] - at[i - 1]) - (from[i] - from[i - 1]));
        trueIcl.add(from[i] - from[i - 1]);
      }
    }
  }

  /** Returns the errors of the time to first token. */
  Samples ttft() {
    return ttft;
  }

  /** Returns the errors of the gaps between tokens. */
  Samples icl() {
    return icl;
  }

  /** Returns the times from the server's write of a token to the client's timestamp. */
  Samples delay() {
    return delay;
  }

  /** Returns the true gaps. */
  Samples trueIcl() {
    return trueIcl;
  }
}
