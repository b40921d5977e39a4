package dev.gatlingllm.report;

import dev.gatlingllm.metrics.RunAccumulator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A run as its folder keeps it: everything that its pages, files and console said can be said
 * again.
 *
 * @param info what was run
 * @param state what was measured
 */
public record KeptRun(RunInfo info, RunAccumulator state) {

  /**
   * The run in a folder; of one that was killed as much as its replies tell.
   *
   * @return empty where there is nothing to make figures of: no {@link StateFile}, or no reply
   * @throws IOException when what is there cannot be read; the message says what and why
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

  /** What pages, files and console are drawn from. */
  public RunReport report() {
    return new RunReport(info, state::summary);
  }
}
