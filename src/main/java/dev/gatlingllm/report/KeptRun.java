package dev.gatlingllm.report;

import dev.gatlingllm.metrics.RunAccumulator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A run read from its folder, from which its pages, files and console output can be written again.
 *
 * @param info what was run
 * @param state what was measured
 */
public record KeptRun(RunInfo info, RunAccumulator state) {

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
        ? Optional.of(new KeptRun(file.get().run(), file.get().state()))
        : RecoveredRun.of(folder, file.get());
  }

  /** Returns the report that pages, files and console output are written from. */
  public RunReport report() {
    return new RunReport(info, state.summary());
  }
}
