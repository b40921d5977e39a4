package dev.gatlingllm;

import dev.gatlingllm.report.assertion.Asserted;
import dev.gatlingllm.report.assertion.Asserted.Statistic;

/**
 * A metric of the server under test, by its own name, to assert a limit of: choose what of it
 * first, then the limit. Values of several series, engines and replicas are added up; of shares,
 * temperatures and the like the greatest counts. Immutable.
 */
public final class ServerMetric {

  private final String name;

  ServerMetric(String name) {
    this.name = name;
  }

  /** Asserts the increase of a counter in the measured window. */
  public NumberLimit delta() {
    return of(Statistic.DELTA);
  }

  /** Asserts the least value of a gauge that was read in the measured window. */
  public NumberLimit min() {
    return of(Statistic.MIN);
  }

  /** Asserts the mean of a gauge over the readings in the measured window. */
  public NumberLimit mean() {
    return of(Statistic.MEAN);
  }

  /** Asserts the greatest value of a gauge that was read in the measured window. */
  public NumberLimit max() {
    return of(Statistic.MAX);
  }

  /** Asserts the last value of a gauge that was read in the measured window. */
  public NumberLimit last() {
    return of(Statistic.LAST);
  }

  private NumberLimit of(Statistic statistic) {
    return new NumberLimit(new Asserted.OfServer(name, statistic));
  }
}
