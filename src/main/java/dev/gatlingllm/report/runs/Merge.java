package dev.gatlingllm.report.runs;

import dev.gatlingllm.metrics.HistogramLogs;
import dev.gatlingllm.metrics.RunAccumulator;
import dev.gatlingllm.report.BenchmarkJson;
import dev.gatlingllm.report.KeptRun;
import dev.gatlingllm.report.RunInfo;
import dev.gatlingllm.report.RunReport;
import dev.gatlingllm.report.StateFile;
import dev.gatlingllm.report.TokensJson;
import dev.gatlingllm.report.TokensPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** Adds up what several load generators saw of one load, as one that did all of it would have. */
final class Merge {

  private final List<Source> sources;

  private Merge(List<Source> sources) {
    this.sources = sources;
  }

  /**
   * The sum of some runs.
   *
   * @throws MergeException if there is no sense in it
   */
  static Merge of(List<Source> sources) throws MergeException {
    Merge merge = new Merge(sources);
    merge.refuseTwice();
    merge.refuseDifferent("models", source -> source.info().model());
    merge.refuseDifferent("APIs", source -> source.info().api());
    merge.refuseDifferent("tokenizers", source -> source.info().tokenizer());
    merge.refuseDifferent("objectives of goodput", source -> source.run().state().objectives());
    merge.refuseApart();
    return merge;
  }

  private void refuseTwice() throws MergeException {
    Set<Path> seen = new HashSet<>();
    for (Source source : sources) {
      if (!seen.add(source.folder().toAbsolutePath().normalize())) {
        throw new MergeException(source.folder() + " is named twice");
      }
    }
  }

  private void refuseDifferent(String what, Function<Source, Object> property)
      throws MergeException {
    Source first = sources.get(0);
    for (Source other : sources) {
      if (!Objects.equals(property.apply(first), property.apply(other))) {
        throw new MergeException(
            "Runs with different "
                + what
                + " are not one load: "
                + property.apply(first)
                + " in "
                + first.name()
                + ", "
                + property.apply(other)
                + " in "
                + other.name()
                + ". Compare them in reports/index.html instead");
      }
    }
  }

  private void refuseApart() throws MergeException {
    for (Source one : sources) {
      for (Source other : sources) {
        if (one != other && one.windowCloseNanos() <= other.windowOpenNanos()) {
          throw new MergeException(
              "Runs that were not measured at the same time are not one load: "
                  + one.name()
                  + " until "
                  + moment(one.windowCloseNanos())
                  + ", "
                  + other.name()
                  + " from "
                  + moment(other.windowOpenNanos())
                  + ". Compare them in reports/index.html instead, or set the load generators'"
                  + " clocks");
        }
      }
    }
  }

  private static Instant moment(long epochNanos) {
    return Instant.ofEpochMilli(epochNanos / 1_000_000);
  }

  /**
   * Writes all files of the merged run.
   *
   * @param folder of its own; made if it does not exist
   * @return the merged run
   * @throws MergeException if something is in the folder already
   */
  RunReport writeTo(Path folder) throws IOException, MergeException {
    Files.createDirectories(folder);
    try (Stream<Path> files = Files.list(folder)) {
      if (files.findAny().isPresent()) {
        throw new MergeException(folder + " is not empty; name a folder that does not exist yet");
      }
    }
    RunInfo info = MergedInfo.of(folder.getFileName().toString(), sources);
    RunAccumulator state =
        RunAccumulator.merged(sources.stream().map(source -> source.run().state()).toList());
    RunReport report = new KeptRun(info, state).report();
    StateFile.write(info, state, true, folder);
    TokensJson.write(report, folder);
    BenchmarkJson.write(report, folder);
    TokensPage.write(report, folder.resolve("index.html"));
    MergedRequests.write(sources, folder);
    HistogramLogs.merge(sources.stream().map(Source::folder).toList(), folder);
    return report;
  }
}
