package dev.gatlingllm.report.runs;

import dev.gatlingllm.metrics.RunAccumulator;
import dev.gatlingllm.report.KeptRun;
import dev.gatlingllm.report.RunInfo;
import dev.gatlingllm.report.StateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One of the runs that are merged. A merge of many reads their responses one run after the other:
 * each takes some MB of memory.
 *
 * @param name the folder's name, after its parent's where another run has the same
 * @param folder the folder of its files
 * @param info what was run
 * @param frame how it was measured; with the responses if {@code isWhole}
 * @param isWhole whether the frame is the state, as of a run that was killed
 */
record Source(String name, Path folder, RunInfo info, RunAccumulator frame, boolean isWhole) {

  /** Reads how a run was measured from its folder. */
  static Source in(Path folder) throws IOException, MergeException {
    if (!Files.isDirectory(folder)) {
      throw new MergeException(folder + " is not a folder; name the folders of runs in reports/");
    }
    Optional<StateFile> file = StateFile.readFrame(folder);
    if (file.isPresent() && file.get().complete()) {
      return new Source(name(folder), folder, file.get().run(), file.get().state(), false);
    }
    KeptRun recovered =
        KeptRun.in(folder)
            .orElseThrow(
                () ->
                    new MergeException(
                        folder
                            + " has no run to merge: "
                            + (file.isPresent()
                                ? "it was stopped before its first response"
                                : StateFile.FILE_NAME + " is missing; runs write it since 0.1.0")));
    return new Source(name(folder), folder, recovered.info(), recovered.state(), true);
  }

  /** Reads what was measured, by the clock of the frame. */
  RunAccumulator state() throws IOException {
    if (isWhole) {
      return frame;
    }
    RunAccumulator state =
        KeptRun.in(folder)
            .orElseThrow(() -> new IOException(folder + " was removed while it was merged"))
            .state();
    state.correctClock((frame.windowOpenNanos() - state.windowOpenNanos()) / 1_000_000);
    return state;
  }

  /** Returns the single runs in it: itself, or those that it merges. */
  List<RunInfo.Merged> runs() {
    return info.runs().isEmpty()
        ? List.of(
            new RunInfo.Merged(
                Objects.requireNonNullElse(info.id(), name(folder)), info.start(), info.shard()))
        : info.runs();
  }

  private static String name(Path folder) {
    return folder.toAbsolutePath().normalize().getFileName().toString();
  }

  /**
   * Returns runs of which each has a name of its own: load generators that start in the same
   * millisecond give their folders the same name.
   */
  static List<Source> withDistinctNames(List<Source> sources) {
    Map<String, Long> uses =
        sources.stream().collect(Collectors.groupingBy(Source::name, Collectors.counting()));
    return sources.stream()
        .map(source -> uses.getOrDefault(source.name, 0L) > 1 ? source.withParent() : source)
        .toList();
  }

  private Source withParent() {
    return new Source(name(folder.resolve("..")) + "/" + name, folder, info, frame, isWhole);
  }

  /** Returns the name for messages, with the part of the load that was sent. */
  String label() {
    RunInfo.Shard shard = info.shard();
    return shard == null || !shard.sharesLoad()
        ? name
        : "%s (shard %d/%d)".formatted(name, shard.index(), shard.count());
  }

  boolean hasNoObjectives() {
    return frame.objectives().all().isEmpty();
  }

  long windowOpenNanos() {
    return frame.windowOpenNanos();
  }

  long windowCloseNanos() {
    return frame.windowCloseNanos();
  }
}
