package dev.gatlingllm;

import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.Indicator;
import dev.gatlingllm.report.assertion.ResponseFilter;

/**
 * A time that the server under test measures itself, of which only the mean is exact. Immutable.
 */
public final class ServerTime {

  private final Figure figure;

  ServerTime(Figure figure) {
    this.figure = figure;
  }

  /** Asserts the mean over the measured window. */
  public TimeLimit mean() {
    return new TimeLimit(Indicator.of(figure), ResponseFilter.ALL);
  }
}
