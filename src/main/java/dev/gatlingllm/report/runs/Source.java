package dev.gatlingllm.report.runs;

import dev.gatlingllm.report.KeptRun;
import dev.gatlingllm.report.RunInfo;
import dev.gatlingllm.report.StateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One of the runs that are merged.
 *
 * @param folder the folder of its files
 * @param run what it measured
 */
record Source(Path folder, KeptRun run) {

  /** Reads a run from its folder. */
  static Source in(Path folder) throws IOException, MergeException {
    if (!Files.isDirectory(folder)) {
      throw new MergeException(folder + " is not a folder; name the folders of runs in reports/");
    }
    Optional<KeptRun> run = KeptRun.in(folder);
    if (run.isEmpty()) {
      throw new MergeException(
          folder
              + " has no run to merge: "
              + (Files.exists(folder.resolve(StateFile.FILE_NAME))
                  ? "it was stopped before its first response"
                  : StateFile.FILE_NAME + " is missing; runs write it since 0.1.0"));
    }
    return new Source(folder, run.get());
  }

  String name() {
    return folder.toAbsolutePath().normalize().getFileName().toString();
  }

  RunInfo info() {
    return run.info();
  }

  long windowOpenNanos() {
    return run.state().windowOpenNanos();
  }

  long windowCloseNanos() {
    return run.state().windowCloseNanos();
  }
}
