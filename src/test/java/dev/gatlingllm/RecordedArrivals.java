package dev.gatlingllm;

import dev.gatlingllm.benchmarks.ArrivalsFile;
import dev.gatlingllm.gatling.RunObserver;
import dev.gatlingllm.gatling.TokenRun;
import dev.gatlingllm.metrics.ResponseSink;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Has a run keep, beside all that it always leaves, the moments at which its tokens arrived. */
public final class RecordedArrivals implements RunObserver {

  private final RunObserver usual = new RunReporting();
  private final Path folder;

  private RecordedArrivals(Path folder) {
    this.folder = folder;
  }

  /** To be called while the simulation is built, after the DSL has been touched. */
  public static void keptIn(Path folder) {
    TokenRun.current().observeBy(new RecordedArrivals(folder));
  }

  @Override
  public List<ResponseSink> sinks() {
    List<ResponseSink> sinks = new ArrayList<>(usual.sinks());
    sinks.add(new ArrivalsFile(folder));
    return sinks;
  }

  @Override
  public void prepared(TokenRun run) {
    usual.prepared(run);
  }

  @Override
  public void loadEnded(TokenRun run) {
    usual.loadEnded(run);
  }
}
