package dev.gatlingllm.server;

import static dev.gatlingllm.server.Client.COMPLETIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatlingllm.server.RequestTruth.RequestOutcome;
import java.io.IOException;
import java.net.SocketException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The effect of each fault on the wire and in the truth. */
@Timeout(60)
class FaultsTest {

  private static final String STREAMED = "{\"prompt\":\"hi\",\"max_tokens\":6,\"stream\":true}";
  private static final String WHOLE = "{\"prompt\":\"hi\",\"max_tokens\":6}";

  private static SimulatedServer server;

  @BeforeAll
  static void start() {
    server = SimulatedServer.start(ServerSettings.builder().engine(EngineProfile.INSTANT).build());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String asking(String fault, String body) {
    return Wire.post(COMPLETIONS, "X-Simulated-Fault: " + fault + "\r\n", body);
  }

  /** Returns the bytes up to the response to another request, which proves an open connection. */
  private static String response(String fault, String body) throws IOException {
    try (Wire wire = new Wire(server)) {
      wire.send(asking(fault, body) + "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n");
      return wire.readUntil("{\"status\":\"ok\"}");
    }
  }

  private static RequestTruth latest() {
    var truths = server.truth();
    return truths.get(truths.size() - 1);
  }

  private static int tokens(String response) {
    return response.split("\"text\":\"[^\"\uFFFD]", -1).length - 1;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          truncate;after=3      | FAULT    | 3 | false | false
          truncate;after=99     | FAULT    | 6 | false | false
          cut-character;after=2 | FAULT    | 2 | false | false
          error-frame;after=0   | FAULT    | 0 | false | true
          error-frame;after=4   | FAULT    | 4 | false | true
          malformed;after=3     | COMPLETE | 6 | true  | true
          stall;after=3;for=5ms | COMPLETE | 6 | true  | true
          late-first-token;5ms  | COMPLETE | 6 | true  | true
          no-done               | COMPLETE | 6 | true  | false
          glue                  | COMPLETE | 6 | true  | true
          buffer;for=5ms        | COMPLETE | 6 | true  | true
          error-field;after=4   | FAULT    | 4 | false | true
          finish-error;after=4  | FAULT    | 4 | false | true
          no-finish             | COMPLETE | 6 | false | true
          interim;for=1ms       | COMPLETE | 6 | true  | true
          """)
  void streamEndsAtFault(
      String fault, RequestOutcome outcome, int tokens, boolean finished, boolean done)
      throws IOException {
    String response = response(fault, STREAMED);
    RequestTruth truth = latest();

    assertThat(tokens(response)).isEqualTo(tokens);
    assertThat(response.contains("\"finish_reason\":\"length\"")).isEqualTo(finished);
    assertThat(response.contains("data: [DONE]")).isEqualTo(done);
    assertThat(truth.outcome()).isEqualTo(outcome);
    assertThat(truth.status()).isEqualTo(200);
    assertThat(truth.times().tokenNanos()).hasSize(tokens).isSorted();
    assertThat(truth.fault()).startsWith(fault.split(";")[0]);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          429         | HTTP/1.1 429 | retry-after: 1 | rate_limit_exceeded | 429
          429;for=20s | HTTP/1.1 429 | retry-after: 20| rate_limit_exceeded | 429
          500         | HTTP/1.1 500 | json           | server_error        | 500
          503;for=1ms | HTTP/1.1 503 | retry-after: 1 | overloaded_error    | 503
          error-body  | HTTP/1.1 200 | event-stream   | server_error        | 200
          """)
  void sendsErrorInsteadOfResponse(
      String fault, String status, String header, String words, int truth) throws IOException {
    assertThat(response(fault, STREAMED))
        .startsWith(status)
        .contains(header, words)
        .doesNotContain("data:");
    assertThat(latest().status()).isEqualTo(truth);
    assertThat(latest().tokens().output()).isZero();
  }

  @Test
  void sendsErrorAsFieldOfTheEventStream() throws IOException {
    assertThat(response("error-field;after=2", STREAMED))
        .contains("error: {\"message\":\"The server had an error")
        .doesNotContain("data: {\"message\"");
  }

  @Test
  void endsChoiceWithErrorAsFinishReason() throws IOException {
    assertThat(response("finish-error;after=2", STREAMED)).contains("\"finish_reason\":\"error\"");
  }

  @Test
  void sendsInterimResponseFirst() throws IOException {
    assertThat(response("interim;for=1ms", STREAMED))
        .startsWith("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\n");
    assertThat(response("interim;for=1ms", WHOLE))
        .startsWith("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\n");
  }

  @Test
  void answersStreamRequestWithOneBody() throws IOException {
    assertThat(response("whole", STREAMED))
        .contains("application/json", "\"usage\"")
        .doesNotContain("data:");
    assertThat(latest()).matches(RequestTruth::complete).matches(truth -> !truth.streamed());
  }

  @Test
  void sendsBunchesOfEvents() throws IOException {
    // everything is held back until the end
    String bunched = response("buffer;for=1h", STREAMED);

    assertThat(bunched.split("\r\n[0-9a-f]+\r\ndata: ")).hasSize(2);
    assertThat(bunched).contains("data: [DONE]");
  }

  @Test
  void omitsTheEndOfTheBody() throws IOException {
    try (Wire wire = new Wire(server)) {
      wire.send(asking("no-end", STREAMED));
      assertThat(wire.readToEnd()).endsWith("data: [DONE]\n\n\r\n").doesNotContain("\r\n0\r\n");
    }
    assertThat(latest()).matches(RequestTruth::complete);
  }

  @Test
  void closesConnectionInMidStream() throws IOException {
    try (Wire wire = new Wire(server)) {
      wire.send(asking("goaway;after=3", STREAMED));
      assertThat(tokens(wire.readToEnd())).isEqualTo(3);
    }
    assertThat(latest().outcome()).isEqualTo(RequestOutcome.FAULT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"reset;after=3", "disconnect;after=3"})
  void resetsConnectionInMidStream(String fault) throws IOException {
    try (Wire wire = new Wire(server)) {
      wire.send(asking(fault, STREAMED));
      assertThatThrownBy(wire::readToEnd).isInstanceOf(SocketException.class);
    }
    assertThat(latest().outcome()).isEqualTo(RequestOutcome.FAULT);
    assertThat(latest().tokens().output()).isEqualTo(3);
  }

  @Test
  void endsConnectionBeforeResponse() throws IOException {
    try (Wire wire = new Wire(server)) {
      wire.send(asking("refuse", STREAMED));
      assertThatThrownBy(wire::readToEnd).isInstanceOf(SocketException.class);
    }
    assertThat(latest().status()).isZero();
    for (String fault : List.of("hang-up", "hang-up;for=20ms")) {
      try (Wire wire = new Wire(server)) {
        wire.send(asking(fault, STREAMED));
        assertThat(wire.readToEnd()).isEmpty();
      }
      assertThat(latest())
          .hasToString(
              "/v1/completions (fault) (%s): -1 input tokens, 0 cached, 0 output".formatted(fault));
    }
    assertThat(latest().times().endNanos() - latest().times().receivedNanos())
        .isGreaterThanOrEqualTo(20_000_000);
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void closesConnectionUnannouncedAfterResponse(boolean streamed) throws IOException {
    try (Wire wire = new Wire(server)) {
      wire.send(asking("close", streamed ? STREAMED : WHOLE));
      assertThat(wire.readToEnd()).contains("length").doesNotContainIgnoringCase("connection:");
    }
    assertThat(latest().complete()).isTrue();
  }

  @Test
  void cutsCharacterInTheMiddle() throws IOException {
    assertThat(response("cut-character;after=1", STREAMED))
        .containsPattern("\"text\":\"\uFFFD+\r\n0\r\n");
  }

  @Test
  void dribblesOneByteChunks() throws IOException {
    String dribbled = response("dribble", STREAMED);

    assertThat(dribbled).contains("\r\n1\r\nd\r\n1\r\na\r\n1\r\nt\r\n1\r\na\r\n1\r\n:");
    assertThat(dribbled.split("HTTP/1.1")[1]).doesNotContain("data:");
  }

  @Test
  void gluesEventsIntoOneChunk() throws IOException {
    String glued = response("glue", STREAMED);

    // four tokens, then two and the end
    assertThat(glued.split("\r\n[0-9a-f]+\r\ndata: ")).hasSize(3);
  }

  @ParameterizedTest
  @CsvSource({
    "truncate, FAULT",
    "error-field, FAULT",
    "finish-error, FAULT",
    "no-finish, COMPLETE",
    "no-end, COMPLETE",
    "buffer;for=1ms, COMPLETE",
    "malformed, FAULT",
    "cut-character, FAULT",
    "error-frame, FAULT",
    "stall;for=1ms, COMPLETE",
    "late-first-token;1ms, COMPLETE",
    "no-done, COMPLETE",
    "glue, COMPLETE",
    "dribble, COMPLETE"
  })
  void appliesFaultsToWholeResponses(String fault, RequestOutcome outcome) throws IOException {
    String response = response(fault, WHOLE);

    assertThat(response.contains("\"usage\"")).isEqualTo(outcome == RequestOutcome.COMPLETE);
    assertThat(latest().outcome()).isEqualTo(outcome);
    assertThat(latest().status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          goaway;for=1s       | fault goaway takes after=TOKENS, got for=1s
          stal                | did you mean stall?
          reset;before=3      | fault reset takes after=TOKENS, got before=3
          stall;after=x       | after of fault stall must be a number of tokens from 0
          no-done;after=1     | fault no-done takes no parameters, got after=1
          429;for=soon        | fault 429: must be a duration with its unit
          reset=0.1           | Unknown fault
          slow-accept         | set a rate for it
          """)
  void rejectsInvalidFaultHeader(String fault, String words) throws IOException {
    assertThat(response(fault, STREAMED)).startsWith("HTTP/1.1 400").contains(words);
    assertThat(latest().outcome()).isEqualTo(RequestOutcome.REFUSED);
    assertThat(latest().fault()).isNull();
  }

  @Test
  void noticesDisconnectDuringStall() throws IOException {
    try (Wire wire = new Wire(server)) {
      wire.send(asking("stall;after=2;for=3600s", STREAMED));
      wire.readUntil("}]}");
      wire.readUntil("}]}");
    }
    while (server.truth().isEmpty() || latest().outcome() != RequestOutcome.GONE) {
      Thread.onSpinWait();
    }
    assertThat(latest().tokens().output()).isEqualTo(2);
    assertThat(latest().fault()).isEqualTo("stall;after=2;for=3600s");
  }

  @Test
  void slowAcceptDelaysFirstRequest() throws IOException {
    var settings =
        ServerSettings.builder().engine(EngineProfile.INSTANT).faults("slow-accept=1:20ms").build();
    long before = System.nanoTime();
    try (var slow = SimulatedServer.start(settings);
        Wire wire = new Wire(slow)) {
      for (int i = 0; i < 2; i++) {
        wire.send(Wire.post(COMPLETIONS, STREAMED));
        wire.readUntil("[DONE]");
      }

      assertThat(slow.truth())
          .extracting(RequestTruth::fault)
          .containsExactly("slow-accept;for=20ms", null);
      assertThat(slow.truth().get(1).times().receivedNanos() - before).isGreaterThan(15_000_000);
    }
  }
}
