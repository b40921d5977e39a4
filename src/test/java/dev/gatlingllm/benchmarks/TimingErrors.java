package dev.gatlingllm.benchmarks;

/**
 * Measured minus true times of a client, in milliseconds.
 *
 * <p>TTFT's error has two parts: until the server had read the request, and from the server's
 * writing the first token to the client's noticing it. The second part, of every token, is the
 * delay that the client adds, with the network and the operating system between the two.
 */
final class TimingErrors {

  private final Samples ttft = new Samples();
  private final Samples icl = new Samples();
  private final Samples delay = new Samples();
  private final Samples trueIcl = new Samples();

  /**
   * Adds a reply.
   *
   * @param untilNanos tokens that arrived from then on are left out
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

  /** Errors of the time to first token. */
  Samples ttft() {
    return ttft;
  }

  /** Errors of the gaps between tokens. */
  Samples icl() {
    return icl;
  }

  /** Times from the server's write of a token to the client's timestamp. */
  Samples delay() {
    return delay;
  }

  /** The gaps as they were. */
  Samples trueIcl() {
    return trueIcl;
  }
}
