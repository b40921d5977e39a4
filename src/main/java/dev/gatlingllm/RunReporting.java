package dev.gatlingllm;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatlingllm.conversation.Api;
import dev.gatlingllm.gatling.RunObserver;
import dev.gatlingllm.gatling.RunProblems;
import dev.gatlingllm.gatling.TokenRun;
import dev.gatlingllm.gatling.TokensTab;
import dev.gatlingllm.metrics.Figure.Direction;
import dev.gatlingllm.metrics.HistogramLogs;
import dev.gatlingllm.metrics.ResponseSink;
import dev.gatlingllm.observe.ServerScraper;
import dev.gatlingllm.observe.export.LiveExport;
import dev.gatlingllm.observe.export.RunIdentity;
import dev.gatlingllm.report.BenchmarkJson;
import dev.gatlingllm.report.ConsoleSummary;
import dev.gatlingllm.report.Finding;
import dev.gatlingllm.report.InferencePerfFiles;
import dev.gatlingllm.report.JUnitFile;
import dev.gatlingllm.report.LaunchArguments;
import dev.gatlingllm.report.LiveLine;
import dev.gatlingllm.report.RequestsFile;
import dev.gatlingllm.report.RunFolder;
import dev.gatlingllm.report.RunInfo;
import dev.gatlingllm.report.RunInfo.Load;
import dev.gatlingllm.report.RunInfo.Target;
import dev.gatlingllm.report.RunInfo.Versions;
import dev.gatlingllm.report.RunReport;
import dev.gatlingllm.report.StateFile;
import dev.gatlingllm.report.TokensJson;
import dev.gatlingllm.report.TokensPage;
import dev.gatlingllm.report.assertion.Assertions;
import dev.gatlingllm.report.assertion.TestCase;
import dev.gatlingllm.report.runs.PreviousRun;
import dev.gatlingllm.report.runs.RunsIndex;
import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.settings.ServerRoot;
import dev.gatlingllm.settings.Setting;
import dev.gatlingllm.settings.UsedSettings;
import dev.gatlingllm.text.Choice;
import dev.gatlingllm.text.Plurals;
import dev.gatlingllm.text.Version;
import dev.gatlingllm.workload.Shard;
import dev.gatlingllm.workload.ShardEnvironment;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reports a run: in Gatling's pages, in files beside them and on the console. The files are written
 * when the load has ended; the console summary, which links to Gatling's report, comes when that is
 * written. A run that is stopped leaves its files and its summary as the process ends.
 */
final class RunReporting implements RunObserver {

  /** Stands for Gatling's own assertions if they cannot be judged, which is no success. */
  private static final TestCase UNKNOWN_OUTCOMES =
      TestCase.failed("Gatling's own assertions hold", "their outcomes are not known");

  private Optional<Path> folder = Optional.empty();
  private Optional<InferencePerfFiles> inferencePerf = Optional.empty();
  private Optional<ServerScraper> scraper = Optional.empty();

  private Optional<LiveExport> export = Optional.empty();

  /** The report of the whole run; null until the recording has ended. */
  private volatile @Nullable RunReport report;

  /** Looks for the run's folder, which Gatling has created by now but does not name. */
  @Override
  public List<ResponseSink> sinks(TokenRun run) {
    folder = RunFolder.find();
    Shard shard = run.shard();
    if (shard.count() > 1) {
      print("shard " + shard + " (" + shard.source() + ")");
    }
    unsharedLoad(shard).map(Finding::text).ifPresent(RunReporting::print);
    List<ResponseSink> files = new ArrayList<>();
    folder.ifPresent(place -> open(place, files, run.problems()));
    export = LiveExport.open(LlmSettings.get(), run.live(), run.objectives(), () -> identity(run));
    export.ifPresent(
        sink -> {
          files.add(sink);
          sink.describe().forEach(RunReporting::print);
        });
    return files;
  }

  private static void print(String sentence) {
    System.out.println("gatling-llm: " + sentence);
  }

  private void open(Path folder, List<ResponseSink> files, RunProblems problems) {
    LlmSettings settings = LlmSettings.get();
    problems.attempt(
        RequestsFile.FILE_NAME,
        () -> files.add(new RequestsFile(folder, settings.get(Setting.CHUNK_TIMES))));
    problems.attempt(HistogramLogs.FILES, () -> files.add(new HistogramLogs(folder)));
    if (settings.get(Setting.INFERENCE_PERF_FILES)) {
      problems.attempt(
          InferencePerfFiles.FOLDER,
          () -> inferencePerf = Optional.of(new InferencePerfFiles(folder)));
      inferencePerf.ifPresent(files::add);
    }
  }

