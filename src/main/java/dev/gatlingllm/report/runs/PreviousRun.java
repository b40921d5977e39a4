package dev.gatlingllm.report.runs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatlingllm.report.HtmlPage;
import dev.gatlingllm.report.KeptFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The run of the same simulation before a run, as the list of runs has it. */
public final class PreviousRun {

  private PreviousRun() {}

  /**
   * Returns what the list of runs has of the newest earlier run of the same simulation, and of the
   * same shard of its load: its folder, start, run, totals and metrics. Files of earlier runs may
   * hold anything.
   *
   * @param runFolder a run's folder, which the list has too
   * @throws IOException if the list cannot be read
   */
  public static Optional<JsonNode> of(Path runFolder) throws IOException {
    Path folder = runFolder.toAbsolutePath().normalize();
    Path list = folder.resolveSibling(RunsIndex.FILE_NAME);
    if (!KeptFile.exists(list)) {
      return Optional.empty();
    }
    String page = KeptFile.readText(list);
    JsonNode runs = KeptFile.read(list, () -> HtmlPage.dataIn(page)).path("runs");
    JsonNode described = null;
    for (JsonNode run : runs) {
      // the newest is the first
      if (run.path("folder").asText().equals(folder.getFileName().toString())) {
        described = run.path("run");
      } else if (described != null
          && described.path("simulation").isTextual()
          && described.get("simulation").equals(run.at("/run/simulation"))
          && shard(described).equals(shard(run.path("run")))
          && run.path("totals").isObject()) {
        return Optional.of(run);
      }
    }
    return Optional.empty();
  }

  /** Returns which part of the load a run sent; empty for all of it. */
  private static String shard(JsonNode run) {
    return run.at("/shard/count").asInt() > 1
        ? run.at("/shard/index") + "/" + run.at("/shard/count")
        : "";
  }
}
