package dev.gatlingllm.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.ExponentialDistribution;
import org.apache.commons.math3.distribution.GammaDistribution;
import org.apache.commons.math3.distribution.RealDistribution;
import org.apache.commons.math3.distribution.UniformRealDistribution;
import org.apache.commons.math3.stat.StatUtils;
import org.apache.commons.math3.stat.inference.KolmogorovSmirnovTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When the users of a rate come. */
class PlannedArrivalsTest {

  private static final KolmogorovSmirnovTest KS = new KolmogorovSmirnovTest();
  private static final Duration HOUR = Duration.ofHours(1);

  private static PlannedArrivals of(String rate, ArrivalPattern pattern, long seed) {
    return new PlannedArrivals(
        ArrivalRate.parse(rate).over(Duration.ZERO, Duration.ofSeconds(400)), pattern, seed, 0);
  }

  private static double[] seconds(PlannedArrivals arrivals) {
    return DoubleStream.generate(arrivals.nanos()::nextLong)
        .limit(arrivals.users())
        .map(nanos -> nanos / 1e9)
        .toArray();
  }

  private static double[] gaps(double[] times) {
    return IntStream.range(1, times.length).mapToDouble(i -> times[i] - times[i - 1]).toArray();
  }

  private static double variation(double[] gaps) {
    return Math.sqrt(StatUtils.variance(gaps)) / StatUtils.mean(gaps);
  }

  /** Returns how many of 40 seeds the test rejects at 5 %: 2 are expected. */
  private static long rejected(RealDistribution expected, String rate, ArrivalPattern pattern) {
    return IntStream.range(0, 40)
        .filter(
            seed ->
                KS.kolmogorovSmirnovTest(expected, gaps(seconds(of(rate, pattern, seed)))) < 0.05)
        .count();
  }

