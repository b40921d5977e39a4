package dev.gatlingllm.bench;

import dev.gatlingllm.gatling.RunObserver;
import dev.gatlingllm.gatling.TokenRun;
import dev.gatlingllm.metrics.ResponseSink;
import dev.gatlingllm.metrics.Window;
import dev.gatlingllm.report.RunFolder;
import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.settings.Setting;
import dev.gatlingllm.settings.SettingException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Runs a benchmark as the one fork that this process is: measures and prints its iterations. */
final class BenchmarkRun implements RunObserver {

  private final LlmBenchmark benchmark;
  private final ParamFields fields;
  private final Combination combination;
  private final CacheStart cache;
  private final ForkOutput output;
  private final FirstPrompt firstPrompt = new FirstPrompt();
  private volatile Optional<Path> folder = Optional.empty();
  private volatile IterationWatch watch;

  private BenchmarkRun(LlmBenchmark benchmark, BenchOptions options) {
    this.benchmark = benchmark;
    fields = new ParamFields(benchmark.getClass());
    combination = Combination.of(benchmark.getClass(), options).get(0);
    cache = options.cache;
    output = new ForkOutput(System.out, options.forked);
    if (options.forked) {
      RunnerWatch.start();
    }
  }

  /**
   * Sets up the run of this process for a benchmark, and sets the benchmark's parameters.
   *
   * @throws IllegalArgumentException for an invalid benchmark or option
   */
  static BenchmarkRun begin(LlmBenchmark benchmark) {
    BenchOptions options = options();
    BenchmarkRun begun;
    try {
      begun = new BenchmarkRun(benchmark, options);
    } catch (IllegalArgumentException e) {
      throw new UsageError(e.getMessage());
    }
    begun.fields.set(benchmark, begun.combination.parameters());
    TokenRun run = TokenRun.current();
    Conditions conditions = begun.combination.conditions();
    run.measure(Window.ofIterations(conditions.warmups(), conditions.measured()));
    run.endConversationsWithWindow();
    run.addObserver(begun);
    return begun;
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
  public List<ResponseSink> sinks() {
    folder = RunFolder.find();
    return List.of(firstPrompt);
  }

  @Override
  public void prepared(TokenRun run) {
    try {
      fields.requireUntouched(benchmark, combination.parameters());
      if (cache == CacheStart.RESET) {
        CacheReset.of(run.baseUrl());
      }
    } catch (IllegalArgumentException e) {
      throw new UsageError(e.getMessage());
    }
    output.begin(combination);
    watch =
        new IterationWatch(
            run::elapsedNanos,
            () -> run.summary().byIteration(),
            combination.conditions(),
            output::print);
    watch.start();
  }

  @Override
  public void ended(TokenRun run) {
    watch.printEnded();
    if (watch.isComplete()) {
      List<String> notes = new ArrayList<>();
      if (cache != CacheStart.KEEP) {
        firstPrompt.note().ifPresent(notes::add);
      }
      output.print(
          combination,
          ForkScores.of(
              combination.conditions(),
              run.summary().byIteration(),
              run.clientByIteration(),
              folder.map(Path::toString).orElse(null),
              notes));
    } else {
      output.print("# The load ended before its last iteration: there is no score.");
    }
  }
}
