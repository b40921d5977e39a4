package dev.gatlingllm.bench;

import dev.gatlingllm.metrics.Figure.Direction;
import dev.gatlingllm.metrics.Indicator;
import dev.gatlingllm.text.Redactor;
import dev.gatlingllm.text.Require;
import java.lang.annotation.Annotation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
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
    Fork fork = annotation(benchmark, Fork.class);
    Warmup warmup = annotation(benchmark, Warmup.class);
    Measurement measured = annotation(benchmark, Measurement.class);
    Timeout timeout = annotation(benchmark, Timeout.class);
    List<Indicator> metrics = metrics(benchmark, options);
    Conditions conditions =
        new Conditions(
            number(options.forks, fork.value(), Defaults.MEASUREMENT_FORKS),
            number(options.warmupForks, fork.warmups(), Defaults.WARMUP_FORKS),
            number(options.warmupIterations, warmup.iterations(), Defaults.WARMUP_ITERATIONS),
            time(options.warmupTime, warmup.time(), warmup.timeUnit(), Defaults.WARMUP_TIME),
            number(options.iterations, measured.iterations(), Defaults.MEASUREMENT_ITERATIONS),
            time(options.time, measured.time(), measured.timeUnit(), Defaults.MEASUREMENT_TIME),
            time(options.timeout, timeout.time(), timeout.timeUnit(), Defaults.TIMEOUT),
            metrics,
            units(benchmark, options.timeUnit, metrics.get(0)),
            jvm(options, fork),
            jvmArguments(options, fork));
    conditions.check();
    return conditions;
  }

  /** Returns an annotation of the benchmark; one without values if it has none. */
  private static <A extends Annotation> A annotation(Class<?> benchmark, Class<A> type) {
    return (benchmark.isAnnotationPresent(type) ? benchmark : Unset.class).getAnnotation(type);
  }

  private void check() {
    Require.that(iterations >= 1, "-i", iterations, "at least 1");
    Require.that(
        iterations + warmupIterations <= MAX_ITERATIONS,
        "-i",
        iterations,
        "at most " + MAX_ITERATIONS + " with those of the warm-up");
    Require.that(warmupIterations >= 0, "-wi", warmupIterations, "at least 0");
    Require.that(forks >= 1, "-f", forks, "at least 1");
    Require.that(warmupForks >= 0, "-wf", warmupForks, "at least 0");
    Require.that(nanos(time) > 0, "-r", "0s", "above 0");
    Require.that(warmupIterations == 0 || nanos(warmupTime) > 0, "-w", "0s", "above 0");
  }

  /** JMH's annotations have -1 for "not set". */
  private static int number(@Nullable Integer option, int annotated, int usual) {
    return option != null ? option : annotated >= 0 ? annotated : usual;
  }

  private static TimeValue time(
      @Nullable TimeValue option, int annotated, TimeUnit unit, TimeValue usual) {
    if (option != null) {
      return option;
    }
    return annotated >= 0 ? new TimeValue(annotated, unit) : usual;
  }

  private static String jvm(BenchOptions options, Fork fork) {
    if (options.jvm != null) {
      return options.jvm;
    }
    return fork.jvm().equals(Fork.BLANK_ARGS) ? Utils.getCurrentJvm() : fork.jvm();
  }

  private static List<String> jvmArguments(BenchOptions options, Fork fork) {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(either(options.jvmArgsPrepend, fork.jvmArgsPrepend(), List.of()));
    arguments.addAll(either(options.jvmArgs, fork.jvmArgs(), USUAL_JVM_ARGUMENTS));
    arguments.addAll(either(options.jvmArgsAppend, fork.jvmArgsAppend(), List.of()));
    return Collections.unmodifiableList(arguments);
  }

  private static Collection<String> either(
      @Nullable String option, String[] annotated, List<String> usual) {
    if (option != null) {
      return Utils.splitQuotedEscape(option);
    }
    return List.of(annotated).equals(List.of(Fork.BLANK_ARGS)) ? usual : List.of(annotated);
  }

  private static List<Indicator> metrics(Class<?> benchmark, BenchOptions options) {
    Set<Indicator> metrics = new LinkedHashSet<>();
    options.metrics().forEach(name -> metrics.add(ScoreUnits.metric(name)));
    BenchmarkMode annotation = benchmark.getAnnotation(BenchmarkMode.class);
    if (!options.modes.isEmpty()) {
      choose(options.modes, metrics);
    } else if (annotation != null && metrics.isEmpty()) {
      choose(List.of(annotation.value()), metrics);
    }
    metrics.addAll(ScoreUnits.USUAL_METRICS);
    return List.copyOf(metrics);
  }

  /** Adds a mode's default score, unless a score was chosen: it must have that mode then. */
  private static void choose(List<Mode> modes, Set<Indicator> chosen) {
    Mode mode = modes.get(0);
    Require.that(
        modes.size() == 1 && (mode == Mode.Throughput || mode == Mode.AverageTime),
        "-bm",
        modes.stream().map(Mode::shortLabel).collect(Collectors.joining(",")),
        "thrpt or avgt, because one load measures everything and a mode only selects the score;"
            + " a percentile is a score such as -metric ttft·p99");
    if (chosen.isEmpty()) {
      chosen.add(ScoreUnits.metric(mode == Mode.Throughput ? "outputTokensPerSecond" : "ttft·p50"));
    }
    Indicator score = chosen.iterator().next();
    Require.that(
        mode(score) == mode, "-bm", mode.shortLabel(), "the mode of -metric " + score.label());
  }

  private static ScoreUnits units(Class<?> benchmark, @Nullable TimeUnit option, Indicator score) {
    OutputTimeUnit annotation = benchmark.getAnnotation(OutputTimeUnit.class);
    if (option == null && annotation == null) {
      return ScoreUnits.USUAL;
    }
    return ScoreUnits.USUAL.with(option != null ? option : annotation.value(), score);
  }

  /** Returns the arguments of a fork's virtual machine without secrets, for console and files. */
  List<String> shownJvmArguments() {
    return Redactor.ofProcess().options(jvmArguments);
  }

  /** Returns the metric whose values are the score. */
  Indicator score() {
    return metrics.get(0);
  }

  /** Returns JMH's mode of the score. */
  Mode mode() {
    return mode(score());
  }

  /**
   * One load measures rates and times together, so that a mode only selects which of them is the
   * score.
   */
  private static Mode mode(Indicator score) {
    return score.unit().isRate() || score.figure().direction() == Direction.HIGHER_IS_BETTER
        ? Mode.Throughput
        : Mode.AverageTime;
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

  /** Has annotations without values. */
  @Fork
  @Warmup
  @Measurement
  @Timeout(time = -1)
  private static final class Unset {}
}
