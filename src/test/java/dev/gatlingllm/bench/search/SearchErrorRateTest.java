package dev.gatlingllm.bench.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.bench.result.BenchmarkScores;
import dev.gatlingllm.bench.result.MetricScores;
import dev.gatlingllm.bench.result.PercentileSamples;
import dev.gatlingllm.metrics.Buckets;
import dev.gatlingllm.metrics.Figure.Direction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How often a search calls a load sustained, by where its true 95th percentile lies. */
class SearchErrorRateTest {

  private static final SearchAxis AXIS = SearchAxis.parse("users=1..2");
  private static final SearchObjectives OBJECTIVES = SearchObjectives.parse("ttft p95 < 800ms");

  /** Searches at each of {@link #TRUE_P95}. */
  private static final int[] SEARCHES = {400, 400, 100, 100};

  private static final int ITERATIONS = 5;
  private static final int[] SAMPLES = {10, 20, 40, 100, 400};
  private static final double[] TRUE_P95 = {800, 840, 720, 640};

  /** The distribution of times to first token. */
  private enum Law {
    EXPONENTIAL("exponential", 0, 0),
    LOG_NORMAL("log-normal", 0, 0),
    UNSTEADY("exponential, iterations differ by 10 % and correlate by 0.8", 0.1, 0.8);

    private final String words;
    private final double spread;
    private final double correlation;
    private final double p95;

    Law(String words, double spread, double correlation) {
      this.words = words;
      this.spread = spread;
      this.correlation = correlation;
      Random random = new Random(5);
      double[] many = random.doubles(200_000).map(any -> level(random.nextGaussian())).toArray();
      for (int i = 0; i < many.length; i++) {
        many[i] *= sample(random);
      }
      Arrays.sort(many);
      p95 = many[(int) (0.95 * many.length)];
    }

    private double level(double noise) {
      return Math.exp(spread * noise);
    }

    private double sample(Random random) {
      return words.startsWith("log")
          ? Math.exp(0.5 * random.nextGaussian())
          : -Math.log(1 - random.nextDouble());
    }

    /** Measures one fork. */
    PercentileSamples samples(int count, double trueP95, Random random) {
      List<Buckets> iterations = new ArrayList<>();
      double noise = random.nextGaussian();
      for (int i = 0; i < ITERATIONS; i++) {
        double scale = trueP95 / p95 * level(noise);
        double[] values = new double[count];
        for (int n = 0; n < count; n++) {
          // to the precision of the histograms
          values[n] = Math.rint(scale * sample(random));
        }
        iterations.add(buckets(values));
        noise =
            correlation * noise + Math.sqrt(1 - correlation * correlation) * random.nextGaussian();
      }
      return new PercentileSamples(95, List.of(iterations), List.of(Buckets.pooled(List.of())));
    }

    private static Buckets buckets(double[] values) {
      Arrays.sort(values);
      double[] ends = new double[values.length];
      long[] counts = new long[values.length];
      int filled = 0;
      for (int i = 0; i < values.length; i++) {
        filled += i > 0 && values[i] == values[i - 1] ? 0 : 1;
        ends[filled - 1] = values[i];
        counts[filled - 1]++;
      }
      return new Buckets(Arrays.copyOf(ends, filled), Arrays.copyOf(counts, filled), values.length);
    }

    /** Returns how many searches of a hundred call the load sustained. */
    double sustained(int count, double trueP95, int searches) {
      int sustained = 0;
      for (int seed = 0; seed < searches; seed++) {
        Random random = new Random(seed);
        LimitSearch.Load load =
            users ->
                scores(
                    users.equals("1") ? samples(count, trueP95, random) : samples(20, 1e5, random));
        sustained +=
            LimitSearch.run(AXIS, OBJECTIVES, load, point -> {}).limit().isPresent() ? 1 : 0;
      }
      return 100.0 * sustained / searches;
    }

    private static BenchmarkScores scores(PercentileSamples samples) {
      return new BenchmarkScores(
          new BenchmarkScores.Key("a.B", "avgt", Map.of()),
          List.of(
              new MetricScores("ttft·p95", "ms", Direction.LOWER_IS_BETTER, samples.scores())
                  .with(samples),
              counted("requests", 1_000),
              counted("failures", 0)));
    }

    private static MetricScores counted(String name, double value) {
      return new MetricScores(name, "requests", Direction.NEITHER, List.of(List.of(value)));
    }
  }

  private record Case(Law law, int samples) {}

  private static final Map<Case, List<Double>> RATES =
      new TreeMap<>(Comparator.comparing(Case::law).thenComparing(Case::samples));

  @BeforeAll
  static void search() {
    RATES.putAll(
        Stream.of(Law.values())
            .flatMap(law -> IntStream.of(SAMPLES).mapToObj(count -> new Case(law, count)))
            .toList()
            // the longest test of all; another process may have no tests left to run beside it
            .parallelStream()
            .collect(Collectors.toMap(at -> at, SearchErrorRateTest::rates)));
  }

  private static List<Double> rates(Case at) {
    return IntStream.range(0, TRUE_P95.length)
        .mapToObj(i -> at.law().sustained(at.samples(), TRUE_P95[i], SEARCHES[i]))
        .toList();
  }

  /** Three looks at 0.5 % each are 1.5 %; 14 of 400 or more would come once in 1,000 times. */
  @Test
  void rarelyCallsALoadAtTheLimitSustained() {
    RATES.forEach((at, rates) -> assertThat(rates.get(0)).as("%s", at).isLessThan(3.5));
  }

  @Test
  void hardlyEverCallsALoadAboveTheLimitSustained() {
    RATES.forEach((at, rates) -> assertThat(rates.get(1)).as("%s", at).isLessThan(2));
  }

  @Test
  void recognizesALoadWellBelowTheLimit() {
    assertThat(RATES.get(new Case(Law.LOG_NORMAL, 400)).get(3)).isGreaterThan(95);
  }

  @Test
  void documentationHasTheseRates() throws IOException {
    assertThat(Files.readString(Path.of("docs/benchmarks.md")))
        .contains(
            RATES.entrySet().stream()
                .map(
                    entry ->
                        Stream.concat(
                                Stream.of(
                                    entry.getKey().law().words,
                                    Integer.toString(entry.getKey().samples())),
                                entry.getValue().stream()
                                    .map(rate -> String.format(Locale.ROOT, "%.1f", rate)))
                            .collect(Collectors.joining(" | ", "| ", " |")))
                .toList());
  }
}
