package dev.gatlingllm.server;

import static dev.gatlingllm.server.Client.COMPLETIONS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.server.engine.EngineSettings;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A connection that is of no use is closed, and one that is in use is not. */
@Timeout(60)
class ConnectionLimitsTest {

  private static final Duration SHORT = Duration.ofMillis(50);

  private static final String HEALTH = "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n";

  @Test
  void closesAnIdleConnection() throws IOException {
    try (var server = SimulatedServer.start(s -> s.idleTimeout(SHORT));
        Wire silent = new Wire(server);
        Wire used = new Wire(server)) {
      used.send(HEALTH);

      assertThat(silent.readToEnd()).isEmpty();
      assertThat(used.readToEnd()).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void closesAnIdleHttp2Connection() throws IOException {
    try (var server = SimulatedServer.start(s -> s.idleTimeout(SHORT));
        Wire wire = new Wire(server)) {
      wire.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

      // reads the settings of the server, and then the end
      wire.readToEnd();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "P",
        "POST /v1/completions HTTP/1.1\r\nHost: loc",
        "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{",
        "POST /v1/completions HTTP/1.1\r\n"
            + "Host: localhost\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n"
            + "1\r\n"
      })
  void closesAConnectionWhoseRequestDoesNotArrive(String start) throws IOException {
    try (var server = SimulatedServer.start(s -> s.receiveTimeout(SHORT));
        Wire wire = new Wire(server)) {
      wire.send(HEALTH);
      wire.readUntil("}");
      wire.send(start);

      wire.readToEnd();
    }
  }

  @Test
  void keepsAConnectionThatWaitsForItsResponse() throws IOException {
    EngineSettings slow =
        EngineProfile.INSTANT.settings().toBuilder()
            .stepBase(SHORT.multipliedBy(4))
            .overhead(SHORT.multipliedBy(4))
            .build();
    try (var server =
            SimulatedServer.start(s -> s.engine(slow).idleTimeout(SHORT).receiveTimeout(SHORT));
        Wire wire = new Wire(server)) {
      wire.send(Wire.post(COMPLETIONS, "{\"prompt\":\"hi\",\"max_tokens\":2,\"stream\":true}"));

      assertThat(wire.readUntil("\r\n0\r\n\r\n")).contains("[DONE]");
    }
  }

  @Test
  void refusesConnectionsAboveTheLimit() throws IOException {
    try (var server = SimulatedServer.start(s -> s.maxConnections(2));
        Wire first = new Wire(server);
        Wire second = new Wire(server)) {
      first.send(HEALTH);
      first.readUntil("}");
      second.send(HEALTH);
      second.readUntil("}");
      try (Wire third = new Wire(server)) {
        assertThat(third.readToEnd()).isEmpty();
      }
      first.disconnect();
      while (server.openConnections() > 1) {
        Thread.onSpinWait();
      }
      try (Wire third = new Wire(server)) {
        third.send(HEALTH);
        assertThat(third.readUntil("}")).contains("200");
      }
    }
  }

  @Test
  void stopsReadingWhileLargeRequestsWait() {
    Routes routes = new Routes(new RequestGuard(ServerSettings.builder().build()));
    routes.add(HttpMethod.POST, COMPLETIONS, exchange -> {});
    var channel =
        new EmbeddedChannel(
            new ConnectionHandler(routes, 0, new IdleTimeout(1), new ReceiveTimeout(1)));

    channel.writeInbound(request(1), request(600_000));
    assertThat(channel.config().isAutoRead()).isTrue();
    channel.writeInbound(request(600_000));
    assertThat(channel.config().isAutoRead()).isFalse();
    channel.finishAndReleaseAll();
  }

  private static FullHttpRequest request(int bytes) {
    return new DefaultFullHttpRequest(
        HttpVersion.HTTP_1_1,
        HttpMethod.POST,
        COMPLETIONS,
        Unpooled.buffer(bytes).writeZero(bytes));
  }
}
