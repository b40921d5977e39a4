package dev.gatlingllm.bench.steady;

import static dev.gatlingllm.bench.steady.Series.fork;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class DriftTest {

  private static final double NAN = Double.NaN;

  @Test
  void agreesWithLeastSquares() {
    Drift drift = Drift.of(Series.of("ttft", new double[] {1, 3, 2, 5, 4}), 0.95);

    // Sxx 10, Sxy 8, Syy 10: slope 0.8, s² = (10 − 6.4) / 3, se = √(1.2 / 10), t(3) = 3.1824
    assertThat(drift.slope()).isCloseTo(0.8, within(1e-12));
    assertThat(drift.interval().high() - 0.8).isCloseTo(3.1824 * Math.sqrt(0.12), within(1e-4));
    assertThat(drift.total()).isCloseTo(3.2, within(1e-12));
  }

  @Test
  void forksShareASlopeButNotTheirLevel() {
    Drift drift =
        Drift.of(
            Series.of("ttft", new double[] {100, 102, 101, 104}, new double[] {7, 9, 8, 11}), 0.99);

    // each fork has Sxx 5 and Sxy 5.5; together 8 − 2 − 1 = 5 degrees, t = 4.0321
    double residuals = 2 * (8.75 - 1.1 * 5.5);
    assertThat(drift.slope()).isCloseTo(1.1, within(1e-12));
    assertThat(drift.interval().high() - 1.1)
        .isCloseTo(4.0321 * Math.sqrt(residuals / 5 / 10), within(1e-4));
  }

  @Test
  void iterationsWithoutAValueKeepTheirPosition() {
    Drift drift = Drift.of(Series.of("ttft", new double[] {0, NAN, 4, NAN, 8, 10}), 0.999);

    assertThat(drift.slope()).isCloseTo(2, within(1e-12));
    assertThat(drift.isShown()).as("no residuals are left").isTrue();
  }

  @Test
  void isUnknownForTooFewIterations() {
    assertThat(Drift.of(Series.of("ttft", new double[] {1, 2, 3}), 0.999).isShown()).isFalse();
    assertThat(Drift.of(Series.of("ttft", new double[] {1, NAN, NAN}), 0.999).isShown()).isFalse();
    assertThat(Drift.of(Series.of("ttft"), 0.999).isShown()).isFalse();
  }

  @Test
  void falseAlarmsOccurAtTheStatedRate() {
    Random random = new Random(11);
    int alarms = 0;
    int runs = 20_000;
    for (int run = 0; run < runs; run++) {
      double[] one = fork(5, i -> 300 + 30 * random.nextGaussian());
      double[] other = fork(5, i -> 340 + 30 * random.nextGaussian());
      alarms += Drift.of(Series.of("ttft", one, other), 0.999).isShown() ? 1 : 0;
    }
    // 20 are expected; 6 and 42 are the 0.0002 and 0.99999 quantiles of that binomial
    assertThat(alarms).isBetween(6, 42);
  }

  @Test
  void intervalContainsARealSlope() {
    Random random = new Random(12);
    int found = 0;
    int held = 0;
    int runs = 1_000;
    for (int run = 0; run < runs; run++) {
      double[] one = fork(10, i -> 300 + 10 * i + 10 * random.nextGaussian());
      double[] other = fork(10, i -> 340 + 10 * i + 10 * random.nextGaussian());
      Drift drift = Drift.of(Series.of("ttft", one, other), 0.999);
      found += drift.isShown() ? 1 : 0;
      held += drift.interval().contains(10) ? 1 : 0;
    }
    assertThat(found).isGreaterThan(990);
    assertThat(held).isBetween(993, 1_000);
  }
}
