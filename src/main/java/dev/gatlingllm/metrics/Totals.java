package dev.gatlingllm.metrics;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * The totals of a set of responses in the measured window. Immutable.
 *
 * @param values by figure; what no response reported is missing
 * @param objectives the share of each objective alone; empty if none are set, no response ended, or
 *     all had missed one in the warm-up
 */
public record Totals(Map<Figure, Double> values, List<Share> objectives) {

  /**
   * The share of one objective of goodput.
   *
   * @param percent the share of requests that met it: of all that ended, failed ones included, and
   *     of the unfinished ones that had already missed it, without those that had missed it in the
   *     warm-up; NaN if it is known of none
   */
  public record Share(Condition objective, double percent) {}

  /** Returns these totals with those that no response tells. */
  Totals with(Map<Figure, Double> others) {
    Map<Figure, Double> all = new EnumMap<>(Figure.class);
    all.putAll(values);
    all.putAll(others);
    return new Totals(Collections.unmodifiableMap(all), objectives);
  }

  /** Returns the value of a total; empty for other figures and where it is not known. */
  public OptionalDouble value(Figure total) {
    Double value = values.get(total);
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  /** Returns a total that counts something; 0 where it is not known. */
  public long count(Figure total) {
    return (long) value(total).orElse(0);
  }

  /** Returns the conversations that had a response in the window and did not end in it. */
  public long unfinishedConversations() {
    long ended =
        count(Figure.COMPLETED_CONVERSATIONS)
            + count(Figure.FAILED_CONVERSATIONS)
            + count(Figure.ABANDONED_CONVERSATIONS);
    return Math.max(0, count(Figure.CONVERSATIONS) - ended);
  }

  /** Returns the responses that ended in the window, successful and failed. */
  public long requests() {
    return count(Figure.REQUESTS);
  }

  /** Returns the number of requests that goodput is a share of. */
  public long judged() {
    return requests() + count(Figure.UNFINISHED_MISSED) - count(Figure.MISSED_IN_WARM_UP);
  }

  /** Returns the successful responses. */
  public long ok() {
    return count(Figure.OK);
  }

  /** Returns the failed responses. */
  public long ko() {
    return count(Figure.FAILURES);
  }
}
