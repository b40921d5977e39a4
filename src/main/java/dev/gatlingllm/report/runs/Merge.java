package dev.gatlingllm.report.runs;

import static java.util.stream.Collectors.joining;

import dev.gatlingllm.metrics.Figure.Direction;
import dev.gatlingllm.metrics.HistogramLogs;
import dev.gatlingllm.metrics.RunAccumulator;
import dev.gatlingllm.metrics.RunSummary;
import dev.gatlingllm.report.BenchmarkJson;
import dev.gatlingllm.report.Finding;
import dev.gatlingllm.report.JUnitFile;
import dev.gatlingllm.report.RunInfo;
import dev.gatlingllm.report.RunReport;
import dev.gatlingllm.report.StateFile;
import dev.gatlingllm.report.TokensJson;
import dev.gatlingllm.report.TokensPage;
import dev.gatlingllm.report.assertion.TestCase;
import dev.gatlingllm.text.IoProblems;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** Merges the runs of load generators that worked side by side into one run. */
final class Merge {

  private final List<Source> sources;
  private final ClockOffsets clocks;
  private List<Path> damagedLogs = List.of();
  private List<TestCase> assertions = List.of();

  private Merge(List<Source> sources) {
    this.sources = sources;
    this.clocks = new ClockOffsets(sources);
  }

  /**
   * Checks that runs can be merged.
   *
   * @throws MergeException if they cannot; the message says why
   */
  static Merge of(List<Source> sources) throws MergeException {
    Merge merge = new Merge(Source.withDistinctNames(sources));
    merge.rejectDuplicates();
    merge.rejectDifferent("models", source -> source.info().target().model());
    merge.rejectDifferent("APIs", source -> source.info().target().api());
    merge.rejectDifferent("tokenizers", source -> source.info().target().tokenizer());
    merge.rejectUnknownGaps();
    merge.rejectDifferent("objectives of goodput", source -> source.frame().objectives().all());
    merge.clocks.correct(merge.sources);
    merge.rejectApart();
    return merge;
  }

  private void rejectDuplicates() throws MergeException {
    Set<Path> seen = new HashSet<>();
    for (Source source : sources) {
      if (!seen.add(source.folder().toAbsolutePath().normalize())) {
        throw new MergeException(source.folder() + " is named twice");
      }
    }
    Map<RunInfo.Merged, Source> sourceOf = new HashMap<>();
    for (Source source : sources) {
      for (RunInfo.Merged run : source.runs()) {
        Source other = sourceOf.putIfAbsent(run, source);
        if (other != null) {
          throw new MergeException(
              "%s would count twice: it is in %s and in %s. Leave one of them out"
                  .formatted(run.name(), other.folder(), source.folder()));
        }
      }
    }
  }

  /** A run that was killed has no objectives if one is for ICL and it kept no times of chunks. */
  private void rejectUnknownGaps() throws MergeException {
    boolean anyObjectives = sources.stream().anyMatch(source -> !source.hasNoObjectives());
    for (Source source : sources) {
      if (source.isWhole() && source.hasNoObjectives() && anyObjectives) {
        throw new MergeException(
            source.folder()
                + " was killed. Without llm.chunkTimes, nobody knows its gaps for an objective of"
                + " ICL, so that it cannot be merged with runs that have objectives. Recover it"
                + " alone, and leave it out here");
      }
    }
  }

  private void rejectDifferent(String what, Function<Source, Object> property)
      throws MergeException {
    Source first = sources.get(0);
    for (Source other : sources) {
      if (!Objects.equals(property.apply(first), property.apply(other))) {
        throw new MergeException(
            "Cannot merge runs with different %s: %s in %s, %s in %s. Compare them in"
                    .formatted(
                        what,
                        property.apply(first),
                        first.name(),
                        property.apply(other),
                        other.name())
                + " reports/index.html instead");
      }
    }
  }

  @SuppressWarnings("ReferenceEquality") // a source is compared with each other one
  private void rejectApart() throws MergeException {
    for (Source one : sources) {
      for (Source other : sources) {
        if (one != other && one.windowCloseNanos() <= other.windowOpenNanos()) {
          throw new MergeException(
              "Cannot merge runs that were not measured at the same time: %s until %s, %s from %s%s"
                  .formatted(
                      one.name(),
                      instant(one.windowCloseNanos()),
                      other.name(),
                      instant(other.windowOpenNanos()),
                      (clocks.areKnown() ? ", by one clock. " : ". ")
                          + remedy(one)
                          + (clocks.areKnown()
                              ? ""
                              : ", or synchronise the clocks of the load generators")));
        }
      }
    }
  }

