package dev.gatlingllm.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatlingllm.bench.search.SearchAxis;
import dev.gatlingllm.bench.search.SearchObjectives;
import dev.gatlingllm.text.Durations;
import dev.gatlingllm.text.Require;
import java.net.URLDecoder;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The options of a benchmark: JMH's, with JMH's names and meanings, and a few of ours. A field that
 * is null was not given: then the benchmark's annotation applies, and without one JMH's default.
 * JMH's options that mean nothing for a load on a server are rejected.
 */
final class BenchOptions {

  /** For {@code llm.benchmark} alone: the file for a fork's messages to its runner. */
  static final String FORKED = "-forked";

  /**
   * For {@code llm.benchmark} alone: the benchmark that a fork is of. The list of runs reads it.
   */
  static final String OF = "-of";

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMddHHmmssSSS").withZone(ZoneOffset.UTC);

  /** JMH's options that are rejected, with what to do instead. */
  private static final Map<List<String>, String> UNSUPPORTED =
      Map.of(
          List.of("-t", "-tg"),
          "a load has users, not threads; their number can be a @Param",
          List.of("-bs", "-wbs", "-opi"),
          "an iteration is a span of time, not a number of calls",
          List.of("-prof", "-lprof"),
          "profilers look into the load generator, whose health is in each fork's report",
          List.of("-gc", "-si"),
          "iterations are windows of one continuous load, with nothing between them",
          List.of("-wm", "-wmb"),
          "every fork warms up by its own load, as -wi and -w say");

  @Parameters(
      paramLabel = "REGEX",
      description = "benchmarks, subclasses of LlmBenchmark, whose name has a match (default: all)")
  List<Pattern> includes = List.of();

  @Option(names = "-e", split = ",", paramLabel = "REGEX", description = "benchmarks to exclude")
  List<Pattern> excludes = List.of();

  @Option(
      names = "-p",
      paramLabel = "NAME=V,V",
      description = "values of a parameter; all combinations are measured (default: its @Param)")
  private Map<String, String> parameters = new LinkedHashMap<>();

  @Option(names = "-f", paramLabel = "INT", description = "forks (default: 5)")
  @Nullable Integer forks;

  @Option(names = "-wf", paramLabel = "INT", description = "forks to drop first (default: 0)")
  @Nullable Integer warmupForks;

  @Option(names = "-wi", paramLabel = "INT", description = "warm-up iterations (default: 5)")
  @Nullable Integer warmupIterations;

  @Option(names = "-w", paramLabel = "TIME", description = "length of each (default: 10 s)")
  @Nullable TimeValue warmupTime;

  @Option(names = "-i", paramLabel = "INT", description = "measured iterations (default: 5)")
  @Nullable Integer iterations;

  @Option(names = "-r", paramLabel = "TIME", description = "length of each (default: 10 s)")
  @Nullable TimeValue time;

  @Option(
      names = "-to",
      paramLabel = "TIME",
      description = "stop a fork that takes so much longer than its load (default: 10 min)")
  @Nullable TimeValue timeout;

  @Option(
      names = "-metric",
      split = ",",
      paramLabel = "NAME",
      description = {
        "the score, and after commas what to measure besides the usual metrics (default:"
            + " ttft·p50).",
        "Such as ttft, ttft·p95, icl·p99, tpot, e2e·p95, outputTokensPerSecond, responsesPerSecond,"
            + " cacheHitPercent, goodputPercent, failures"
      })
  private List<String> metrics = List.of();

  @Option(
      names = "-bm",
      split = ",",
      paramLabel = "MODE",
      description =
          "thrpt (the score is outputTokensPerSecond) or avgt (ttft·p50) (default: by -metric)")
  List<Mode> modes = List.of();

  @Option(
      names = "-tu",
      paramLabel = "UNIT",
      description = "unit of the score: m, s, ms, us or ns (default: ms, rates per s)")
  @Nullable TimeUnit timeUnit;

