package dev.gatlingllm;

import static io.gatling.javaapi.http.HttpDsl.http;

import dev.gatlingllm.server.ServerSettings;
import dev.gatlingllm.server.SimulatedServer;
import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.settings.Setting;
import dev.gatlingllm.settings.SettingException;
import io.gatling.javaapi.http.HttpProtocolBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;

/** Makes the HTTP protocol of the server under test. */
final class LlmTarget {

  private static final String KEY_VARIABLE = "LLM_API_KEY";
  private static final int CONNECT_TIMEOUT_MILLIS = 5_000;

  private static SimulatedServer embedded;

  private LlmTarget() {}

  static HttpProtocolBuilder of(LlmSettings settings) {
    String baseUrl =
        settings
            .find(Setting.BASE_URL)
            .map(LlmTarget::reachable)
            .orElseGet(() -> embedded(settings).baseUrl());
    // Gatling's warm-up would call a host of its makers at the start of each run
    HttpProtocolBuilder target = http.baseUrl(baseUrl).disableWarmUp();
    String key = System.getenv(KEY_VARIABLE);
    return key == null || key.isBlank()
        ? target
        : target.authorizationHeader("Bearer " + key.strip());
  }

  /**
   * Returns the embedded server, which starts on the first call and lives until the process ends.
   */
  private static synchronized SimulatedServer embedded(LlmSettings settings) {
    if (embedded == null) {
      embedded =
          SimulatedServer.start(
              ServerSettings.builder().tokenizer(settings.loadTokenizer()).build());
    }
    return embedded;
  }

  /** Opens a connection and closes it. Sends no request, so that the run's is the first. */
  private static String reachable(String baseUrl) {
    URI uri = URI.create(baseUrl);
    int port = uri.getPort() >= 0 ? uri.getPort() : "https".equals(uri.getScheme()) ? 443 : 80;
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(uri.getHost(), port), CONNECT_TIMEOUT_MILLIS);
      return baseUrl;
    } catch (IOException e) {
      throw new SettingException(
          Setting.BASE_URL,
          baseUrl,
          "no server answers at "
              + uri.getHost()
              + ":"
              + port
              + " ("
              + e.getMessage()
              + "); start it, correct the address, or leave the setting out to use the embedded"
              + " simulated server");
    }
  }
}
