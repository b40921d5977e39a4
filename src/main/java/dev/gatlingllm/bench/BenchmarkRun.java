package dev.gatlingllm.bench;

import static java.util.Objects.requireNonNull;

import dev.gatlingllm.bench.result.ForkNote;
import dev.gatlingllm.gatling.RunObserver;
import dev.gatlingllm.gatling.TokenRun;
import dev.gatlingllm.metrics.ResponseSink;
import dev.gatlingllm.metrics.Window;
import dev.gatlingllm.report.Finding;
import dev.gatlingllm.report.RunFolder;
import dev.gatlingllm.report.RunInfo;
import dev.gatlingllm.report.TokensJson;
import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.settings.Setting;
import dev.gatlingllm.settings.SettingException;
import dev.gatlingllm.settings.UsedSettings;
import dev.gatlingllm.text.Choice;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Runs a benchmark as the one fork that this process is: measures and prints its iterations. */
final class BenchmarkRun implements RunObserver {

  private static final int RUNNER_GONE = 3;

  /** Settings that differ from fork to fork, or are those of a server and not of a load. */
  private static final Set<String> NOT_OF_THE_LOAD = Set.of("baseUrl", "benchmark", "salt");

  private final LlmBenchmark benchmark;
  private final ParamFields fields;
  private final Combination combination;
  private final CacheStart cache;
  private final Optional<Path> messages;
  private final FirstPrompts firstPrompts = new FirstPrompts();
  private volatile Optional<Path> folder = Optional.empty();
  private volatile @Nullable IterationWatch watch;

  /** How long the load was, in nanoseconds, once it has ended: writing the report is no load. */
  private volatile OptionalLong length = OptionalLong.empty();

  /** Whether the load came to its planned end, if need be with nobody in the rest of it. */
  private volatile boolean lasted;

  private volatile List<String> withoutEffect = List.of();
  private volatile Map<String, String> settings = Map.of();

  private BenchmarkRun(LlmBenchmark benchmark, BenchOptions options) {
    this.benchmark = benchmark;
    fields = new ParamFields(benchmark.getClass());
    combination = Combination.of(benchmark.getClass(), options).get(0);
    cache = options.cache;
    messages = options.messages();
    messages.ifPresent(BenchmarkRun::exitWithRunner);
  }

  /**
   * Sets up the run of this process for a benchmark, and sets the benchmark's parameters.
   *
   * @throws SettingException for an invalid benchmark or option
   */
  static BenchmarkRun begin(LlmBenchmark benchmark) {
    LlmSettings.get().requireOneLoadGenerator();
    BenchOptions options = options();
    BenchmarkRun begun = SettingException.checked(() -> new BenchmarkRun(benchmark, options));
    begun.combination.settings().forEach(BenchmarkRun::requireSetting);
    begun.fields.set(benchmark, begun.combination.parameters());
    TokenRun run = TokenRun.current();
    Conditions conditions = begun.combination.conditions();
    run.measure(Window.ofIterations(conditions.warmups(), conditions.measured()));
    run.endConversationsWithWindow();
    run.addObserver(begun);
    return begun;
  }

  /** A fork has its settings from the runner; a run by itself has read them before its options. */
  private static void requireSetting(String key, String value) {
    if (!value.equals(System.getProperty(key))) {
      throw new SettingException(
          "-p %s=%s needs forks; a run by itself needs -D%s=%s instead"
              .formatted(key, value, key, value));
    }
  }

  private static BenchOptions options() {
    String text = LlmSettings.get().find(Setting.BENCHMARK).orElse("");
    try {
      return BenchOptions.parse(text);
    } catch (IllegalArgumentException e) {
      throw new SettingException(Setting.BENCHMARK, text, e);
    }
  }

  Duration duration() {
    return combination.conditions().duration();
  }

  @Override
  public List<ResponseSink> sinks(TokenRun run) {
    folder = RunFolder.find();
    return List.of(firstPrompts);
  }

  @Override
  public void prepared(TokenRun run) {
    try {
      fields.requireUntouched(benchmark, combination.parameters());
      if (cache == CacheStart.RESET) {
        CacheStart.reset(run.baseUrl(), LlmSettings.get().get(Setting.INSECURE));
      }
    } catch (IllegalArgumentException e) {
      throw new SettingException(String.valueOf(e.getMessage()));
    }
    if (messages.isEmpty()) {
      combination.header().forEach(System.out::println);
      System.out.println("# Fork: 1 of 1, by itself");
      System.out.println();
    }
    IterationWatch started =
        new IterationWatch(
            () -> length.isPresent() ? length : run.recorder().elapsedNanos(),
            () -> run.recorder().summary().byIteration(),
            combination.conditions(),
            this::print);
    started.start();
    watch = started;
  }