  @Option(
      names = "-search",
      paramLabel = "NAME=A..B",
      description = "find the largest value of a parameter, from A to B, that meets -objective")
  private @Nullable String searched;

  @Option(
      names = "-objective",
      paramLabel = "TEXT",
      description = "such as \"ttft p95 < 800ms & tpot p95 < 50ms & failures <= 1%%\"")
  private @Nullable String objectives;

  @Option(
      names = "-cache",
      paramLabel = "STATE",
      description = {
        "the server's prefix cache at the start of a fork (default: fresh):",
        "fresh: every fork has prefixes of its own; reset: the server empties it; keep: unchanged"
      })
  CacheStart cache = CacheStart.FRESH;

  @Option(
      names = "-rf",
      paramLabel = "TYPE",
      description = "type of the result file: text, csv, scsv, json or latex (default: by -rff)")
  @Nullable ResultFormatType resultFormat;

  @Option(
      names = "-rff",
      paramLabel = "FILE",
      description = "result file (default with -rf: jmh-result.TYPE, else none)")
  @Nullable Path resultFile;

  @Option(names = "-o", paramLabel = "FILE", description = "file for the output")
  @Nullable Path output;

  @Option(
      names = "-reports",
      paramLabel = "FOLDER",
      description = "folder for the forks' reports (default: ${DEFAULT-VALUE})")
  String reports = "reports";

  @Option(
      names = "-foe",
      paramLabel = "BOOL",
      arity = "1",
      description = "stop at the first fork that fails (default: ${DEFAULT-VALUE})")
  boolean failOnError;

  @Option(names = "-jvm", paramLabel = "PATH", description = "the forks' java (default: this one)")
  @Nullable String jvm;

  @Option(names = "-jvmArgs", paramLabel = "TEXT", description = "its arguments (default: -Xmx1G)")
  @Nullable String jvmArgs;

  @Option(names = "-jvmArgsPrepend", paramLabel = "TEXT", description = "arguments before them")
  @Nullable String jvmArgsPrepend;

  @Option(names = "-jvmArgsAppend", paramLabel = "TEXT", description = "arguments after them")
  @Nullable String jvmArgsAppend;

  @Option(names = "-v", paramLabel = "MODE", description = "extra prints all output of the forks")
  VerboseMode verbosity = VerboseMode.NORMAL;

  @Option(names = "-l", description = "list the benchmarks and exit")
  boolean list;

  @Option(names = "-lp", description = "list the benchmarks with their parameters and exit")
  boolean listWithParameters;

  @Option(names = "-lrf", description = "list the types of result files and exit")
  boolean listResultFormats;

  @Option(names = OF, hidden = true)
  String of = STAMP.format(Instant.now());

  @Option(names = FORKED, hidden = true)
  private @Nullable String messages;

  private List<String> properties = List.of();

  /**
   * What to search instead of measuring every combination.
   *
   * @param axis the searched parameter and its range
   * @param objectives what a load must meet
   */
  record Search(SearchAxis axis, SearchObjectives objectives) {

    /** Returns one combination for each choice of the parameters that are not searched. */
    List<Combination> bases(List<Combination> all) {
      String any = axis.examples().get(0);
      return all.stream()
          .filter(combination -> any.equals(combination.value(axis.name())))
          .toList();
    }
  }

  /** Teaches a command line to read JMH's types. */
  static void registerConverters(CommandLine line) {
    line.registerConverter(TimeValue.class, BenchOptions::time)
        .registerConverter(TimeUnit.class, BenchOptions::unit)
        .registerConverter(Mode.class, BenchOptions::mode);
  }

