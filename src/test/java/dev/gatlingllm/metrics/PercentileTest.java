package dev.gatlingllm.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.apache.commons.math3.stat.descriptive.rank.Percentile.EstimationType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PercentileTest {

  private static double of(double percentile, double... sorted) {
    return Percentile.of(percentile, sorted.length, rank -> sorted[(int) rank - 1]);
  }

  @ParameterizedTest
  @CsvSource({"0, 10", "20, 10", "50, 25", "75, 37.5", "80, 40", "99, 40", "100, 40"})
  void liesBetweenTheSamplesAroundItsRank(double percentile, double expected) {
    assertThat(of(percentile, 10, 20, 30, 40)).isCloseTo(expected, within(1e-9));
  }

  @Test
  void agreesWithTheStatisticsOfJmh() {
    double[] values = new SplittableRandom(3).doubles(57).sorted().toArray();
    org.apache.commons.math3.stat.descriptive.rank.Percentile library =
        new org.apache.commons.math3.stat.descriptive.rank.Percentile()
            .withEstimationType(EstimationType.LEGACY);

    for (double percentile : new double[] {1, 12.5, 50, 90, 95, 99, 99.9}) {
      assertThat(of(percentile, values))
          .isCloseTo(library.evaluate(values, percentile), within(1e-12));
    }
  }

  /** Nearest rank estimates the 95th percentile of 20 exponential samples 14 % too low. */
  @Test
  void isNotBiasedLowOnFewSamples() {
    SplittableRandom random = new SplittableRandom(7);
    double sum = 0;
    for (int i = 0; i < 20_000; i++) {
      double[] values = random.doubles(20).map(u -> -Math.log(1 - u)).sorted().toArray();
      sum += of(95, values);
    }

    assertThat(sum / 20_000).isGreaterThan(-Math.log(0.05));
  }

  @ParameterizedTest
  @CsvSource({
    "95, 19, false, false",
    "95, 20, true, false",
    "95, 99, true, false",
    "95, 100, true, true",
    "99.9, 999, false, false",
    "99.9, 1000, true, false",
    "99.9, 5000, true, true",
    "50, 10, true, true",
    "100, 1000000, false, false"
  })
  void needsSamplesAboveIt(double percentile, long samples, boolean shown, boolean judged) {
    assertThat(Percentile.isShown(samples, percentile)).isEqualTo(shown);
    assertThat(Percentile.isJudged(samples, percentile)).isEqualTo(judged);
  }

  @ParameterizedTest
  @CsvSource({"50, 10", "95, 100", "99, 500", "99.9, 5000", "97.5, 200"})
  void saysHowManySamplesItTakes(double percentile, long samples) {
    assertThat(Percentile.samplesToJudge(percentile)).isEqualTo(samples);
    assertThat(Percentile.isJudged(samples, percentile)).isTrue();
    assertThat(Percentile.isJudged(samples - 1, percentile)).isFalse();
  }

  @Test
  void intervalHoldsThePercentileAsOftenAsItPromises() {
    SplittableRandom random = new SplittableRandom(11);
    int held = 0;
    for (int i = 0; i < 2_000; i++) {
      double[] values = random.doubles(200).map(u -> Math.exp(-Math.log(1 - u))).sorted().toArray();
      Interval interval =
          Percentile.interval(95, 0.95, values.length, rank -> values[(int) rank - 1]);
      held += interval.contains(20) ? 1 : 0;
    }

    assertThat(held / 2_000.0).isBetween(0.94, 0.985);
  }

  @Test
  void intervalOfFewSamplesHasNoUpperEnd() {
    double[] values = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    Interval interval = Percentile.interval(95, 0.95, 10, rank -> values[(int) rank - 1]);

    assertThat(interval.low()).isBetween(6.0, 9.0);
    assertThat(interval.high()).isEqualTo(Double.POSITIVE_INFINITY);
  }

  @Test
  void anyPercentileOfAHistogramIsExactToItsPrecision() {
    SplittableRandom random = new SplittableRandom(5);
    double[] values = new double[5_000];
    ValueHistogram histogram = ValueHistogram.ofMillis(3);
    for (int i = 0; i < values.length; i++) {
      values[i] = 100 * Math.exp(1.5 * random.nextDouble() * 4 - 3);
      histogram.add(values[i]);
    }
    Arrays.sort(values);
    Buckets buckets = histogram.buckets();

    for (double percentile : new double[] {98, 99.5, 99.95}) {
      double exact = of(percentile, values);
      assertThat(buckets.percentile(percentile)).isCloseTo(exact, within(exact / 500));
    }
  }
}
