package dev.gatlingllm;

import static io.gatling.javaapi.http.HttpDsl.http;

import dev.gatlingllm.gatling.Certificates;
import dev.gatlingllm.gatling.TargetKey;
import dev.gatlingllm.gatling.TokenRun;
import dev.gatlingllm.server.ServerSettings;
import dev.gatlingllm.server.SimulatedServer;
import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.settings.ServerRoot;
import dev.gatlingllm.settings.Setting;
import dev.gatlingllm.settings.SettingException;
import dev.gatlingllm.settings.UsedSettings;
import io.gatling.javaapi.http.HttpProtocolBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Makes the HTTP protocol of the server under test. */
final class LlmTarget {

  private static final String KEY_VARIABLE = "LLM_API_KEY";
  private static final int CONNECT_TIMEOUT_MILLIS = 5_000;

  private static @Nullable SimulatedServer embedded;

  /** The server that the settings gave to the last target. */
  private static volatile @Nullable String serverOfSettings;

  private LlmTarget() {}

  static HttpProtocolBuilder of(LlmSettings settings) {
    String baseUrl =
        settings
            .find(Setting.BASE_URL)
            .map(url -> reachable(settings, url))
            .orElseGet(() -> embedded(settings).baseUrl());
    serverOfSettings = baseUrl;
    // Gatling's warm-up would call a host of its makers at the start of each run
    // An API has no redirects, and Gatling would send the key to any host that a server names
    HttpProtocolBuilder target = http.baseUrl(baseUrl).disableWarmUp().disableFollowRedirect();
    return apiKey().map(key -> TargetKey.on(target, key, baseUrl)).orElse(target);
  }

  /** Returns whether a server is that of the settings: a simulation may replace it by another. */
  static boolean isOfSettings(String baseUrl) {
    return baseUrl.equals(serverOfSettings);
  }

  /** Returns the key of the server under test; empty if it needs none. */
  static Optional<String> apiKey() {
    return Optional.ofNullable(System.getenv(KEY_VARIABLE)).flatMap(LlmTarget::key);
  }

  /** Returns what a header can carry; a line break inside would make each request invalid. */
  static Optional<String> key(String text) {
    String key = text.strip();
    if (key.chars().anyMatch(c -> c < ' ' || c > '~')) {
      throw new SettingException(
          KEY_VARIABLE
              + " must be one line of ASCII characters, got a line break, a tab or a non-ASCII"
              + " character");
    }
    return key.isEmpty() ? Optional.empty() : Optional.of(key);
  }

  /**
   * Returns the embedded server, which starts on the first call and lives until the process ends.
   */
  private static synchronized SimulatedServer embedded(LlmSettings settings) {
    // its port is another one in each run
    UsedSettings.add(Setting.BASE_URL, "embedded simulated server");
    if (embedded == null) {
      embedded =
          SimulatedServer.start(
              ServerSettings.builder().tokenizer(settings.loadTokenizer()).build());
      // the JVM would wait 0.3 s for the threads of an open server, as they are in native code
      TokenRun.runAtExit(embedded::close);
    }
    return embedded;
  }

  private static String reachable(LlmSettings settings, String baseUrl) {
    ServerRoot root = ServerRoot.parse(baseUrl);
    requireServer(root, addresses(root));
    if (baseUrl.regionMatches(true, 0, "https:", 0, 6) && !settings.get(Setting.INSECURE)) {
      Certificates.verify(root);
    }
    return root.url();
  }

  /**
   * Opens a connection and closes it. Sends no request, so that the run's is the first. As Gatling
   * does, it tries every address of a name.
   *
   * @throws SettingException if no address accepts a connection
   */
  static void requireServer(ServerRoot root, InetAddress... addresses) {
    StringJoiner problems = new StringJoiner(", ");
    for (InetAddress address : addresses) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(address, root.port()), CONNECT_TIMEOUT_MILLIS);
        return;
      } catch (IOException e) {
        problems.add(address.getHostAddress() + ": " + e.getMessage());
      }
    }
    throw new SettingException(
        Setting.BASE_URL,
        root.url(),
        "no server answers at "
            + root.host()
            + ":"
            + root.port()
            + " ("
            + problems
            + "); start it, correct the address, or leave the setting out to use the embedded"
            + " simulated server");
  }

  static InetAddress[] addresses(ServerRoot root) {
    try {
      return InetAddress.getAllByName(root.host());
    } catch (UnknownHostException e) {
      throw new SettingException(
          Setting.BASE_URL,
          root.url(),
          "unknown host " + root.host() + "; correct the name, or check the name service");
    }
  }
}
