package dev.gatlingllm.report.runs;

import dev.gatlingllm.report.Load;
import dev.gatlingllm.report.RunInfo;
import dev.gatlingllm.report.assertion.Assertions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Descriptions of the shards of a load, whose own assertions are judged. */
final class ShardInfos {

  private ShardInfos() {}

  /** Returns the description of one of two shards that asked a server. */
  static RunInfo at(String baseUrl, int index) {
    RunInfo info = shard(index, 2);
    RunInfo.Target target = info.target();
    return new RunInfo(
        info.id(),
        info.simulation(),
        info.start(),
        info.versions(),
        info.seed(),
        new RunInfo.Target(baseUrl, target.model(), target.api(), target.tokenizer()),
        info.load(),
        info.shard(),
        info.clock(),
        info.assertions(),
        info.remarks(),
        info.runs());
  }

  /**
   * Returns the description of a shard.
   *
   * @param settings names without {@code llm.} and values in turn
   */
  static RunInfo shard(int index, int count, String... settings) {
    Map<String, String> load = new LinkedHashMap<>();
    for (int i = 0; i < settings.length; i += 2) {
      load.put(settings[i], settings[i + 1]);
    }
    RunInfo info = Load.info("run-" + index, "llama");
    return new RunInfo(
            info.id(),
            info.simulation(),
            info.start(),
            info.versions(),
            info.seed(),
            info.target(),
            new RunInfo.Load(load, List.of(), List.of()),
            new RunInfo.Shard(index, count, "llm.shard=" + index + "/" + count),
            null,
            Assertions.NONE,
            List.of(),
            List.of())
        .withAssertions(new Assertions(List.of(), List.of()));
  }
}
