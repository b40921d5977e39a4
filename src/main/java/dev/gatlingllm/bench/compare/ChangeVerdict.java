package dev.gatlingllm.bench.compare;

/** What a comparison of one metric shows. */
enum ChangeVerdict {
  WORSE("worse"),
  BETTER("better"),
  /** A difference of a metric that has no better direction. */
  DIFFERENT("different"),
  /** The interval contains 0. That does not prove that both sides are the same. */
  NO_DIFFERENCE("no difference shown"),
  /** The interval does not contain 0, but the difference is below the threshold. */
  TOO_SMALL("below the threshold"),
  /** A side has too few iterations, or the units differ. */
  NOT_JUDGED("not judged");

  private final String words;

  ChangeVerdict(String words) {
    this.words = words;
  }

  @Override
  public String toString() {
    return words;
  }
}
