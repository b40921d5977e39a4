package dev.gatlingllm.bench;

import dev.gatlingllm.metrics.Indicator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Timeout;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.runner.Defaults;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.util.Utils;

/**
 * How a benchmark is measured: as its options say, else its annotations, else JMH's defaults.
 *
 * @param timeout how much longer than its load a fork may take
 * @param metrics what is measured, the score first
 * @param jvmArguments of a fork, without those that Gatling needs
 */
record Conditions(
    int forks,
    int warmupForks,
    int warmupIterations,
    TimeValue warmupTime,
    int iterations,
    TimeValue time,
    TimeValue timeout,
    List<Indicator> metrics,
    ScoreUnits units,
    String jvm,
    List<String> jvmArguments) {

  /** The default of Gatling's build plugins. */
  private static final List<String> USUAL_JVM_ARGUMENTS = List.of("-Xmx1G");

  private static final int MAX_ITERATIONS = 10_000;

  /**
   * Combines options, annotations and defaults.
   *
   * @throws IllegalArgumentException for an invalid value, with the option's name
   */
  static Conditions of(Class<?> benchmark, BenchOptions options) {
    Fork fork = benchmark.getAnnotation(Fork.class);
    Warmup warmup = benchmark.getAnnotation(Warmup.class);
    Measurement measurement = benchmark.getAnnotation(Measurement.class);
    Timeout timeout = benchmark.getAnnotation(Timeout.class);
    List<Indicator> metrics = metrics(benchmark, options);
    Conditions conditions =
        new Conditions(
            number(options.forks, fork, Fork::value, Defaults.MEASUREMENT_FORKS),
            number(options.warmupForks, fork, Fork::warmups, Defaults.WARMUP_FORKS),
            number(
                options.warmupIterations, warmup, Warmup::iterations, Defaults.WARMUP_ITERATIONS),
            time(options.warmupTime, warmup, Warmup::time, Warmup::timeUnit, Defaults.WARMUP_TIME),
            number(
                options.iterations,
                measurement,
                Measurement::iterations,
                Defaults.MEASUREMENT_ITERATIONS),
            time(
                options.time,
                measurement,
                Measurement::time,
                Measurement::timeUnit,
                Defaults.MEASUREMENT_TIME),
            time(options.timeout, timeout, Timeout::time, Timeout::timeUnit, Defaults.TIMEOUT),
            metrics,
            units(benchmark, options.timeUnit, metrics.get(0)),
            jvm(options, fork),
            jvmArguments(options, fork));
    conditions.check();
    return conditions;
  }

  private void check() {
    require(iterations >= 1, "-i", iterations, "measure 1 iteration or more");
    require(
        iterations + warmupIterations <= MAX_ITERATIONS,
        "-i",
        iterations,
        "with those of the warm-up that is more than " + MAX_ITERATIONS);
    require(warmupIterations >= 0, "-wi", warmupIterations, "give 0 or more");
    require(forks >= 1, "-f", forks, "a process of Gatling runs one load; give 1 or more");
    require(warmupForks >= 0, "-wf", warmupForks, "give 0 or more");
    require(nanos(time) > 0, "-r", time, "an iteration takes some time");
    require(warmupIterations == 0 || nanos(warmupTime) > 0, "-w", warmupTime, "give some time");
  }

  private static void require(boolean condition, String option, Object value, String remedy) {
    if (!condition) {
      throw new IllegalArgumentException(option + " " + value + ": " + remedy);
    }
  }

  private static <A> int number(
      Integer option, A annotation, Function<A, Integer> value, int usual) {
    if (option != null) {
      return option;
    }
    // JMH's annotations have -1 for "not set"
    int annotated = annotation == null ? -1 : value.apply(annotation);
    return annotated >= 0 ? annotated : usual;
  }

  private static <A> TimeValue time(
      TimeValue option,
      A annotation,
      Function<A, Integer> value,
      Function<A, TimeUnit> unit,
      TimeValue usual) {
    if (option != null) {
      return option;
    }
    int annotated = annotation == null ? -1 : value.apply(annotation);
    return annotated >= 0 ? new TimeValue(annotated, unit.apply(annotation)) : usual;
  }

  private static String jvm(BenchOptions options, Fork fork) {
    if (options.jvm != null) {
      return options.jvm;
    }
    return fork == null || fork.jvm().equals(Fork.BLANK_ARGS) ? Utils.getCurrentJvm() : fork.jvm();
  }

  private static List<String> jvmArguments(BenchOptions options, Fork fork) {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(either(options.jvmArgsPrepend, fork, Fork::jvmArgsPrepend, List.of()));
    arguments.addAll(either(options.jvmArgs, fork, Fork::jvmArgs, USUAL_JVM_ARGUMENTS));
    arguments.addAll(either(options.jvmArgsAppend, fork, Fork::jvmArgsAppend, List.of()));
    return Collections.unmodifiableList(arguments);
  }

  private static Collection<String> either(
      String option, Fork fork, Function<Fork, String[]> annotated, List<String> usual) {
    if (option != null) {
      return Utils.splitQuotedEscape(option);
    }
    List<String> said = fork == null ? List.of(Fork.BLANK_ARGS) : List.of(annotated.apply(fork));
    return said.equals(List.of(Fork.BLANK_ARGS)) ? usual : said;
  }

  private static List<Indicator> metrics(Class<?> benchmark, BenchOptions options) {
    Set<Indicator> metrics = new LinkedHashSet<>();
    options.metrics().forEach(name -> metrics.add(ScoreUnits.metric(name)));
    Collection<Mode> asked = options.modes;
    BenchmarkMode annotation = benchmark.getAnnotation(BenchmarkMode.class);
    if (!asked.isEmpty() || annotation != null && metrics.isEmpty()) {
      Modes.choose(asked.isEmpty() ? List.of(annotation.value()) : asked, metrics);
    }
    metrics.addAll(ScoreUnits.USUAL_METRICS);
    return List.copyOf(metrics);
  }

  private static ScoreUnits units(Class<?> benchmark, TimeUnit option, Indicator score) {
    OutputTimeUnit annotation = benchmark.getAnnotation(OutputTimeUnit.class);
    if (option != null) {
      return ScoreUnits.USUAL.with(option, score);
    }
    return annotation == null ? ScoreUnits.USUAL : ScoreUnits.USUAL.with(annotation.value(), score);
  }

  /** Returns the metrics as an option; a command line may not accept other characters. */
  List<String> metricsInAscii() {
    return metrics.stream().map(metric -> metric.label().replace('·', '-')).toList();
  }

  /** Returns the metric whose values are the score. */
  Indicator score() {
    return metrics.get(0);
  }

  /** Returns JMH's mode of the score. */
  Mode mode() {
    return Modes.of(score());
  }

  /** Returns the duration of a fork's load, including the warm-up. */
  Duration duration() {
    return Duration.ofNanos(warmupIterations * nanos(warmupTime) + iterations * nanos(time));
  }

  /** Returns the time from the first user to the end of an iteration; warm-up ends with 0. */
  Duration elapsed(int iteration) {
    int warm = Math.min(iteration, 0) + warmupIterations;
    return Duration.ofNanos(warm * nanos(warmupTime) + Math.max(iteration, 0) * nanos(time));
  }

  List<Duration> warmups() {
    return Collections.nCopies(warmupIterations, Duration.ofNanos(nanos(warmupTime)));
  }

  List<Duration> measured() {
    return Collections.nCopies(iterations, Duration.ofNanos(nanos(time)));
  }

  private static long nanos(TimeValue time) {
    return time.convertTo(TimeUnit.NANOSECONDS);
  }
}