  @Override
  public void prepared(TokenRun run) {
    // a process without free file descriptors could not load what this takes
    RunReport.ofThisMachine(info(run), run.recorder().summary(), run.assertions()::failures);
    folder.ifPresent(place -> keep(info(run), run, false, place));
  }

  @Override
  public void starting(TokenRun run) {
    scraper = ServerMetricsReader.start(run);
    scraper.ifPresent(reader -> reader.setUnderWay(run.live()::active));
    if (run.hasLeavers()) {
      scraper.ifPresent(ServerScraper::awaitFirstReading);
    }
  }

  @Override
  public void loadStopped(TokenRun run) {
    scraper.ifPresent(ServerScraper::finish);
    scraper.ifPresent(reader -> run.recorder().setServer(reader::metricsUpTo));
  }

  @Override
  public void statusPrinted(TokenRun run) {
    System.out.println(LiveLine.of(run.live().since(System.nanoTime())) + System.lineSeparator());
  }

  @Override
  public void recordingEnded(TokenRun run) {
    RunReport whole =
        RunReport.ofThisMachine(
            withUnreadSettings(info(run)).withClock(run.recorder().serverClock().orElse(null)),
            run.recorder().summary(),
            run.assertions()::failures);
    report = whole;
    if (run.recorder().startEpochMillis().isPresent()) {
      folder.ifPresent(place -> write(run, whole, place));
    }
  }

  /** Writes the files; first that from which the others can be made. */
  private void write(TokenRun run, RunReport report, Path folder) {
    RunProblems problems = run.problems();
    keep(report.info(), run, true, folder);
    problems.attemptTwice(TokensJson.FILE_NAME, () -> TokensJson.write(report, folder));
    for (Direction better : List.of(Direction.LOWER_IS_BETTER, Direction.HIGHER_IS_BETTER)) {
      problems.attemptTwice(
          BenchmarkJson.fileName(better), () -> BenchmarkJson.write(report, better, folder));
    }
    inferencePerf.ifPresent(
        files -> problems.attemptTwice(InferencePerfFiles.FOLDER, () -> files.conclude(report)));
  }

  private static void keep(RunInfo info, TokenRun run, boolean complete, Path folder) {
    run.problems()
        .attemptTwice(
            StateFile.FILE_NAME, () -> StateFile.write(info, run.state(), complete, folder));
  }

  private RunIdentity identity(TokenRun run) {
    Optional<ServerRoot> server = run.baseUrl().flatMap(RunReporting::root);
    Api api = LlmSettings.get().forTheRecord().get(Setting.API);
    return new RunIdentity(
        folder.map(place -> place.getFileName().toString()).orElse("unknown"),
        LaunchArguments.ofThisProcess().simulation().orElse("unknown"),
        Version.current(),
        // the operations of OpenTelemetry's conventions
        api == Api.COMPLETIONS ? "text_completion" : "chat",
        api == Api.MESSAGES ? "anthropic" : "openai",
        run.models(),
        server.map(ServerRoot::host),
        server.map(ServerRoot::port).orElse(0));
  }

  private static Optional<ServerRoot> root(String url) {
    try {
      return Optional.of(ServerRoot.parse(url));
    } catch (IllegalArgumentException notOfAServer) {
      return Optional.empty();
    }
  }

  @Override
  public void loadEnded(TokenRun run) {
    RunReport whole = report;
    if (whole != null) {
      List<TestCase> gatlings = judge(run, whole);
      if (run.recorder().startEpochMillis().isPresent()) {
        rewrite(run, whole.withGatlingsAssertions(gatlings));
      }
    }
  }

  private List<TestCase> judge(TokenRun run, RunReport whole) {
    try {
      return run.assertions().judge(whole.summary(), run.recorder().startEpochMillis(), folder);
    } catch (IOException | RuntimeException problem) {
      run.problems().add("the results of assertions", problem);
      return List.of(UNKNOWN_OUTCOMES);
    }
  }

  /** Writes the files that hold the outcomes of assertions once more. */
  private void rewrite(TokenRun run, RunReport judged) {
    report = judged;
    folder.ifPresent(
        place -> {
          keep(judged.info(), run, true, place);
          run.problems().attemptTwice(TokensJson.FILE_NAME, () -> TokensJson.write(judged, place));
        });
  }

