package dev.gatlingllm.samples;

import static dev.gatlingllm.LlmDsl.*;
import static io.gatling.javaapi.core.CoreDsl.*;

import dev.gatlingllm.ReplayWorkload;
import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Simulation;
import java.nio.file.Path;

/**
 * Replay: recorded conversations, word for word, one for each user.
 *
 * <p>The file has OpenAI's messages, one conversation in a line; ShareGPT's and LMSYS-Chat's
 * formats and traces with arrival times are read as well: see docs/replay.md. By default, later
 * prompts carry what the server really said.
 *
 * <pre>{@code
 * mvn gatling:test -Dgatling.simulationClass=dev.gatlingllm.samples.Sample09Replay
 * }</pre>
 */
public class Sample09Replay extends Simulation {

  private final ReplayWorkload workload =
      replay(Path.of("src/test/resources/replay/messages.jsonl"));

  private final ScenarioBuilder chat =
      scenario("replay").exec(workload.pinned()).asLongAs(hasNextTurn()).on(chatTurn("turn"));

  {
    setUp(chat.injectOpen(atOnceUsers(3))).protocols(llmTarget());
  }
}
