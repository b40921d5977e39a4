package dev.gatlingllm.report;

import dev.gatlingllm.metrics.Accumulators;
import dev.gatlingllm.metrics.RunAccumulator;
import java.io.IOException;
import java.nio.file.Path;

/** Makes runs that were started together begin together, however fast the machine starts them. */
public final class SideBySide {

  private SideBySide() {}

  /** Lets a run that has ended have begun when another one did. */
  public static void setStart(Path folder, Path ofFolder) throws IOException {
    long start = StateFile.read(ofFolder).orElseThrow().state().startEpochMillis();
    StateFile file = StateFile.read(folder).orElseThrow();
    RunAccumulator moved = Accumulators.at(start, file.state());
    StateFile.write(file.run(), moved, true, folder);
  }
}
