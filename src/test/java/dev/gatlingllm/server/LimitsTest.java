package dev.gatlingllm.server;

import static dev.gatlingllm.server.Client.CHAT;
import static dev.gatlingllm.server.Client.COMPLETIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatlingllm.server.RequestTruth.RequestOutcome;
import dev.gatlingllm.server.engine.EngineSettings;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Limits and the rejection of unknown fields. */
@Timeout(60)
class LimitsTest {

  private static final String STREAMED = "{\"prompt\":\"hi\",\"stream\":true}";

  /** One response at a time, which takes hours. */
  private static final EngineSettings BUSY =
      EngineProfile.FAST.settings().toBuilder().maxNumSeqs(1).stepBase(Duration.ofHours(1)).build();

  @Test
  void rejectsRequestsAboveConcurrencyLimit() throws IOException {
    try (var server =
        SimulatedServer.start(
            s -> s.engine(BUSY).maxConcurrentRequests(2).retryAfter(Duration.ofMillis(2_500)))) {
      Client client = new Client(server);
      try (Wire first = new Wire(server);
          Wire second = new Wire(server)) {
        first.send(Wire.post(COMPLETIONS, STREAMED));
        first.readUntil("200 OK");
        second.send(Wire.post(COMPLETIONS, STREAMED));
        second.readUntil("200 OK");
        var refused = client.send("POST", COMPLETIONS, STREAMED);

        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("retry-after")).contains("3");
        assertThat(Client.json(refused.body()).at("/error/code").asText())
            .isEqualTo("rate_limit_exceeded");
        assertThat(server.truth())
            .singleElement()
            .matches(t -> t.outcome() == RequestOutcome.REFUSED);
        assertThat(client.get("/health").path("status").asText()).isEqualTo("ok");
      }
      while (server.truth().size() < 3) {
        Thread.onSpinWait();
      }
      // an invalid request also releases its permit
      for (int i = 0; i < 3; i++) {
        assertThat(client.send("POST", COMPLETIONS, "{}").statusCode()).isEqualTo(400);
      }
      try (Wire third = new Wire(server)) {
        third.send(Wire.post(COMPLETIONS, STREAMED));
        assertThat(third.readUntil("\r\n")).contains("200 OK");
      }
    }
  }

  @Test
  void rejectsRequestsAboveWaitingLimit() throws IOException {
    try (var server = SimulatedServer.start(s -> s.engine(BUSY).maxWaitingRequests(1));
        Wire served = new Wire(server)) {
      served.send(Wire.post(COMPLETIONS, STREAMED));
      served.readUntil("200 OK");
      // only when the engine has taken the first request from the queue, another one can wait
      try (Wire waiting = new Wire(server)) {
        String answer;
        do {
          waiting.send(Wire.post(COMPLETIONS, STREAMED));
          answer = waiting.readUntil("\r\n\r\n");
        } while (!answer.contains("200 OK"));
        var refused = new Client(server).send("POST", COMPLETIONS, STREAMED);

        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("retry-after")).contains("1");
        assertThat(Client.json(refused.body()).at("/error/message").asText())
            .contains("overloaded");
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /v1/completions      | {"prompt":"x","ignore_eos":true}             | ignore_eos |
          /v1/completions      | {"prompt":"x","min_tokens":1}                | min_tokens | Did you mean max_tokens?
          /v1/completions      | {"prompt":"x","max_completion_tokens":4}     | max_completion_tokens |
          /v1/chat/completions | {"messages":[{"role":"user"}],"max_token":4} | max_token  | Did you mean max_tokens?
          """)
  void rejectsUnknownFieldsIfEnabled(String path, String body, String field, String meant) {
    try (var server =
        SimulatedServer.start(s -> s.engine(EngineProfile.INSTANT).rejectUnknownFields(true))) {
      Client client = new Client(server);
      var response = client.send("POST", path, body);

      assertThat(response.statusCode()).isEqualTo(400);
      JsonNode error = Client.json(response.body()).path("error");
      assertThat(error.path("param").asText()).isEqualTo(field);
      assertThat(error.path("message").asText())
          .startsWith("Unrecognized request argument supplied: " + field + ".")
          .endsWith(meant == null ? "" : meant);
      String known =
          "{\"messages\":[{\"role\":\"user\"}],\"stream\":true,\"max_completion_tokens\":4,\"stream_options\":{\"include_usage\":true}}";
      assertThat(client.send("POST", CHAT, known).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void rejectsInvalidLimit() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ServerSettings.builder().maxConcurrentRequests(0).build())
        .withMessage("maxConcurrentRequests must be at least 1, got 0");
  }
}
