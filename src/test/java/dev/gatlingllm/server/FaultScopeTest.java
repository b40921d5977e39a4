package dev.gatlingllm.server;

import static dev.gatlingllm.server.Client.CHAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatlingllm.server.RequestTruth.RequestOutcome;
import java.io.IOException;
import java.util.List;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.internal.http2.StreamResetException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The scope of faults: connections with many streams, and responses with several choices. */
@Timeout(60)
class FaultScopeTest {

  private static final String TWO_CHOICES =
      "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"max_tokens\":8,\"n\":2,\"stream\":true}";

  @AutoClose
  private final SimulatedServer server = SimulatedServer.start(s -> s.engine(EngineProfile.FAST));

  private final OkHttpClient http2 =
      new OkHttpClient.Builder().protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE)).build();

  @AfterEach
  void disconnect() {
    http2.connectionPool().evictAll();
    http2.dispatcher().executorService().shutdown();
  }

  private String ask(String fault) throws IOException {
    try (Response response = http2.newCall(request(fault)).execute()) {
      return response.body().string();
    }
  }

  private Request request(String fault) {
    return request(server, fault);
  }

  private static Request request(SimulatedServer server, String fault) {
    return new Request.Builder()
        .url(server.baseUrl() + CHAT)
        .header("X-Simulated-Fault", fault)
        .post(RequestBody.create(TWO_CHOICES, MediaType.get("application/json")))
        .build();
  }

  private RequestTruth onlyTruth() {
    while (server.truth().isEmpty()) {
      Thread.onSpinWait();
    }
    return server.truth().get(0);
  }

  /** Starts a stream that stalls; the returned response is open. */
  private Response stalled() throws IOException {
    return http2.newCall(request("stall;after=2;for=3600s")).execute();
  }

  @ParameterizedTest
  @ValueSource(strings = {"disconnect;after=3", "goaway;after=3"})
  void connectionFaultsEndAllStreamsOfAnHttp2Connection(String fault) throws IOException {
    try (Response other = stalled()) {
      assertThatThrownBy(() -> ask(fault)).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> other.body().string()).isInstanceOf(IOException.class);
    }
    while (server.truth().size() < 2) {
      Thread.onSpinWait();
    }

    assertThat(server.truth())
        .extracting(RequestTruth::outcome)
        .containsExactlyInAnyOrder(RequestOutcome.FAULT, RequestOutcome.GONE);
  }

  @Test
  void slowAcceptIsRecordedWithTheFirstRequestOfAnHttp2Connection() throws IOException {
    try (var slow = SimulatedServer.start(s -> s.faults("slow-accept=1:1ms"));
        Response response = http2.newCall(request(slow, "")).execute()) {
      assertThat(response.body().string()).endsWith("data: [DONE]\n\n");
      assertThat(slow.truth())
          .extracting(RequestTruth::fault)
          .containsExactly("slow-accept;for=1ms");
    }
  }

  @Test
  void closeAnnouncesItselfOverHttp2AndLosesNothing() throws IOException {
    assertThat(ask("close")).endsWith("data: [DONE]\n\n");
    while (server.openConnections() > 0) {
      Thread.onSpinWait();
    }
    assertThat(ask("")).endsWith("data: [DONE]\n\n");
  }

  @Test
  void omittedEndResetsTheStream() {
    assertThatThrownBy(() -> ask("no-end")).isInstanceOf(StreamResetException.class);
    assertThat(onlyTruth()).matches(RequestTruth::complete);
  }

  @ParameterizedTest
  @ValueSource(strings = {"reset;after=3", "hang-up", "hang-up;for=1ms", "refuse"})
  void http2FaultsEndOnlyTheirStream(String fault) {
    assertThatThrownBy(() -> ask(fault)).isInstanceOf(StreamResetException.class);
    assertThat(onlyTruth().outcome()).isEqualTo(RequestOutcome.FAULT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dribble",
        "glue",
        "buffer;for=5ms",
        "close",
        "interim;for=5ms",
        "late-first-token;for=5ms",
        "stall;after=3;for=5ms"
      })
  void http2TransportFaultsLoseNoBytes(String fault) throws IOException {
    String body = ask(fault);

    assertThat(body).endsWith("data: [DONE]\n\n");
    assertThat(Client.events(body)).hasSize(2 * (1 + 8 + 1) + 1);
    assertThat(onlyTruth().tokens().output()).isEqualTo(16);
  }

  @ParameterizedTest
  @ValueSource(strings = {"truncate;after=3", "cut-character;after=3", "error-frame;after=3"})
  void faultInFirstChoiceEndsResponse(String fault) throws IOException {
    ask(fault);

    assertThat(onlyTruth().outcome()).isEqualTo(RequestOutcome.FAULT);
    // three tokens of the first choice, and at most all of the second
    assertThat(onlyTruth().tokens().output()).isBetween(3, 11);
  }
}
