package dev.gatlingllm.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.Socket;
import org.junit.jupiter.api.Test;

class SimulatedServerTest {

  @Test
  void listensOnLoopbackUntilClosed() {
    var server = SimulatedServer.start(ServerSettings.builder().build());
    int port = server.port();

    assertThat(server.baseUrl()).isEqualTo("http://127.0.0.1:" + port);
    server.close();
    assertThatThrownBy(() -> new Socket("127.0.0.1", port).close())
        .isInstanceOf(ConnectException.class);
  }

  @Test
  void startsInOneLine() {
    try (var server = SimulatedServer.start();
        var other = SimulatedServer.start(settings -> settings.modelName("other"))) {
      assertThat(new Client(server).get("/v1/models").at("/data/0/id").asText())
          .isEqualTo("simulated");
      assertThat(new Client(other).get("/v1/models").at("/data/0/id").asText()).isEqualTo("other");
    }
  }

  @Test
  void reportsBusyPort() {
    try (var server = SimulatedServer.start(ServerSettings.builder().build())) {
      var second = ServerSettings.builder().port(server.port()).build();

      assertThatThrownBy(() -> SimulatedServer.start(second))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("port " + server.port())
          .hasMessageContaining("in use")
          .hasMessageContaining("choose another port");
    }
  }

  @Test
  void namesAHostThatIsUnknown() {
    assertThatThrownBy(() -> SimulatedServer.start(settings -> settings.host("no-host.invalid")))
        .hasMessageContaining("no-host.invalid")
        .hasMessageContaining("(unknown host)");
  }

  @Test
  void reportsHealthAndModel() {
    var settings = ServerSettings.builder().modelName("tiny").maxModelTokens(100).build();
    try (var server = SimulatedServer.start(settings)) {
      Client client = new Client(server);

      assertThat(client.get("/health?verbose").toString()).isEqualTo("{\"status\":\"ok\"}");
      assertThat(client.get("/v1/models").at("/data/0/id").asText()).isEqualTo("tiny");
      assertThat(client.get("/v1/models").at("/data/0/max_model_len").asInt()).isEqualTo(100);
    }
  }

  @Test
  void rejectsInvalidSetting() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ServerSettings.builder().port(70_000).build())
        .withMessage("port must be from 0 to 65535, got 70000");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> EngineProfile.FAST.settings().toBuilder().prefillTokensPerSecond(0).build())
        .withMessage("prefill-rate must be more than 0 tokens/s, got 0.0");
  }
}
