package dev.gatlingllm.report;

import dev.gatlingllm.metrics.RunAccumulator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A run read from its folder, from which its pages, files and console output can be written again.
 *
 * @param report everything that is shown about it
 * @param state what was measured
 */
public record KeptRun(RunReport report, RunAccumulator state) {

  /**
   * Reads the run in a folder. A run that was killed is recovered from its requests file.
   *
   * @return empty without a {@link StateFile} or without any response
   * @throws IOException if a file cannot be read; the message says which and why
   */
  public static Optional<KeptRun> in(Path folder) throws IOException {
    Optional<StateFile> file = StateFile.read(folder);
    if (file.isEmpty()) {
      return Optional.empty();
    }
    return file.get().complete()
        ? Optional.of(of(folder.resolve(StateFile.FILE_NAME), file.get().run(), file.get().state()))
        : RecoveredRun.in(folder, file.get());
  }

  /** Summarises what was measured, because damage may show only then. */
  static KeptRun of(Path file, RunInfo info, RunAccumulator state) throws IOException {
    return KeptFile.read(file, () -> new KeptRun(new RunReport(info, state.summary()), state));
  }

  /** Returns what was run. */
  public RunInfo info() {
    return report.info();
  }
}
