package dev.gatlingllm;

import dev.gatlingllm.benchmarks.ArrivalsFile;
import dev.gatlingllm.gatling.RunObserver;
import dev.gatlingllm.gatling.TokenRun;
import dev.gatlingllm.metrics.ResponseSink;
import java.nio.file.Path;
import java.util.List;

/** Has a run keep, beside all that it always leaves, the moments at which its tokens arrived. */
public final class RecordedArrivals implements RunObserver {

  private final Path folder;

  private RecordedArrivals(Path folder) {
    this.folder = folder;
  }

  /** To be called while the simulation is built. */
  public static void keptIn(Path folder) {
    TokenRun.current().addObserver(new RecordedArrivals(folder));
  }

  @Override
  public List<ResponseSink> sinks(TokenRun run) {
    return List.of(new ArrivalsFile(folder));
  }
}
