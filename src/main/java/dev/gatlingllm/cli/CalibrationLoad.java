package dev.gatlingllm.cli;

import static dev.gatlingllm.LlmDsl.llmTarget;
import static dev.gatlingllm.LlmDsl.measure;
import static dev.gatlingllm.LlmDsl.tokenTimed;
import static io.gatling.javaapi.core.CoreDsl.StringBody;
import static io.gatling.javaapi.core.CoreDsl.rampUsers;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.http;

import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.settings.Setting;
import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Simulation;
import java.time.Duration;

/** The load of {@link CalibrateCommand}: {@code llm.users} streams, each one after the other. */
public abstract class CalibrationLoad extends Simulation {

  /** System property: mean length of a response, in tokens. */
  static final String RESPONSE_TOKENS = "calibration.responseTokens";

  /** Lengths spread from half to one and a half of the mean, or all streams would go in step. */
  private static final String BODY =
      """
      {"model": "simulated", "stream": true, "stream_options": {"include_usage": true},
       "messages": [{"role": "user", "content": "Tell me more."}],
       "max_tokens": #{randomInt(%d,%d)}}
      """;

  private final LlmSettings settings = LlmSettings.get();
  private final int tokens = Integer.getInteger(RESPONSE_TOKENS);
  private final Duration load = settings.get(Setting.WARMUP).plus(settings.get(Setting.DURATION));

  private final ScenarioBuilder streams =
      scenario("streams")
          .during(load)
          .on(
              tokenTimed(
                  http("stream")
                      .post("/v1/chat/completions")
                      .header("Content-Type", "application/json")
                      .body(
                          StringBody(
                              BODY.formatted(Math.max(1, tokens / 2), tokens * 3 / 2 + 1)))));

  {
    measure(settings.get(Setting.WARMUP), settings.get(Setting.DURATION));
    // half of the warm-up to start, so that the other half is at full load
    Duration start = Duration.ofSeconds(Math.max(1, settings.get(Setting.WARMUP).toSeconds() / 2));
    setUp(streams.injectOpen(rampUsers(settings.get(Setting.USERS)).during(start)))
        .maxDuration(load)
        .protocols(llmTarget());
  }
}