  @Override
  public void ended(TokenRun run) {
    export.ifPresent(
        sink -> sink.end().forEach(lost -> System.err.println("gatling-llm: " + lost)));
    RunReport whole = report;
    if (whole == null || run.recorder().startEpochMillis().isEmpty()) {
      return;
    }
    RunProblems problems = run.problems();
    problems.attempt("this summary", () -> System.out.println(ConsoleSummary.of(whole)));
    folder.ifPresent(
        place -> {
          problems.attempt(JUnitFile.FILE_NAME, () -> run.assertions().writeForCi(place));
          problems.attempt("the list of runs", () -> updateList(place));
          problems.attempt(
              "the Tokens tab",
              () ->
                  System.out.println(
                      TokensTab.addTo(place, new TokensPage(whole, previous(place)))));
        });
    long late = run.recorder().lateResponses();
    if (late > 0) {
      System.out.println(
          Plurals.format(
              "%,d response{s} ended after the run and {is|are} not in its figures", late));
    }
  }

  /** Another program's page in the place of the list stays, and the run lacks nothing. */
  private static void updateList(Path folder) throws IOException {
    try {
      RunsIndex.update(folder);
    } catch (FileAlreadyExistsException anothers) {
      System.err.println("gatling-llm: there is no list of runs: " + anothers.getMessage());
    }
  }

  /** Without a list that can be read, a report lacks nothing but a comparison. */
  private static @Nullable JsonNode previous(Path folder) {
    try {
      return PreviousRun.of(folder).orElse(null);
    } catch (IOException unreadable) {
      return null;
    }
  }

  private RunInfo info(TokenRun run) {
    LlmSettings settings = LlmSettings.get().forTheRecord();
    Shard shard = run.shard();
    Map<String, String> used = UsedSettings.get();
    if (!run.baseUrl().map(LlmTarget::isOfSettings).orElse(true)) {
      used.remove("baseUrl");
    }
    return new RunInfo(
        folder.map(place -> place.getFileName().toString()).orElse(null),
        LaunchArguments.ofThisProcess().simulation().orElse(null),
        run.recorder().startEpochMillis().isPresent()
            ? Instant.ofEpochMilli(run.recorder().startEpochMillis().getAsLong())
            : null,
        new Versions(Version.current(), TokenRun.gatlingVersion(), Runtime.version().toString()),
        run.seed().orElseGet(() -> settings.get(Setting.SEED)),
        new Target(
            run.baseUrl().orElse(null),
            run.models().orElse(null),
            Choice.key(settings.get(Setting.API)),
            run.tokenizer().map(Tokenizer::name).orElse(null)),
        new Load(used, run.injection(), List.of(machine())),
        new RunInfo.Shard(shard.index(), shard.count(), shard.source()),
        null,
        new Assertions(run.assertions().declared(), null),
        unsharedLoad(shard).stream().toList(),
        List.of());
  }

  /** Returns a copy with a finding that names the settings that the user gave without effect. */
  private static RunInfo withUnreadSettings(RunInfo info) {
    List<String> keys = UsedSettings.withoutEffect();
    if (keys.isEmpty()) {
      return info;
    }
    Finding unread =
        Finding.note(
            "setting-unread",
            "%s: set for this run, but without effect. The simulation does not use the setting, or"
                + " states a value of its own.",
            String.join(", ", keys));
    return info.withRemarks(Stream.concat(Stream.of(unread), info.remarks().stream()).toList());
  }

  /** Warns that several processes each send all of the load. */
  private static Optional<Finding> unsharedLoad(Shard shard) {
    return LlmSettings.get().isSet(Setting.SHARD) || shard.count() > 1
        ? Optional.empty()
        : ShardEnvironment.find(System.getenv())
            .map(
                one ->
                    Finding.note(
                        "shard-not-set",
                        "The environment numbers this process as one of %,d (%s), but llm.shard is"
                            + " not set: each process sends the whole load. Set"
                            + " llm.shard=auto to share it.",
                        one.count(),
                        one.source()));
  }

  private static String machine() {
    Runtime java = Runtime.getRuntime();
    return Plurals.format("%,d core{s}", java.availableProcessors())
        + ", "
        + (java.maxMemory() >> 20)
        + " MiB heap, "
        + System.getProperty("os.name")
        + ' '
        + System.getProperty("os.arch");
  }
}
