package dev.gatlingllm.bench.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gatlingllm.metrics.Buckets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProductLimitTest {

  private static Buckets of(double... ascending) {
    long[] counts = new long[ascending.length];
    Arrays.fill(counts, 1);
    return new Buckets(ascending, counts, ascending.length);
  }

  /** The example of Kaplan and Meier: of those at risk 7/8, 4/5, 3/4 and 1/2 go on. */
  private static final ProductLimit EXAMPLE =
      new ProductLimit(of(0.8, 3.1, 5.4, 9.2), of(1.0, 2.7, 7.0, 12.1));

  @ParameterizedTest
  @CsvSource({
    "0.1, 0.8",
    "0.125, 0.8",
    "0.13, 3.1",
    "0.3, 3.1",
    "0.31, 5.4",
    "0.475, 5.4",
    "0.48, 9.2",
    "0.7375, 9.2"
  })
  void isTheEstimateOfThePaper(double share, double value) {
    assertThat(EXAMPLE.atLeast(share)).isEqualTo(value);
    assertThat(EXAMPLE.atMost(share)).isEqualTo(value);
  }

  @Test
  void knowsNothingBeyondTheGreatestThatEnded() {
    assertThat(EXAMPLE.atLeast(0.74)).isEqualTo(12.1);
    assertThat(EXAMPLE.atMost(0.74)).isInfinite();
  }

  /** Greenwood's variance of 0.525 is its square × (1/56 + 1/20 + 1/12). */
  @Test
  void isWorthAsManyAsKnowTheShareAsWell() {
    assertThat(EXAMPLE.worth(0.475))
        .isCloseTo(0.475 / 0.525 / (1 / 56.0 + 1 / 20.0 + 1 / 12.0), within(1e-9));
    assertThat(new ProductLimit(of(1, 2, 3, 4), of()).worth(0.5)).isCloseTo(4, within(1e-9));
    assertThat(new ProductLimit(of(1, 2, 3, 4), of()).worth(0.99)).as("of the last").isEqualTo(4);
    assertThat(new ProductLimit(of(), of(7)).worth(0.5)).isZero();
  }

  /** A response that is as old as another one took has not been shorter. */
  @Test
  void takesAnAgeForLongerThanTheSameTime() {
    assertThat(new ProductLimit(of(1, 2, 3), of(1)).atMost(0.25)).isEqualTo(1);
    assertThat(new ProductLimit(of(1, 2, 3), of(1)).atMost(0.26)).isEqualTo(2);
  }

  /** Of many that were left, one ended last: it is hardly the slowest of all. */
  @Test
  void doesNotTakeTheLastThatEndedForTheSlowest() {
    ProductLimit one = new ProductLimit(of(1, 9), of(2, 3, 4, 5));

    assertThat(one.atMost(1 / 6.0)).isEqualTo(1);
    assertThat(one.atMost(0.5)).isInfinite();
    assertThat(one.atLeast(0.5)).isEqualTo(9);
    assertThat(one.worth(0.5)).isCloseTo(6, within(1e-9));
  }

  /** Any closed load has a response under way at its end. */
  @Test
  void takesTheLastThatEndedForTheSlowestWhereFewAreUnderWay() {
    double[] ended = new double[120];
    Arrays.setAll(ended, i -> 100 + i);
    ProductLimit responses = new ProductLimit(of(ended), of(50));

    assertThat(responses.atMost(1)).isEqualTo(219);
    assertThat(responses.atMost(0.99)).isEqualTo(218);
  }

  @Test
  void estimatesPercentilesAsHistogramsDoWhereAllEnded() {
    Buckets ended = of(10, 20, 30, 40, 70, 90, 91);

    assertThat(new ProductLimit(ended, of()).percentile(50)).isEqualTo(ended.percentile(50));
    assertThat(new ProductLimit(ended, of()).percentile(80)).isEqualTo(ended.percentile(80));
  }

  /** Half of the users leave after a time of their own, whatever the response. */
  @Test
  void findsThePercentileThatUsersWhoLeftDidNotAwait() {
    Random random = new Random(3);
    double[] ended = new double[20_000];
    double[] left = new double[20_000];
    int ends = 0;
    int leaves = 0;
    for (int i = 0; i < 20_000; i++) {
      double response = -Math.log(random.nextDouble());
      double patience = -Math.log(random.nextDouble());
      if (response <= patience) {
        ended[ends++] = response;
      } else {
        left[leaves++] = patience;
      }
    }
    double[] sorted = Arrays.copyOf(ended, ends);
    double[] ages = Arrays.copyOf(left, leaves);
    Arrays.sort(sorted);
    Arrays.sort(ages);

    assertThat(of(sorted).percentile(90)).as("of those that ended").isLessThan(1.3);
    assertThat(new ProductLimit(of(sorted), of(ages)).percentile(90))
        .isCloseTo(Math.log(10), within(0.1));
  }
}
