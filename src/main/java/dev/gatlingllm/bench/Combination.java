package dev.gatlingllm.bench;

import dev.gatlingllm.bench.result.BenchmarkScores;
import dev.gatlingllm.bench.result.BenchmarkScores.Key;
import dev.gatlingllm.bench.result.MetricScores;
import dev.gatlingllm.bench.result.PercentileSamples;
import dev.gatlingllm.gatling.TokenRun;
import dev.gatlingllm.metrics.Indicator;
import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.text.Durations;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.util.Utils;
import org.openjdk.jmh.util.Version;

/** A benchmark with one value of each of its parameters, and how it is measured. */
record Combination(String benchmark, Map<String, String> parameters, Conditions conditions) {

  /**
   * Returns every combination of a benchmark's parameters; the last one varies fastest.
   *
   * @throws IllegalArgumentException for an invalid parameter or option
   */
  static List<Combination> of(Class<?> benchmark, BenchOptions options) {
    Conditions conditions = Conditions.of(benchmark, options);
    Map<String, List<String>> parameters = new ParamFields(benchmark).values(options.parameters());
    List<Map<String, String>> all = List.of(Map.of());
    for (var parameter : parameters.entrySet()) {
      List<Map<String, String>> longer = new ArrayList<>();
      for (Map<String, String> shorter : all) {
        for (String value : parameter.getValue()) {
          Map<String, String> with = new LinkedHashMap<>(shorter);
          with.put(parameter.getKey(), value);
          longer.add(with);
        }
      }
      all = longer;
    }
    List<Combination> combinations =
        all.stream()
            .map(chosen -> new Combination(benchmark.getName(), chosen, conditions))
            .toList();
    combinations.forEach(combination -> combination.checkSettings(options));
    return combinations;
  }

  private void checkSettings(BenchOptions options) {
    Map<String, String> changed = new HashMap<>();
    options.properties().stream()
        .map(property -> property.split("=", 2))
        .forEach(property -> changed.put(property[0], property.length < 2 ? "" : property[1]));
    changed.putAll(settings());
    if (!settings().isEmpty()) {
      LlmSettings.check(changed);
    }
  }

  /** Returns the parameters that are settings of the fork, by their keys. */
  Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>(parameters);
    settings.keySet().removeIf(name -> !ParamFields.isSetting(name));
    return settings;
  }

  /** Returns a line for each parameter that is among the settings without effect. */
  List<String> warnings(List<String> withoutEffect) {
    return settings().keySet().stream()
        .filter(withoutEffect::contains)
        .map(key -> "# Warning: -p " + noEffect(key) + ".")
        .toList();
  }

  /** Returns that a setting decides nothing, and why. */
  static String noEffect(String key) {
    return key
        + " has no effect: this benchmark does not use the setting, or states a value of its own";
  }

  /** Returns the value of a parameter, or of a setting by its name with or without {@code llm.}. */
  @Nullable String value(String name) {
    return parameters.get(nameOf(name));
  }

  /** Returns the name of a parameter, or the key of a setting that may lack its {@code llm.}. */
  String nameOf(String asked) {
    return parameters.containsKey(asked) ? asked : ParamFields.key(asked);
  }

  /** Returns this combination with another value of one of its parameters. */
  Combination with(String parameter, String value) {
    Map<String, String> other = new LinkedHashMap<>(parameters);
    other.put(nameOf(parameter), value);
    return new Combination(benchmark, other, conditions);
  }

  /** Returns the text that makes the seeds of a fork unique. */
  String salt(int fork) {
    return benchmark + "," + written(",", "=") + "," + fork;
  }

  /** Returns parameters and conditions as options for the {@code llm.benchmark} of a fork. */
  String asOptions() {
    List<String> words = new ArrayList<>();
    // a comma separates two values, and a command line may accept ASCII only
    parameters.forEach(
        (name, value) ->
            words.add("-p " + name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8)));
    words.add("-wi " + conditions.warmupIterations());
    words.add("-w " + compact(conditions.warmupTime()));
    words.add("-i " + conditions.iterations());
    words.add("-r " + compact(conditions.time()));
    words.add(
        "-metric "
            + conditions.metrics().stream()
                .map(metric -> metric.label().replace('·', '-'))
                .collect(Collectors.joining(",")));
    conditions
        .units()
        .time(conditions.score())
        .ifPresent(unit -> words.add("-tu " + Durations.symbol(unit)));
    return String.join(" ", words);
  }

  private static String compact(Object time) {
    return time.toString().replace(" ", "");
  }

  /** Returns the parameters as text. */
  String written(String between, String is) {
    return parameters.entrySet().stream()
        .map(parameter -> parameter.getKey() + is + parameter.getValue())
        .collect(Collectors.joining(between));
  }

  /** Returns the scores of forks, without metrics that no iteration has a value of. */
  BenchmarkScores scores(List<ForkScores> forks) {
    String mode = conditions.mode().shortLabel();
    List<MetricScores> metrics = new ArrayList<>();
    for (Indicator metric : conditions.metrics()) {
      String label = metric.label();
      String unit = conditions.units().unit(metric);
      Optional<PercentileSamples> samples = ForkScores.samples(metric, forks);
      List<List<Double>> values =
          samples
              .map(known -> conditions.units().of(metric, known.scores()))
              .orElseGet(() -> forks.stream().map(fork -> fork.values(metric)).toList());
      MetricScores scores =
          metrics.isEmpty()
              ? MetricScores.primary(label, label, mode, unit, values)
              : MetricScores.secondary(label, unit, values);
      boolean isKnown = samples.map(PercentileSamples::count).orElse(0L) > 0;
      if (metrics.isEmpty() || isKnown || scores.values().length > 0) {
        metrics.add(samples.map(scores::with).orElse(scores));
      }
    }
    return new BenchmarkScores(
        new Key(benchmark, mode, parameters),
        metrics,
        forks.stream().flatMap(fork -> fork.notes().stream()).toList(),
        forks.stream().map(ForkScores::settings).findFirst().orElse(Map.of()));
  }

  /** Returns the lines that are printed before this combination is measured, like JMH's. */
  List<String> header() {
    List<String> lines =
        List.of(
            "# JMH version: "
                + Version.getPlainVersion()
                + ", Gatling "
                + TokenRun.gatlingVersion(),
            "# VM version: "
                + Utils.getCurrentJvmVersion()
                + ", "
                + System.getProperty("java.vm.name"),
            "# VM options: " + String.join(" ", conditions.shownJvmArguments()),
            iterations("# Warmup: ", conditions.warmupIterations(), conditions.warmupTime()),
            iterations("# Measurement: ", conditions.iterations(), conditions.time()),
            "# Timeout: " + conditions.timeout() + " beyond the load",
            "# Benchmark mode: "
                + conditions.mode().longLabel().split(",")[0]
                + ", "
                + conditions.score().label()
                + " in "
                + conditions.units().unit(conditions.score()),
            "# Benchmark: " + benchmark,
            "# Parameters: (" + written(", ", " = ") + ")");
    return parameters.isEmpty() ? lines.subList(0, lines.size() - 1) : lines;
  }

  private static String iterations(String what, int count, TimeValue time) {
    return what
        + (count == 0 ? "<none>" : count + (count == 1 ? " iteration, " : " iterations, ") + time)
        + (count > 1 ? " each" : "");
  }
}