  @Test
  void timesBetweenPoissonArrivalsAreExponential() {
    assertThat(rejected(new ExponentialDistribution(0.2), "5", ArrivalPattern.POISSON))
        .isLessThanOrEqualTo(6);
    assertThat(rejected(new ExponentialDistribution(0.2), "5", ArrivalPattern.gamma(0.7)))
        .as("power of the test")
        .isEqualTo(40);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.25, 1, 4})
  void timesBetweenGammaArrivalsHaveTheShapeOfTheBurstiness(double burstiness) {
    ArrivalPattern gamma = ArrivalPattern.gamma(burstiness);

    assertThat(rejected(new GammaDistribution(burstiness, 0.2 / burstiness), "5", gamma))
        .isLessThanOrEqualTo(6);
    assertThat(variation(gaps(seconds(of("50", gamma, 3)))))
        .isCloseTo(1 / Math.sqrt(burstiness), within(0.03));
  }

  @Test
  void countsOfSecondsOfAPoissonLoadVaryAsMuchAsTheirMean() {
    long[] counts = new long[400];
    for (double time : seconds(of("20", ArrivalPattern.POISSON, 8))) {
      counts[(int) time]++;
    }
    double[] perSecond = IntStream.range(0, 400).mapToDouble(i -> counts[i]).toArray();

    assertThat(StatUtils.variance(perSecond) / StatUtils.mean(perSecond)).isCloseTo(1, within(0.2));
  }

  @ParameterizedTest
  @CsvSource({"'ramp(0,20)'", "'ramp(20,1)'", "'steps(2,20,5)'"})
  void arrivalsOfAChangingRateAreEvenInExpectedUsers(String rate) {
    ArrivalRate given = ArrivalRate.parse(rate);
    for (int seed = 0; seed < 3; seed++) {
      double[] times = seconds(of(rate, ArrivalPattern.POISSON, seed));
      double[] expected = DoubleStream.of(times).map(time -> expectedUsers(given, time)).toArray();

      assertThat(
              KS.kolmogorovSmirnovTest(
                  new UniformRealDistribution(0, expectedUsers(given, 400)), expected))
          .isGreaterThan(0.01);
      assertThat(KS.kolmogorovSmirnovTest(new ExponentialDistribution(1), gaps(expected)))
          .isGreaterThan(0.01);
      assertThat(KS.kolmogorovSmirnovTest(new UniformRealDistribution(0, 400), times))
          .as("power of the test")
          .isLessThan(1e-6);
    }
  }

  /** Returns the integral of a rate, by slices within which it does not jump. */
  private static double expectedUsers(ArrivalRate rate, double until) {
    int steps = rate.perSecond().size();
    int slices = 400 * steps;
    double sum = 0;
    for (int slice = 0; slice < slices; slice++) {
      double from = 400.0 * slice / slices;
      double to = Math.min(until, from + 400.0 / slices);
      double share = (from + to) / 2 / 400;
      double now =
          rate.ramps()
              ? rate.perSecond().get(0)
                  + share * (rate.perSecond().get(1) - rate.perSecond().get(0))
              : rate.perSecond().get((int) (share * steps));
      sum += to > from ? now * (to - from) : 0;
    }
    return sum;
  }

  @Test
  void startsNoUserWhereTheRateIsZero() {
    assertThat(DoubleStream.of(seconds(of("steps(0,1,0,2)", ArrivalPattern.CONSTANT, 1))).boxed())
        .hasSize(300)
        .allMatch(time -> (time >= 100 && time < 200) || time >= 300)
        .startsWith(100.0)
        .contains(300.0);
    for (int seed = 0; seed < 20; seed++) {
      assertThat(
              DoubleStream.of(seconds(of("steps(0,1,0)", ArrivalPattern.gamma(0.01), seed)))
                  .boxed())
          .allMatch(time -> time >= 400 / 3.0 - 1e-6 && time <= 800 / 3.0 + 1e-6);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "5, 2000",
    "0.00124, 0",
    "0.00126, 1",
    "'ramp(0,1)', 200",
    "'ramp(1,20)', 4200",
    "'steps(1,2,6)', 1200",
    "'steps(0,3)', 600"
  })
  void startsTheExpectedNumberOfUsersWithinTheLoad(String rate, long users) {
    for (String pattern : new String[] {"poisson", "constant", "gamma(0.1)", "gamma(9)"}) {
      PlannedArrivals arrivals = of(rate, ArrivalPattern.parse(pattern), 1);

      assertThat(arrivals.users()).isEqualTo(users);
      double[] times = seconds(arrivals);
      assertThat(times).isSorted();
      assertThat(DoubleStream.of(times)).allMatch(time -> time >= 0 && time <= 400);
    }
  }

  @Test
  void warmUpHasTheFirstRate() {
    PlannedArrivals arrivals =
        new PlannedArrivals(
            ArrivalRate.parse("ramp(2,10)").over(Duration.ofSeconds(100), Duration.ofSeconds(50)),
            ArrivalPattern.CONSTANT,
            1,
            0);

    assertThat(arrivals.users()).isEqualTo(200 + 300);
    assertThat(DoubleStream.of(seconds(arrivals)).filter(time -> time < 99.99)).hasSize(200);
    assertThat(seconds(arrivals)[1]).isCloseTo(0.5, within(1e-6));
  }

  @Test
  void sameSeedHasTheSameArrivalsAndOthersHaveOthers() {
    ArrivalCurve curve = ArrivalRate.parse("5").over(Duration.ZERO, HOUR);
    for (ArrivalPattern pattern :
        new ArrivalPattern[] {ArrivalPattern.POISSON, ArrivalPattern.gamma(0.5)}) {
      PlannedArrivals arrivals = new PlannedArrivals(curve, pattern, 7, 0);

      assertThat(seconds(arrivals))
          .isEqualTo(seconds(arrivals))
          .isEqualTo(seconds(new PlannedArrivals(curve, pattern, 7, 0)))
          .isNotEqualTo(seconds(new PlannedArrivals(curve, pattern, 8, 0)))
          .isNotEqualTo(seconds(new PlannedArrivals(curve, pattern, 7, 1)));
    }
  }

  @Test
  void anHourOfAThousandUsersPerSecondEndsWithTheHour() {
    PlannedArrivals arrivals =
        new PlannedArrivals(
            ArrivalRate.parse("1000").over(Duration.ZERO, HOUR), ArrivalPattern.POISSON, 1, 0);

    assertThat(arrivals.users()).isEqualTo(3_600_000);
    long last = 0;
    for (var times = arrivals.nanos(); times.hasNext(); ) {
      last = times.nextLong();
    }
    assertThat(last / 1e9).isCloseTo(3_600, within(0.1)).isLessThanOrEqualTo(3_600);
  }
}
