package dev.gatlingllm;

import dev.gatlingllm.gatling.Certificates;
import dev.gatlingllm.gatling.TokenRun;
import dev.gatlingllm.metrics.RunClock;
import dev.gatlingllm.observe.MetricsConnections;
import dev.gatlingllm.observe.ServerScraper;
import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.settings.MetricsEndpoints;
import dev.gatlingllm.settings.Setting;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URL;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Has the metrics of the server under test read, as the settings say. */
final class ServerMetricsReader implements MetricsConnections {

  private final @Nullable String target;
  private final @Nullable String key;
  private final boolean anyCertificate;

  /**
   * @param target root of the server under test, or null if it is not known
   * @param key what that server is sent, or null
   */
  ServerMetricsReader(@Nullable String target, @Nullable String key, boolean anyCertificate) {
    this.target = target;
    this.key = key;
    this.anyCertificate = anyCertificate;
  }

  /** Starts to read; empty if the settings say not to, or no server is known. */
  static Optional<ServerScraper> start(TokenRun run) {
    LlmSettings settings = LlmSettings.get();
    MetricsEndpoints endpoints = settings.get(Setting.SERVER_METRICS);
    String target = run.baseUrl().map(url -> url.replaceFirst("/+$", "")).orElse(null);
    MetricsConnections connections =
        new ServerMetricsReader(
            target, System.getenv("LLM_API_KEY"), settings.get(Setting.INSECURE));
    RunClock clock = run.recorder().clock();
    if (!endpoints.urls().isEmpty()) {
      return Optional.of(ServerScraper.of(endpoints.urls(), connections, clock, reading -> {}));
    }
    return endpoints.isAuto() && target != null
        ? Optional.of(ServerScraper.lookingAt(target, connections, clock, reading -> {}))
        : Optional.empty();
  }

  /**
   * Opens a connection. The key goes to the server under test alone. The JDK's newer client rejects
   * the host names with underscores of Docker's services.
   */
  @Override
  public HttpURLConnection open(String text) throws IOException {
    URL url = new URL(text);
    HttpURLConnection connection = (HttpURLConnection) url.openConnection(Proxy.NO_PROXY);
    if (anyCertificate) {
      Certificates.acceptAny(connection);
    }
    String authorization = authorization(url);
    if (authorization != null) {
      connection.setRequestProperty("Authorization", authorization);
    }
    return connection;
  }

  /** Returns the credentials for a URL; null for none. */
  @Nullable String authorization(URL url) throws IOException {
    if (url.getUserInfo() != null) {
      byte[] user =
          URLDecoder.decode(url.getUserInfo(), StandardCharsets.UTF_8)
              .getBytes(StandardCharsets.UTF_8);
      return "Basic " + Base64.getEncoder().encodeToString(user);
    }
    return key != null && !key.isBlank() && isTarget(url) ? "Bearer " + key.strip() : null;
  }

  private boolean isTarget(URL url) throws IOException {
    if (target == null) {
      return false;
    }
    URL server = new URL(target);
    return server.getProtocol().equals(url.getProtocol())
        && server.getHost().equalsIgnoreCase(url.getHost())
        && port(server) == port(url);
  }

  private static int port(URL url) {
    return url.getPort() < 0 ? url.getDefaultPort() : url.getPort();
  }
}