  @Override
  public void loadStopped(TokenRun run) {
    length = run.recorder().elapsedNanos();
    lasted = run.isLoadOver() && run.lasts(duration()) && requireNonNull(watch).hasBegunLast();
    if (lasted) {
      run.recorder().lastsToTheEnd();
    }
  }

  @Override
  public void loadEnded(TokenRun run) {
    if (lasted && !run.recorder().summary().ranOut()) {
      requireNonNull(watch).printRest();
    }
  }

  @Override
  public void recordingEnded(TokenRun run) {
    // they are forgotten afterwards
    withoutEffect = UsedSettings.withoutEffect();
    Map<String, String> target = new LinkedHashMap<>();
    target.put("api", Choice.key(LlmSettings.get().get(Setting.API)));
    run.models().ifPresent(models -> target.put("model", models));
    run.tokenizer().ifPresent(tokenizer -> target.put("tokenizer", tokenizer.name()));
    settings = ofTheLoad(UsedSettings.get(), target, cache);
  }

  /**
   * Returns what decides the load, by its name: settings without their prefix, and an option.
   *
   * @param used settings of the load, in which weighted models replace the single one
   * @param target API, model and tokenizer of the load, as far as they are known
   */
  static Map<String, String> ofTheLoad(
      Map<String, String> used, Map<String, String> target, CacheStart cache) {
    Map<String, String> settings = new LinkedHashMap<>(used);
    settings.keySet().removeAll(NOT_OF_THE_LOAD);
    settings.putAll(target);
    if (settings.containsKey("models")) {
      settings.remove("model");
    }
    settings.put("-cache", Choice.key(cache));
    return settings;
  }

  /** Takes over a warning of the fork's report. */
  private void note(String finding, ForkNote.Kind kind, List<ForkNote> notes) {
    folder
        .flatMap(report -> TokensJson.warning(report, finding))
        .ifPresent(text -> notes.add(new ForkNote(kind, text)));
  }

  @Override
  public void ended(TokenRun run) {
    IterationWatch started = requireNonNull(watch);
    started.printEnded();
    if (!started.isComplete()) {
      print("# The load ended before its last iteration: there is no score.");
      return;
    }
    combination.warnings(withoutEffect).forEach(this::print);
    List<ForkNote> notes = new ArrayList<>();
    if (cache != CacheStart.KEEP) {
      firstPrompts
          .note(new RunInfo.Load(settings, List.of(), List.of()).mayBeginAlike())
          .ifPresent(text -> notes.add(new ForkNote(ForkNote.Kind.WARM_CACHE, text)));
    }
    note(Finding.OTHER_LOAD, ForkNote.Kind.OTHER_LOAD, notes);
    note(Finding.BUILDING_UP, ForkNote.Kind.BUILDING_UP, notes);
    ForkScores scores =
        ForkScores.of(
            combination.conditions(),
            run.recorder().summary(),
            run.recorder().clientByIteration(),
            folder.map(Path::toString).orElse(null),
            settings,
            withoutEffect,
            notes);
    if (messages.isPresent()) {
      send(new ForkMessage(null, scores));
    } else {
      notes.forEach(note -> System.out.println("# " + note.text()));
      Results results = new Results();
      results.add(combination, List.of(scores));
      results.pooling().ifPresent(line -> System.out.println("# " + line));
      System.out.println(results.table());
    }
  }

  /** Prints a line about an iteration; a runner has printed the header before. */
  private void print(String line) {
    if (messages.isPresent()) {
      send(new ForkMessage(line, null));
    } else {
      System.out.println(line);
    }
  }

  private void send(ForkMessage message) {
    try {
      message.send(messages.orElseThrow());
    } catch (IOException e) {
      System.err.println("This fork cannot send a message to its runner: " + e);
    }
  }

  /**
   * Ends this process when its runner has ended or was killed, and deletes the files that only the
   * two share: a killed runner could not. The runner holds the other end of the standard input, and
   * never writes to it.
   */
  static void exitWithRunner(Path messages) {
    Thread thread = new Thread(() -> waitForRunner(messages), "gatling-llm-runner-watch");
    thread.setDaemon(true);
    thread.start();
  }

  private static void waitForRunner(Path messages) {
    try {
      System.in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      // same as its end
    }
    try {
      Path folder = messages.toAbsolutePath().getParent();
      if (folder != null && folder.getFileName().toString().startsWith(ForkProcess.FOLDER)) {
        ForkProcess.delete(folder);
      }
    } catch (IOException leftBehind) {
      System.err.println("This fork cannot delete its files: " + leftBehind);
    }
    System.exit(RUNNER_GONE);
  }
}
