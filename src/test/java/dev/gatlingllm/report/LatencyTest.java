package dev.gatlingllm.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.metrics.Buckets;
import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.ScopeSummary;
import dev.gatlingllm.metrics.ScopeSummary.Charts;
import dev.gatlingllm.metrics.ScopeSummary.Step;
import dev.gatlingllm.metrics.Summary;
import dev.gatlingllm.metrics.Totals;
import dev.gatlingllm.report.Latency.Average;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A minute of TTFT, by the median and the mean of each of its ten parts. */
class LatencyTest {

  private static final int SECONDS = 60;
  private static final double[] STEADY = line(100, 100);

  private static final int PER_SECOND = 4;

  private static double[] line(double from, double to) {
    return IntStream.range(0, 10).mapToDouble(part -> from + (to - from) * part / 9).toArray();
  }

  /** Returns parts that are by turns so much higher and lower than 100. */
  private static double[] noise(double amplitude) {
    return IntStream.range(0, 10)
        .mapToDouble(part -> 100 + (part % 2 == 0 ? amplitude : -amplitude))
        .toArray();
  }

  private Latency latency(double[] medians, double[] means) {
    List<Step> steps = new ArrayList<>();
    for (int second = 0; second < SECONDS; second++) {
      double median = medians[second / 6];
      double mean = means[second / 6];
      Summary ttft =
          new Summary(PER_SECOND, mean, 0, 0, median, 0, 0, 0, 0, 0, Math.max(mean, median));
      Buckets buckets = new Buckets(new double[] {median}, new long[] {PER_SECOND}, PER_SECOND);
      steps.add(
          new Step(
              second,
              PER_SECOND,
              0,
              0,
              1,
              0,
              null,
              null,
              null,
              Map.of(Figure.TTFT, ttft),
              Map.of(Figure.TTFT, buckets),
              Map.of()));
    }
    ScopeSummary of =
        new ScopeSummary(
            new Totals(Map.of(), List.of()),
            Map.of(Figure.TTFT, new Summary(PER_SECOND * 60L, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1)),
            Map.of(),
            List.of(),
            new TreeMap<>(),
            new Charts(steps, List.of(), List.of(), null));
    return new Latency("", of, Figure.TTFT, SECONDS);
  }

  @ParameterizedTest
  @CsvSource({"128, false", "129, true"})
  void risesByMoreThanAQuarterOfItsMean(double to, boolean rises) {
    assertThat(latency(line(100, to), STEADY).steady().isPresent()).isNotEqualTo(rises);
    assertThat(latency(STEADY, line(100, to)).steady().isPresent()).isNotEqualTo(rises);
  }

  @ParameterizedTest
  @CsvSource({"128, false", "129, true"})
  void fallsByMoreThanAQuarterOfItsMean(double from, boolean falls) {
    Latency ofMedians = latency(line(from, 100), STEADY);
    assertThat(ofMedians.fallen().isPresent()).isEqualTo(falls);
    assertThat(ofMedians.steady().isPresent()).isNotEqualTo(falls);

    Latency ofMeans = latency(STEADY, line(from, 100));
    assertThat(ofMeans.fallen().filter(Average.MEAN::equals).isPresent()).isEqualTo(falls);
    assertThat(ofMeans.steady().isPresent()).as("the cache warms").isNotEqualTo(falls);
  }

  @Test
  void isSteadyByMediansOrElseByMeans() {
    assertThat(latency(STEADY, noise(90)).steady()).contains(Average.MEDIAN);
    assertThat(latency(noise(90), STEADY).steady()).contains(Average.MEAN);
    assertThat(latency(noise(90), noise(90)).steady()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"19, true", "20, false"})
  void isSteadyIfTheIntervalIsNarrowerThanTheMean(double amplitude, boolean isSteady) {
    assertThat(latency(noise(amplitude), noise(amplitude)).steady().isPresent())
        .isEqualTo(isSteady);
  }

  /** A queue that began late: a line through all parts says little of it. */
  @ParameterizedTest
  @CsvSource({"200, false", "201, true"})
  void jumpsIfItsMeanIsFarHigherAtTheEnd(double last, boolean jumps) {
    double[] means = line(100, 100);
    means[9] = last;
    Latency latency = latency(STEADY, means);

    assertThat(latency.jump().isPresent()).isEqualTo(jumps);
    assertThat(latency.steady().isPresent()).isNotEqualTo(jumps);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 8})
  void doesNotJumpBeforeTheEnd(int part) {
    double[] means = line(100, 100);
    means[part] = 900;

    assertThat(latency(STEADY, means).jump()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"18, false", "19, true"})
  void risesFarByMoreThanTheWidthOfItsInterval(double rise, boolean isFar) {
    double[] noisy = noise(15);
    double[] line = line(0, 9 * rise / 2);
    double[] both = IntStream.range(0, 10).mapToDouble(i -> noisy[i] + line[i]).toArray();

    assertThat(latency(both, STEADY).trend(Average.MEDIAN, 0).filter(Latency::roseFar).isPresent())
        .isEqualTo(isFar);
  }

  @Test
  void weighsSecondsByTheirResponses() {
    Step few = step(1, 900);
    Step many = step(9, 100);
    List<Step> steps = new ArrayList<>();
    for (int part = 0; part < 10; part++) {
      steps.add(at(few, 2 * part));
      steps.add(at(many, 2 * part + 1));
    }
    Latency latency =
        new Latency(
            "",
            new ScopeSummary(
                new Totals(Map.of(), List.of()),
                Map.of(),
                Map.of(),
                List.of(),
                new TreeMap<>(),
                new Charts(steps, List.of(), List.of(), null)),
            Figure.TTFT,
            20);

    assertThat(latency.trend(Average.MEAN, 0).orElseThrow().first()).isEqualTo(180);
    assertThat(latency.trend(Average.MEDIAN, 0).orElseThrow().first()).isEqualTo(100);
    assertThat(latency.isJudged()).isFalse();
  }

  private static Step step(long count, double value) {
    return new Step(
        0,
        count,
        0,
        0,
        1,
        0,
        null,
        null,
        null,
        Map.of(
            Figure.TTFT,
            new Summary(count, value, 0, value, value, value, value, value, value, value, value)),
        Map.of(Figure.TTFT, new Buckets(new double[] {value}, new long[] {count}, count)),
        Map.of());
  }

  private static Step at(Step step, long second) {
    return new Step(
        second,
        step.okPerSecond(),
        0,
        0,
        1,
        0,
        null,
        null,
        null,
        step.latencies(),
        step.buckets(),
        Map.of());
  }
}
