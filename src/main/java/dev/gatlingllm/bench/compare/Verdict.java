package dev.gatlingllm.bench.compare;

/** What a comparison of one metric says. */
enum Verdict {
  WORSE("worse"),
  BETTER("better"),
  /** A difference of a metric that has no better and no worse. */
  DIFFERENT("different"),
  /** The interval holds 0. That is no proof that both are the same. */
  NO_DIFFERENCE("no difference shown"),
  /** The interval does not hold 0, but the difference is below what the user cares for. */
  TOO_SMALL("below the threshold"),
  /** Fewer than three iterations on a side, or a benchmark or metric that one side lacks. */
  NOT_JUDGED("not judged");

  private final String words;

  Verdict(String words) {
    this.words = words;
  }

  @Override
  public String toString() {
    return words;
  }
}
