package dev.gatlingllm.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A web page that the user visits cannot use the user's server. */
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(60)
class RequestGuardTest {

  @AutoClose
  private final SimulatedServer server =
      SimulatedServer.start(s -> s.engine(EngineProfile.INSTANT));

  private String status(String method, String path, String... headers) throws IOException {
    return status(server, method, path, headers);
  }

  private static String status(
      SimulatedServer server, String method, String path, String... headers) throws IOException {
    try (Wire wire = new Wire(server)) {
      StringBuilder request = new StringBuilder(method + " " + path + " HTTP/1.1\r\n");
      for (String header : headers) {
        request.append(header.replace("PORT", "" + server.port())).append("\r\n");
      }
      wire.send(request.append("Content-Length: 0\r\n\r\n").toString());
      return wire.readUntil("\r\n").split(" ")[1];
    }
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /reset_prefix_cache",
    "PUT, /admin/faults",
    "DELETE, /admin/truth",
    "POST, /v1/chat/completions",
    "GET, /admin/truth"
  })
  void refusesRequestsOfOtherSites(String method, String path) throws IOException {
    String host = "Host: localhost:PORT";
    assertThat(status(method, path, host, "Origin: https://evil.example")).isEqualTo("403");
    assertThat(status(method, path, host, "Origin: null")).isEqualTo("403");
    assertThat(status(method, path, host, "Origin: http://localhost:1")).isEqualTo("403");
    assertThat(status(method, path, host, "Sec-Fetch-Site: cross-site")).isEqualTo("403");
    assertThat(status(method, path, host, "Sec-Fetch-Site: same-site")).isEqualTo("403");
    assertThat(status(method, path, host, "Origin: http://localhost:PORT")).isNotEqualTo("403");
    assertThat(status(method, path, host, "Sec-Fetch-Site: none")).isNotEqualTo("403");
    assertThat(status(method, path, host)).isNotEqualTo("403");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"evil.example", "evil.example:PORT", "localhost.evil.example", "x", "[x]"})
  void refusesOtherNamesOfTheLoopback(String host) throws IOException {
    assertThat(status("GET", "/admin/truth", "Host: " + host)).isEqualTo("403");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "LOCALHOST:PORT",
        "my.localhost:80",
        "127.0.0.1:PORT",
        "127.9.9.9",
        "[::1]:PORT",
        "[::1]",
        "10.0.0.7:8000"
      })
  void acceptsAddressesAndLocalhost(String host) throws IOException {
    assertThat(status("GET", "/admin/truth", "Host: " + host)).isEqualTo("200");
  }

  @Test
  void acceptsAnyNameOnOtherAddresses() throws IOException {
    try (var open = SimulatedServer.start(s -> s.host("0.0.0.0"))) {
      assertThat(status(open, "GET", "/health", "Host: server.example:8000")).isEqualTo("200");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /reset_prefix_cache, 401",
    "POST, /tokenize, 401",
    "POST, /detokenize, 401",
    "GET, /admin/truth, 401",
    "GET, /v1/models, 401",
    "GET, /nowhere, 401",
    "GET, /health, 200",
    "GET, /version, 200",
    "GET, /metrics, 200"
  })
  void requiresTheKeyForAllButHealthVersionAndMetrics(String method, String path, String status)
      throws IOException {
    try (var keyed =
        SimulatedServer.start(s -> s.engine(EngineProfile.INSTANT).apiKey("sk-guarded"))) {
      assertThat(status(keyed, method, path, "Host: localhost")).isEqualTo(status);
      assertThat(status(keyed, method, path, "Host: localhost", "Authorization: Bearer sk-guarded"))
          .isNotEqualTo("401");
    }
  }
}
