package dev.gatlingllm.bench.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gatlingllm.metrics.Buckets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PercentileSamplesTest {

  private static Buckets samples(double... values) {
    return Buckets.pooled(
        DoubleStream.of(values)
            .mapToObj(value -> new Buckets(new double[] {value}, new long[] {1}, 1))
            .toList());
  }

  private static Buckets of(int count, double value) {
    return new Buckets(new double[] {value}, new long[] {count}, count);
  }

  private static PercentileSamples percentile(double percentile, List<Buckets> fork) {
    return new PercentileSamples(percentile, List.of(fork), List.of(samples()));
  }

  private static PercentileSamples percentile(
      double percentile, List<Buckets> fork, List<Buckets> another) {
    return new PercentileSamples(percentile, List.of(fork, another), List.of(samples(), samples()));
  }

  @Test
  void scoresEachIterationIfAllHaveTenSamplesOnBothSides() {
    PercentileSamples enough = percentile(95, List.of(of(200, 1), of(200, 3)), List.of(of(300, 2)));

    assertThat(enough.sufficeByIteration()).isTrue();
    assertThat(enough.scores()).isEqualTo(List.of(List.of(1.0, 3.0), List.of(2.0)));
  }

  @Test
  void scoresEachForkIfAnyIterationHasFewerSamples() {
    PercentileSamples few = percentile(95, List.of(of(100, 1), of(199, 3)), List.of(of(300, 2)));

    assertThat(few.sufficeByIteration()).isFalse();
    assertThat(few.scores()).isEqualTo(List.of(List.of(3.0), List.of(2.0)));
  }

  @ParameterizedTest
  @CsvSource({"50, 20, 10", "95, 200, 100", "99, 1000, 500", "99.9, 10000, 5000", "5, 200, 6"})
  void rarerPercentilesNeedMoreSamples(double percentile, long byIteration, long byFork) {
    PercentileSamples samples = percentile(percentile, List.of());

    assertThat(samples.neededByIteration()).isEqualTo(byIteration);
    assertThat(samples.neededByFork()).isEqualTo(byFork);
  }

  @Test
  void hasNoScoreForAForkWithTooFewSamples() {
    PercentileSamples few = percentile(95, List.of(of(49, 1), of(50, 2)), List.of(of(100, 2)));

    assertThat(few.fewestOfAFork()).isEqualTo(99);
    assertThat(few.scores().get(0).get(0)).isNaN();
    assertThat(few.scores().get(1).get(0)).isEqualTo(2);
  }

  @Test
  void hasNoMoreScoresThanIterations() {
    PercentileSamples hung = percentile(50, List.of(samples(), samples()), List.of(of(20, 3)));

    assertThat(hung.scores().get(0)).containsExactly(Double.NaN, Double.NaN);
  }

  @Test
  void leavesIterationsWithoutSamplesOut() {
    PercentileSamples gap = percentile(50, List.of(of(20, 1), samples(), of(20, 3)));

    assertThat(gap.empty()).isEqualTo(1);
    assertThat(gap.scores()).isEqualTo(List.of(List.of(1.0, Double.NaN, 3.0)));
  }

  @Test
  void takesWhatWasUnfinishedAsSamplesOfTheLastIterationIfThatIsWorse() {
    List<List<Buckets>> forks =
        List.of(List.of(of(200, 1), of(200, 3)), List.of(of(200, 2), of(200, 4)));

    assertThat(new PercentileSamples(95, forks, List.of(of(40, 70), of(40, 0.1))).scores())
        .isEqualTo(List.of(List.of(1.0, 70.0), List.of(2.0, 4.0)));
    assertThat(
            new PercentileSamples(95, List.of(List.of(of(100, 1))), List.of(of(40, 70))).scores())
        .isEqualTo(List.of(List.of(70.0)));
    assertThat(
            new PercentileSamples(95, List.of(List.of(of(200, 1), samples())), List.of(of(40, 70)))
                .scores())
        .isEqualTo(List.of(List.of(1.0, Double.NaN)));
  }

  /** The mean of the percentiles of 20 samples, by nearest rank, would be 14 % too low. */
  @Test
  void isNotBiasedByFewSamplesInAnIteration() {
    Random random = new Random(2);
    double sum = 0;
    for (int fork = 0; fork < 200; fork++) {
      List<Buckets> iterations = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        iterations.add(samples(random.doubles(20).map(any -> -Math.log(1 - any)).toArray()));
      }
      sum += percentile(95, iterations).scores().get(0).get(0);
    }

    assertThat(sum / 200).isCloseTo(-Math.log(0.05), within(0.03 * -Math.log(0.05)));
  }
}