  private static TimeValue time(String text) {
    try {
      return TimeValue.fromString(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("must be a time such as 500ms or 10s, got " + text, e);
    }
  }

  private static Mode mode(String text) {
    try {
      return Mode.deepValueOf(text);
    } catch (IllegalStateException e) {
      throw new IllegalArgumentException("must be thrpt or avgt, got " + text, e);
    }
  }

  private static TimeUnit unit(String text) {
    return Durations.unit(text)
        .orElseThrow(() -> new IllegalArgumentException("must be m, s, ms, us or ns, got " + text));
  }

  /**
   * Reads options from one text, such as that of {@code llm.benchmark}.
   *
   * @throws IllegalArgumentException naming the option and the remedy
   */
  static BenchOptions parse(String text) {
    return parse(text.isBlank() ? List.of() : List.of(text.strip().split("\\s+")));
  }

  static BenchOptions parse(List<String> arguments) {
    BenchOptions options = new BenchOptions();
    CommandLine line = new CommandLine(options);
    registerConverters(line);
    line.setPosixClusteredShortOptionsAllowed(false)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUnmatchedArgumentsAllowed(true);
    try {
      line.parseArgs(arguments.toArray(String[]::new));
      options.check(line);
    } catch (ParameterException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
    return options;
  }

  /**
   * Takes {@code -Dname=value} from the arguments that matched no option, and rejects all others.
   *
   * @throws ParameterException for the first one that is unknown or unsupported
   * @throws IllegalArgumentException for a search that is not complete or cannot be read
   */
  void check(CommandLine line) {
    List<String> unknown = new ArrayList<>(line.getUnmatchedArguments());
    properties = unknown.stream().filter(option -> option.startsWith("-D")).toList();
    unknown.removeAll(properties);
    for (Map.Entry<List<String>, String> unsupported : UNSUPPORTED.entrySet()) {
      for (String option : unsupported.getKey()) {
        if (unknown.contains(option)) {
          throw new ParameterException(
              line, option + " is not supported: " + unsupported.getValue());
        }
      }
    }
    if (!unknown.isEmpty()) {
      throw new UnmatchedArgumentException(line, unknown);
    }
    search()
        .map(search -> search.axis().name())
        .ifPresent(
            name ->
                Require.that(
                    !parameters.containsKey(name), "-p", name, "a parameter that is not searched"));
  }

  /** System properties for the forks, as {@code name=value}. */
  List<String> properties() {
    return properties.stream().map(property -> property.substring("-D".length())).toList();
  }

  /** Returns the file for messages to the runner; empty if no runner has started this process. */
  Optional<Path> messages() {
    return Optional.ofNullable(messages).map(file -> Path.of(URLDecoder.decode(file, UTF_8)));
  }

  /** Names of metrics, the score first; empty if none is given. */
  Set<String> metrics() {
    Set<String> all = new LinkedHashSet<>(metrics);
    search().ifPresent(search -> all.addAll(search.objectives().scores()));
    return all;
  }

  /**
   * The values given for each parameter. A searched parameter has three: both ends and one between,
   * so that they are checked before the first fork.
   */
  Map<String, List<String>> parameters() {
    Map<String, List<String>> values = new LinkedHashMap<>();
    // a runner encodes values: a command line may not take every letter
    parameters.forEach(
        (name, list) ->
            values.put(
                name,
                Stream.of(list.split(","))
                    .map(value -> messages != null ? URLDecoder.decode(value, UTF_8) : value)
                    .toList()));
    search().ifPresent(search -> values.put(search.axis().name(), search.axis().examples()));
    return values;
  }

  Optional<Search> search() {
    if (searched == null && objectives == null) {
      return Optional.empty();
    }
    if (searched == null) {
      throw new IllegalArgumentException(
          "-objective needs -search with the parameter to search, as in -search users=1..512");
    }
    if (objectives == null) {
      throw new IllegalArgumentException(
          "-search needs -objective with what to meet, as in -objective \"ttft p95 < 800ms\"");
    }
    return Optional.of(new Search(SearchAxis.parse(searched), SearchObjectives.parse(objectives)));
  }
}