  private static String remedy(Source run) {
    RunInfo.Shard shard = run.info().shard();
    return shard != null && shard.sharesLoad()
        ? "Start the whole load again, all shards at the same llm.startAt"
        : "Compare them in reports/index.html instead";
  }

  private static Instant instant(long epochNanos) {
    return Instant.ofEpochMilli(epochNanos / 1_000_000);
  }

  /**
   * Writes all files of the merged run, or none: they are written into a folder beside it that is
   * renamed at the end.
   *
   * @param folder a new or empty folder
   * @return the report of the merged run
   * @throws MergeException if the folder is not empty or cannot be made, or files of a run hold
   *     nonsense
   */
  RunReport writeTo(Path folder) throws IOException, MergeException {
    requireEmpty(folder);
    Path unfinished = unfinished(folder);
    try {
      RunReport report = write(folder.getFileName().toString(), unfinished);
      Files.deleteIfExists(folder);
      Files.move(unfinished, folder);
      return report;
    } catch (RuntimeException | OutOfMemoryError damaged) {
      throw new MergeException(
          "Cannot merge %s: %s. The files of one of them are damaged; copy them again"
              .formatted(
                  sources.stream().map(Source::folder).map(Path::toString).collect(joining(", ")),
                  damaged));
    } finally {
      deleteIfExists(unfinished);
    }
  }

  private static Path unfinished(Path folder) throws MergeException {
    String name = "." + folder.getFileName() + "-" + ProcessHandle.current().pid() + ".part";
    try {
      Files.createDirectories(folder.getParent());
      return Files.createDirectory(folder.resolveSibling(name));
    } catch (IOException refused) {
      throw new MergeException(
          "Cannot write the merged run to %s: no folder can be made in %s (%s)"
              .formatted(folder, folder.getParent(), IoProblems.reason(refused)));
    }
  }

  private RunReport write(String id, Path folder) throws IOException {
    RunAccumulator state = RunAccumulator.emptySum(sources.stream().map(Source::frame).toList());
    List<Finding> stalls = new ArrayList<>();
    for (Source source : sources) {
      RunAccumulator one = source.state();
      stalls.addAll(stalls(source, one));
      state.add(one);
    }
    if (sources.stream().map(source -> source.info().target().baseUrl()).distinct().count() > 1) {
      state.dropDeployment();
    }
    RunSummary summary = state.summary();
    RunInfo info = MergedInfo.of(id, sources, clocks);
    if (new RunReport(info, summary).stalls().isEmpty()) {
      info = info.withRemarks(Stream.concat(info.remarks().stream(), stalls.stream()).toList());
    }
    List<TestCase> onTokens = info.assertions().judge(summary);
    List<TestCase> gatlings = Objects.requireNonNull(info.assertions().gatlings());
    assertions = Stream.concat(onTokens.stream(), gatlings.stream()).toList();
    RunReport report = new RunReport(info, summary).withFailedAssertions(assertions);
    StateFile.write(report.info(), state, true, folder);
    if (!assertions.isEmpty()) {
      JUnitFile.write(assertions, folder);
    }
    TokensJson.write(report, folder);
    BenchmarkJson.write(report, Direction.LOWER_IS_BETTER, folder);
    BenchmarkJson.write(report, Direction.HIGHER_IS_BETTER, folder);
    TokensPage.write(report, folder.resolve("index.html"));
    MergedRequests.write(sources, clocks, folder);
    damagedLogs = HistogramLogs.merge(sources.stream().map(Source::folder).toList(), folder);
    return report;
  }

  /** Returns the stalls of one run, which the tokens of the others hide. */
  private List<Finding> stalls(Source source, RunAccumulator state) {
    return sources.size() == 1
        ? List.of()
        : new RunReport(source.info(), state.summary())
            .stalls().stream().map(stall -> stall.of(source.label())).toList();
  }

  /** Returns the histogram logs of which only the part before a damaged line was merged. */
  List<Path> damagedLogs() {
    return damagedLogs;
  }

  /** Returns the outcomes of the assertions of the merged run. */
  List<TestCase> assertions() {
    return assertions;
  }

  /** Refuses a folder that is not empty; accepts one that does not exist. */
  static void requireEmpty(Path folder) throws IOException, MergeException {
    if (!Files.exists(folder)) {
      return;
    }
    if (!Files.isDirectory(folder)) {
      throw new MergeException(folder + " is a file; name a folder that does not exist yet");
    }
    try (Stream<Path> files = Files.list(folder)) {
      if (files.findAny().isPresent()) {
        throw new MergeException(folder + " is not empty; name a folder that does not exist yet");
      }
    }
  }

  /** Deletes a folder of files. */
  private static void deleteIfExists(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
        for (Path file : files) {
          Files.delete(file);
        }
      }
      Files.delete(folder);
    }
  }
}
