package dev.gatlingllm;

import dev.gatlingllm.gatling.Certificates;
import dev.gatlingllm.gatling.TokenRun;
import dev.gatlingllm.metrics.RunClock;
import dev.gatlingllm.observe.MetricsClient;
import dev.gatlingllm.observe.MetricsSource;
import dev.gatlingllm.observe.ServerScraper;
import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.settings.MetricsEndpoints;
import dev.gatlingllm.settings.Setting;
import java.io.IOException;
import java.net.URL;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Has the metrics of the server under test read, as the settings say. */
final class ServerMetricsReader {

  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final @Nullable String target;
  private final @Nullable String key;

  /**
   * @param target root of the server under test, or null if it is not known
   * @param key what that server is sent, or null
   */
  ServerMetricsReader(@Nullable String target, @Nullable String key) {
    this.target = target;
    this.key = key;
  }

  /** Starts to read; empty if the settings say not to, or no server is known. */
  static Optional<ServerScraper> start(TokenRun run) {
    LlmSettings settings = LlmSettings.get();
    MetricsEndpoints endpoints = settings.get(Setting.SERVER_METRICS);
    String target = run.baseUrl().map(url -> url.replaceFirst("/+$", "")).orElse(null);
    if (endpoints.urls().isEmpty() && (!endpoints.isAuto() || target == null)) {
      return Optional.empty();
    }
    MetricsSource source =
        new ServerMetricsReader(target, LlmTarget.apiKey().orElse(null))
            .client(settings.get(Setting.INSECURE));
    RunClock clock = run.recorder().clock();
    return Optional.of(
        target == null || !endpoints.urls().isEmpty()
            ? ServerScraper.of(endpoints.urls(), source, clock, reading -> {})
            : ServerScraper.lookingAt(target, source, clock, reading -> {}));
  }

  /** Returns a client that sends the key to the server under test alone. */
  MetricsClient client(boolean anyCertificate) {
    return new MetricsClient(
        this::authorization, Certificates.context(anyCertificate), anyCertificate, TIMEOUT);
  }

  /** Returns the credentials for a URL; null for none. */
  @Nullable String authorization(URL url) throws IOException {
    if (url.getUserInfo() != null) {
      byte[] user =
          URLDecoder.decode(url.getUserInfo(), StandardCharsets.UTF_8)
              .getBytes(StandardCharsets.UTF_8);
      return "Basic " + Base64.getEncoder().encodeToString(user);
    }
    return key != null && isTarget(url) ? "Bearer " + key : null;
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
