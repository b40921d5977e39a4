package dev.gatlingllm.bench.search;

/** Whether a load is shown to keep an objective. */
public enum Sustained {
  YES("sustained"),
  NO("not sustained"),
  /** The interval holds the limit, or there is none. */
  UNDECIDED("undecided");

  private final String words;

  Sustained(String words) {
    this.words = words;
  }

  /** What both say together: one NO is enough, and all have to say YES. */
  Sustained and(Sustained other) {
    if (this == NO || other == NO) {
      return NO;
    }
    return this == YES ? other : this;
  }

  @Override
  public String toString() {
    return words;
  }
}
