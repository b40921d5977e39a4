package dev.gatlingllm.bench.search;

import dev.gatlingllm.metrics.Condition;
import dev.gatlingllm.metrics.Interval;

/** Whether a load is shown to meet a condition. */
public enum SearchVerdict {
  SUSTAINED("sustained"),
  NOT_SUSTAINED("not sustained"),
  /** The limit lies inside of the interval, or there is no interval. */
  UNDECIDED("undecided");

  private final String words;

  SearchVerdict(String words) {
    this.words = words;
  }

  /** Judges an interval: all of it must be on one side of the limit. */
  static SearchVerdict of(Condition condition, Interval interval) {
    if (!interval.isKnown()) {
      return UNDECIDED;
    }
    boolean low = condition.isMetBy(interval.low());
    boolean high = condition.isMetBy(interval.high());
    if (low && high) {
      return SUSTAINED;
    }
    return low || high ? UNDECIDED : NOT_SUSTAINED;
  }

  /** Combines two verdicts: not sustained if either is, sustained only if both are. */
  SearchVerdict and(SearchVerdict other) {
    if (this == NOT_SUSTAINED || other == NOT_SUSTAINED) {
      return NOT_SUSTAINED;
    }
    return this == SUSTAINED ? other : this;
  }

  @Override
  public String toString() {
    return words;
  }
}
