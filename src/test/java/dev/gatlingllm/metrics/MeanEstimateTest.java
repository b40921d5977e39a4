package dev.gatlingllm.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MeanEstimateTest {

  /** Cushny and Peebles' hours of sleep, as Student has them (Biometrika 6, 1908). */
  private static final MeanEstimate FIRST_DRUG =
      of(0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0);

  private static final MeanEstimate SECOND_DRUG =
      of(1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4);

  private static MeanEstimate of(double... values) {
    double mean = DoubleStream.of(values).average().orElseThrow();
    double squares = DoubleStream.of(values).map(v -> (v - mean) * (v - mean)).sum();
    int count = values.length;
    return new MeanEstimate(count, mean, squares / (count - 1) / count);
  }

  /** Abramowitz and Stegun, Handbook of Mathematical Functions, table 26.10. */
  @ParameterizedTest
  @CsvSource({
    "1, 0.95, 12.706",
    "2, 0.95, 4.303",
    "5, 0.95, 2.571",
    "10, 0.95, 2.228",
    "30, 0.95, 2.042",
    "120, 0.95, 1.980",
    "4, 0.99, 4.604",
    "20, 0.99, 2.845",
    "1, 0.999, 636.619",
    "2, 0.999, 31.599",
    "4, 0.999, 8.610",
    "9, 0.999, 4.781",
    "30, 0.999, 3.646",
    "120, 0.999, 3.373",
    "1e7, 0.999, 3.291"
  })
  void quantilesMatchPublishedTables(double degrees, double confidence, double expected) {
    assertThat(MeanEstimate.studentT(degrees, confidence))
        .isCloseTo(expected, within(expected * 2e-4));
  }

  /** R's documentation of t.test(extra ~ group, data = sleep): df = 17.776 and this interval. */
  @Test
  void intervalMatchesAPublishedExample() {
    Interval interval = FIRST_DRUG.differenceFrom(SECOND_DRUG, 0.95);

    assertThat(FIRST_DRUG.minus(SECOND_DRUG)).isCloseTo(-1.58, within(1e-12));
    assertThat(interval.low()).isCloseTo(-3.3654832, within(1e-7));
    assertThat(interval.high()).isCloseTo(0.2054832, within(1e-7));
  }

  @Test
  void swappedSidesMirrorTheInterval() {
    Interval one = FIRST_DRUG.differenceFrom(SECOND_DRUG, 0.999);
    Interval other = SECOND_DRUG.differenceFrom(FIRST_DRUG, 0.999);

    assertThat(one.low()).isCloseTo(-other.high(), within(1e-12));
    assertThat(one.high()).isCloseTo(-other.low(), within(1e-12));
  }

  @Test
  void intervalHasNoWidthWithoutVariance() {
    assertThat(of(3, 3, 3).differenceFrom(of(1, 1), 0.999)).isEqualTo(new Interval(2, 2));
  }

  @Test
  void intervalOfOneValueIsUnknown() {
    Interval interval = of(3, 4).differenceFrom(new MeanEstimate(1, 2, Double.NaN), 0.999);

    assertThat(interval.isKnown()).isFalse();
    assertThat(interval.contains(1)).isFalse();
  }

  @Test
  void intervalMissesTheTruthOnceInAThousandRuns() {
    Random random = new Random(19_08);
    int missed = 0;
    int runs = 20_000;
    for (int run = 0; run < runs; run++) {
      double[] old = random.doubles(10).map(any -> 300 + 40 * random.nextGaussian()).toArray();
      double[] now = random.doubles(6).map(any -> 250 + 8 * random.nextGaussian()).toArray();
      missed += of(old).differenceFrom(of(now), 0.999).contains(50) ? 0 : 1;
    }
    // 20 are expected; 6 and 42 are the 0.0002 and 0.99999 quantiles of that binomial
    assertThat(missed).isBetween(6, 42);
  }
}
