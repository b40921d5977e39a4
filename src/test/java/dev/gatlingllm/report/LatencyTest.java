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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  private static Latency latency(double[] medians, double[] means) {
    return latency(SECONDS, second -> medians[second / 6], second -> means[second / 6]);
  }

  private static Latency latency(
      int seconds, IntToDoubleFunction medians, IntToDoubleFunction means) {
    List<Step> steps = new ArrayList<>();
    for (int second = 0; second < seconds; second++) {
      double median = medians.applyAsDouble(second);
      double mean = means.applyAsDouble(second);
      Summary ttft =
          new Summary(PER_SECOND, mean, 0, 0, median, 0, 0, 0, 0, 0, Math.max(mean, median));
      double slow = Double.isNaN(mean) ? 2 * median : Math.max(4 * mean, median + 1);
      boolean isKnown = !Double.isNaN(mean);
      Buckets buckets = new Buckets(new double[] {median, slow}, new long[] {3, 1}, PER_SECOND);
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
              isKnown ? Map.of(Figure.TTFT, ttft) : Map.of(),
              isKnown ? Map.of(Figure.TTFT, buckets) : Map.of(),
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
    return new Latency("", of, Figure.TTFT, seconds);
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

  /**
   * Some requests wait for a while, or from late on: a line through all parts says little of it.
   */
  @ParameterizedTest
  @CsvSource({
    "9, 9, 300, false",
    "9, 9, 301, true",
    "4, 4, 900, false",
    "4, 5, 301, true",
    "3, 7, 301, true",
    "3, 8, 301, false",
    "1, 2, 301, true"
  })
  void isNotSteadyWithAHump(int first, int last, double mean, boolean isHump) {
    double[] means = line(100, 100);
    Arrays.fill(means, first, last + 1, mean);
    Latency latency = latency(STEADY, means);

    assertThat(latency.hump())
        .isEqualTo(
            isHump
                ? Optional.of(new Latency.Hump(6.0 * first, 6.0 * (last + 1), mean, 100))
                : Optional.empty());
    assertThat(latency.steady().isPresent()).isNotEqualTo(isHump);
  }

  /** A part of which it takes a third only is not far higher; four slow responses are few. */
  @ParameterizedTest
  @CsvSource({
    "60, 12, 301, true",
    "60, 8, 301, false",
    "61, 13, 301, true",
    "20, 5, 301, true",
    "20, 4, 900, false",
    "20, 2, 900, false",
    "19, 5, 900, true",
    "19, 1, 900, false"
  })
  void hasAHumpOfAFifthOfTheWindowWhereverItBegins(
      int seconds, int length, double mean, boolean isHump) {
    for (int begin = 0; begin < seconds - length; begin++) {
      int from = begin;
      Latency latency =
          latency(
              seconds,
              second -> 100,
              second -> second < from || second >= from + length ? 100 : mean);
      assertThat(latency.hump().isPresent()).as("from second %d", begin).isEqualTo(isHump);
    }
  }

  /** Requests that wait for long leave parts without a first token. */
  @Test
  void hasAHumpAcrossPartsWithoutAValue() {
    double[] means = line(100, 100);
    Arrays.fill(means, 3, 8, Double.NaN);
    assertThat(latency(STEADY, means).hump()).isEmpty();

    means[3] = 900;
    assertThat(latency(STEADY, means).hump()).as("of 6 s").isEmpty();
    means[5] = 900;
    assertThat(latency(STEADY, means).hump()).contains(new Latency.Hump(18, 36, 900, 100));
  }

  @Test
  void hasNoHumpByNoise() {
    assertThat(latency(STEADY, new double[] {900, 9, 9, 900, 9, 9, 900, 9, 9, 900}).hump())
        .isEmpty();
  }

  @Test
  void tellsOfTheHighestHump() {
    double[] means = {100, 400, 400, 100, 500, 500, 100, 100, 100, 100};
    assertThat(latency(STEADY, means).hump()).contains(new Latency.Hump(24, 36, 500, 100));
  }

  /**
   * Of the responses of a minute, each of 100 ms, some are far slower.
   *
   * @param seconds when one of these came
   * @param isTold whether so many would hardly come within so short a time by chance, not at the
   *     start, and of 5 % of the time of all
   */
  @ParameterizedTest
  @CsvSource({
    "TTFT, 33 35 37 40, 1000, 80000, true",
    "TTFT, 33 35 37 40, 999, 1000, false",
    "TTFT, 33 35 37 40, 1000, 80001, false",
    "TTFT, 33 35 37 41, 1000, 80000, false",
    "TTFT, 25 37 41 45, 1000, 1000, false",
    "TTFT, 33 35, 1000, 1000, false",
    "TTFT, 33 34, 1000, 1000, false",
    "TTFT, 33 34 35, 1000, 1000, true",
    "TTFT, 1 2 3 5, 1000, 1000, false",
    "TTFT, 1 2 3 6, 1000, 1000, true",
    "TTFT, 10 12 14 16 18 20 22 24 26 28 30 32 34 36 38 39, 1000, 1000, true",
    "TTFT, 10 12 14 16 18 20 22 24 26 28 30 32 34 36 38 40, 1000, 1000, false",
    "TPOT, 33 35 37 40, 1000, 4000000, true",
    "TPOT, 33 35 37 40, 1000, 4000001, false",
    "TPOT, 33 35 37 40, 999, 1000, false"
  })
  void tellsOfFewSlowResponsesWithinAShortTime(
      Figure figure, String seconds, double millis, double allMillis, boolean isTold) {
    List<String> slow = List.of(seconds.split(" "));
    List<Step> steps = new ArrayList<>();
    for (int second = 0; second < SECONDS; second++) {
      boolean isSlow = slow.contains(String.valueOf(second));
      double[] ends = isSlow ? new double[] {100, millis} : new double[] {100};
      long[] counts = isSlow ? new long[] {3, 1} : new long[] {4};
      steps.add(timed(second, figure, new Buckets(ends, counts, 4)));
    }
    Buckets gaps = new Buckets(new double[] {20, 1_000}, new long[] {9_000, 200}, 9_200);
    Latency latency =
        new Latency(
            "",
            new ScopeSummary(
                new Totals(Map.of(), List.of()),
                Map.of(figure, values(240, 100)),
                Map.of(Figure.ICL, gaps),
                List.of(),
                new TreeMap<>(),
                new Charts(steps, List.of(), List.of(), null)),
            figure,
            SECONDS);

    assertThat(latency.slow(allMillis).isPresent()).isEqualTo(isTold);
    if (figure == Figure.TPOT) {
      Buckets bunches = new Buckets(new double[] {20, 1_000}, new long[] {900, 200}, 1_100);
      assertThat(withGaps(latency, bunches).slow(1_000)).as("as most gaps").isEmpty();
      Buckets ofFour = new Buckets(new double[] {20, 1_000}, new long[] {190_001, 200}, 190_201);
      assertThat(withGaps(latency, ofFour).slow(1_000)).as("of several choices").isEmpty();
    }
    if (isTold) {
      assertThat(latency.slow(allMillis).orElseThrow())
          .returns((long) slow.size(), Latency.Slow::count)
          .returns(Double.valueOf(slow.get(0)), Latency.Slow::from)
          .returns(Double.valueOf(slow.get(slow.size() - 1)) + 1, Latency.Slow::to)
          .returns(1_000.0, Latency.Slow::limit);
    }
  }

  private static Latency withGaps(Latency latency, Buckets gaps) {
    ScopeSummary of = latency.of();
    return new Latency(
        latency.request(),
        new ScopeSummary(
            of.totals(),
            of.metrics(),
            Map.of(Figure.ICL, gaps),
            List.of(),
            new TreeMap<>(),
            of.charts()),
        latency.figure(),
        SECONDS);
  }

  private static Summary values(long count, double value) {
    return new Summary(count, value, 0, value, value, value, value, value, value, value, value);
  }

  private static Step timed(long second, Figure figure, Buckets buckets) {
    double mean = buckets.sumFrom(0) / buckets.total();
    return new Step(
        second,
        4,
        0,
        0,
        1,
        500,
        null,
        null,
        null,
        Map.of(figure, values(buckets.total(), mean)),
        Map.of(figure, buckets),
        Map.of());
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
        Map.of(Figure.TTFT, values(count, value)),
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
