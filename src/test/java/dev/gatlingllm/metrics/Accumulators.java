package dev.gatlingllm.metrics;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Runs as other load generators would have left them, by way of their JSON. */
public final class Accumulators {

  private static final ObjectMapper JSON = new ObjectMapper();

  private Accumulators() {}

  /** Returns the run after writing and reading it. */
  static RunAccumulator reread(RunAccumulator run) {
    return read(write(run));
  }

  /** Returns the same run at another time. */
  public static RunAccumulator at(long startEpochMillis, RunAccumulator run) {
    ObjectNode json = write(run);
    ((ObjectNode) json.get("clock")).put("startEpochMillis", startEpochMillis);
    return read(json);
  }

  /** Returns the same run without the health of this process, which differs from run to run. */
  public static RunAccumulator withoutClient(RunAccumulator run) {
    ObjectNode json = write(run);
    json.remove("client");
    return read(json);
  }

  /** Returns the same run of a server with one GPU that costs 2 an hour. */
  public static RunAccumulator ofOneGpu(RunAccumulator run) {
    ObjectNode json = write(run);
    json.putObject("deployment").put("gpus", 1).put("costPerHour", 2);
    return read(json);
  }

  private static ObjectNode write(RunAccumulator run) {
    return JSON.valueToTree(run);
  }

  private static RunAccumulator read(ObjectNode json) {
    try {
      return JSON.treeToValue(json, RunAccumulator.class);
    } catch (JsonProcessingException impossible) {
      throw new AssertionError(impossible);
    }
  }
}
