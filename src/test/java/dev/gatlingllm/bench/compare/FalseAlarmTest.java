package dev.gatlingllm.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.bench.compare.Difference.Verdict;
import dev.gatlingllm.bench.result.MetricScores;
import dev.gatlingllm.metrics.Figure.Direction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How often two sides of the same benchmark are called different, and how small a change shows. */
class FalseAlarmTest {

  private static final int COMPARISONS = 5_000;
  private static final int ITERATIONS = 5;
  private static final int[] FORKS = {3, 5, 10};

  /** How the iterations of a fork depend on each other. */
  private enum Dependence {
    NONE("iterations are independent", 0, 0),
    FORKS_DIFFER("half of the variance is between forks", 0.5, 0),
    AUTOCORRELATED("neighbouring iterations correlate by 0.8", 0, 0.8),
    BOTH("both", 0.5, 0.8);

    private final String words;
    private final double betweenForks;
    private final double correlation;
    private final Map<List<Number>, Double> measured = new HashMap<>();

    Dependence(String words, double betweenForks, double correlation) {
      this.words = words;
      this.betweenForks = betweenForks;
      this.correlation = correlation;
    }

    /** Makes scores of a mean of 300 and a standard deviation of 30. */
    MetricScores scores(int forks, double change, Random random) {
      List<List<Double>> all = new ArrayList<>();
      for (int fork = 0; fork < forks; fork++) {
        double level = Math.sqrt(betweenForks) * random.nextGaussian();
        double noise = random.nextGaussian();
        List<Double> iterations = new ArrayList<>();
        for (int i = 0; i < ITERATIONS; i++) {
          iterations.add(300 * (1 + change) + 30 * (level + Math.sqrt(1 - betweenForks) * noise));
          noise =
              correlation * noise
                  + Math.sqrt(1 - correlation * correlation) * random.nextGaussian();
        }
        all.add(iterations);
      }
      return new MetricScores("ttft", "ms", Direction.LOWER_IS_BETTER, all);
    }

    /** Returns the share of comparisons with a verdict, in percent. */
    double percent(int forks, double change, double confidence, Verdict... verdicts) {
      Random random = new Random(16);
      Judge judge = new Judge(confidence, 0, 20);
      int count = 0;
      for (int i = 0; i < COMPARISONS; i++) {
        MetricScores before = scores(forks, 0, random);
        Difference difference = judge.between(before, scores(forks, change, random));
        count += List.of(verdicts).contains(difference.verdict()) ? 1 : 0;
      }
      return 100.0 * count / COMPARISONS;
    }

    private double falseAlarms(int forks, double confidence) {
      return measured.computeIfAbsent(
          List.of(forks, confidence),
          conditions -> percent(forks, 0, confidence, Verdict.WORSE, Verdict.BETTER));
    }

    private String row() {
      StringBuilder row = new StringBuilder("| " + words + " |");
      for (double confidence : new double[] {0.99, 0.999}) {
        for (int forks : FORKS) {
          row.append(String.format(Locale.ROOT, " %.2f |", falseAlarms(forks, confidence)));
        }
      }
      return row.toString();
    }
  }

  /** At 99 %, 50 alarms are expected; 75 or more would come once in 2,000 times. */
  @ParameterizedTest
  @EnumSource
  void equalBenchmarksDifferAtMostAtTheStatedRate(Dependence dependence) {
    for (int forks : FORKS) {
      assertThat(dependence.falseAlarms(forks, 0.99)).isLessThan(1.5);
      assertThat(dependence.falseAlarms(forks, 0.999)).isLessThan(0.26);
    }
  }

  @Test
  void showsALargeChange() {
    assertThat(Dependence.BOTH.percent(5, 0.5, 0.999, Verdict.WORSE)).isGreaterThan(90);
  }

  @Test
  void documentationHasTheseRates() throws IOException {
    assertThat(Files.readString(Path.of("docs/benchmarks.md")))
        .contains(Stream.of(Dependence.values()).map(Dependence::row).toList());
  }
}
