package dev.gatlingllm;

import dev.gatlingllm.gatling.RunObserver;
import dev.gatlingllm.gatling.TokenRun;
import dev.gatlingllm.gatling.TokensTab;
import dev.gatlingllm.metrics.HistogramLogs;
import dev.gatlingllm.metrics.ResponseSink;
import dev.gatlingllm.report.BenchmarkJson;
import dev.gatlingllm.report.ConsoleSummary;
import dev.gatlingllm.report.InferencePerfFiles;
import dev.gatlingllm.report.LaunchArguments;
import dev.gatlingllm.report.LiveLine;
import dev.gatlingllm.report.RequestsFile;
import dev.gatlingllm.report.RunFolder;
import dev.gatlingllm.report.RunInfo;
import dev.gatlingllm.report.RunInfo.Target;
import dev.gatlingllm.report.RunInfo.Versions;
import dev.gatlingllm.report.RunReport;
import dev.gatlingllm.report.StateFile;
import dev.gatlingllm.report.TokensJson;
import dev.gatlingllm.report.TokensPage;
import dev.gatlingllm.report.runs.RunsIndex;
import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.settings.Setting;
import dev.gatlingllm.text.Choice;
import dev.gatlingllm.text.Version;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports a run: in Gatling's pages, in files beside them and on the console. The files are written
 * when the load has ended; the console summary, which links to Gatling's report, comes when that is
 * written. A run that is stopped leaves its files and its summary as the process ends.
 */
final class RunReporting implements RunObserver {

  private static final Logger LOGGER = LoggerFactory.getLogger(RunReporting.class);

  private Optional<Path> folder = Optional.empty();
  private Optional<InferencePerfFiles> inferencePerf = Optional.empty();

  /** The report of the whole run; null until the recording has ended. */
  private volatile RunReport report;

  /** Looks for the run's folder, which Gatling has created by now but does not name. */
  @Override
  public List<ResponseSink> sinks() {
    folder = RunFolder.find();
    List<ResponseSink> files = new ArrayList<>();
    folder.ifPresent(place -> open(place, files));
    return files;
  }

  private void open(Path folder, List<ResponseSink> files) {
    LlmSettings settings = LlmSettings.get();
    String failure = "A file of this run cannot be created in " + folder;
    attempt(failure, () -> files.add(new RequestsFile(folder, settings.get(Setting.CHUNK_TIMES))));
    attempt(failure, () -> files.add(new HistogramLogs(folder)));
    if (settings.get(Setting.INFERENCE_PERF_FILES)) {
      attempt(failure, () -> inferencePerf = Optional.of(new InferencePerfFiles(folder)));
      inferencePerf.ifPresent(files::add);
    }
  }

  @Override
  public void prepared(TokenRun run) {
    TokensTab.publish(() -> report);
    folder.ifPresent(place -> keep(info(run), run, false, place));
  }

  @Override
  public void statusPrinted(TokenRun run) {
    System.out.println(LiveLine.of(run.live().since(System.nanoTime())) + System.lineSeparator());
  }

  @Override
  public void recordingEnded(TokenRun run) {
    report = RunReport.ofThisMachine(info(run), run.recorder().summary());
    if (run.recorder().startEpochMillis().isPresent()) {
      folder.ifPresent(this::write);
      folder.ifPresent(place -> keep(report.info(), run, true, place));
    }
  }

  @Override
  public void loadEnded(TokenRun run) {
    run.assertions().judge(report.summary(), run.recorder().startEpochMillis(), folder);
  }

  @Override
  public void ended(TokenRun run) {
    if (run.recorder().startEpochMillis().isPresent()) {
      folder.ifPresent(run.assertions()::writeForCi);
      folder.ifPresent(
          place -> attempt("The list of runs is out of date", () -> RunsIndex.update(place)));
      System.out.println(ConsoleSummary.of(report));
      folder.ifPresent(
          place ->
              attempt(
                  "The page of this run's token figures is missing",
                  () -> System.out.println(TokensPage.locate(report, place))));
      long late = run.recorder().lateResponses();
      if (late > 0) {
        System.out.println(late + " responses ended after the run and are not in its figures");
      }
    }
  }

  private interface Writing {
    void run() throws IOException;
  }

  private static void attempt(String failure, Writing writing) {
    try {
      writing.run();
    } catch (IOException e) {
      LOGGER.error(failure, e);
    }
  }

  private void write(Path folder) {
    attempt(
        "The figures of this run cannot be written",
        () -> {
          TokensJson.write(report, folder);
          BenchmarkJson.write(report, folder);
          if (inferencePerf.isPresent()) {
            inferencePerf.get().conclude(report);
          }
        });
  }

  private static void keep(RunInfo info, TokenRun run, boolean complete, Path folder) {
    attempt(
        "The state of this run cannot be written",
        () -> StateFile.write(info, run.state(), complete, folder));
  }

  private RunInfo info(TokenRun run) {
    LlmSettings settings = LlmSettings.get();
    return new RunInfo(
        folder.map(place -> place.getFileName().toString()).orElse(null),
        LaunchArguments.ofThisProcess().simulation().orElse(null),
        run.recorder().startEpochMillis().isPresent()
            ? Instant.ofEpochMilli(run.recorder().startEpochMillis().getAsLong())
            : null,
        new Versions(Version.current(), TokenRun.gatlingVersion(), Runtime.version().toString()),
        run.seed().orElse(settings.get(Setting.SEED)),
        new Target(
            run.baseUrl().orElse(null),
            run.models().orElse(settings.get(Setting.MODEL)),
            Choice.key(settings.get(Setting.API)),
            run.tokenizer().map(Tokenizer::name).orElse(null)),
        List.of());
  }
}
