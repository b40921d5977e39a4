package dev.gatlingllm.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.gatlingllm.server.SimulatedServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CacheStartTest {

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private HttpServer server;
  private String emptiesAt;
  private String redirectsTo;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String path = exchange.getRequestURI().getPath();
          asked.add(exchange.getRequestMethod() + " " + path);
          if (redirectsTo != null) {
            exchange.getResponseHeaders().add("Location", redirectsTo);
            exchange.sendResponseHeaders(302, -1);
          } else {
            exchange.sendResponseHeaders(path.equals(emptiesAt) ? 200 : 404, -1);
          }
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private Optional<String> baseUrl() {
    return Optional.of("http://127.0.0.1:" + server.getAddress().getPort());
  }

  @Test
  void asksTheServerAndNoProxyOfTheVirtualMachine() {
    emptiesAt = "/reset_prefix_cache";
    ProxySelector usual = ProxySelector.getDefault();
    List<URI> selected = new CopyOnWriteArrayList<>();
    ProxySelector.setDefault(
        new ProxySelector() {
          @Override
          public List<Proxy> select(URI uri) {
            selected.add(uri);
            return usual.select(uri);
          }

          @Override
          public void connectFailed(URI uri, SocketAddress address, IOException problem) {
            usual.connectFailed(uri, address, problem);
          }
        });
    try {
      CacheStart.reset(baseUrl(), false);
    } finally {
      ProxySelector.setDefault(usual);
    }

    assertThat(selected).noneMatch(uri -> uri.getPort() == server.getAddress().getPort());
  }

  @Test
  void resetsCacheOfVllm() {
    emptiesAt = "/reset_prefix_cache";
    CacheStart.reset(baseUrl(), false);

    assertThat(asked).containsExactly("POST /reset_prefix_cache");
  }

  @Test
  void resetsCacheOfSglang() {
    emptiesAt = "/flush_cache";
    CacheStart.reset(baseUrl(), false);

    assertThat(asked).containsExactly("POST /reset_prefix_cache", "POST /flush_cache");
  }

  @Test
  void rejectsServerThatCannotResetItsCache() {
    assertThatThrownBy(() -> CacheStart.reset(baseUrl(), false))
        .hasMessageContainingAll("-cache reset", "/flush_cache 404", "VLLM_SERVER_DEV_MODE=1");
    server.stop(0);
    assertThatThrownBy(() -> CacheStart.reset(baseUrl(), false))
        .hasMessageContaining("ConnectException");
    assertThatThrownBy(() -> CacheStart.reset(Optional.empty(), false))
        .hasMessageContaining("baseUrl");
  }

  @Test
  void verifiesCertificatesUnlessToldOtherwise() {
    try (SimulatedServer selfSigned = SimulatedServer.start(server -> server.tls())) {
      Optional<String> url = Optional.of(selfSigned.baseUrl());

      assertThatThrownBy(() -> CacheStart.reset(url, false))
          .hasMessageContaining("/reset_prefix_cache SSLHandshakeException");
      CacheStart.reset(url, true);
    }
  }

  @Test
  void followsNoRedirect() {
    redirectsTo = "/elsewhere";

    assertThatThrownBy(() -> CacheStart.reset(baseUrl(), false))
        .hasMessageContaining("/flush_cache 302");
    assertThat(asked).noneMatch(request -> request.endsWith("/elsewhere"));
  }

  @Test
  void acceptsHostNamesWithUnderscores() {
    assertThatThrownBy(() -> CacheStart.reset(Optional.of("http://vllm_server.invalid"), false))
        .hasMessageContaining("/flush_cache UnknownHostException");
  }

  private static class Benchmark {}

  private static List<String> command(String options, int fork) {
    BenchOptions parsed = BenchOptions.parse(options);
    return ForkProcess.arguments(
        parsed, Combination.of(Benchmark.class, parsed).get(0), fork, Path.of("messages"));
  }

  @Test
  void givesEveryForkItsOwnSaltOnlyWithFreshCache() {
    String first = salt(command("", 1));
    String second = salt(command("", 2));

    assertThat(first).isNotEqualTo(second).isEqualTo(salt(command("", 1)));
    assertThat(salt(command("-cache keep", 1))).isNull();
    assertThat(salt(command("-cache reset", 2))).isNull();
    assertThat(command("-cache reset", 1)).anyMatch(word -> word.contains(" -cache reset "));
  }

  private static String salt(List<String> command) {
    return command.stream().filter(word -> word.startsWith("-Dllm.salt=")).findFirst().orElse(null);
  }

  @Test
  void startsGatlingWithTheOptionsOfTheFork() {
    List<String> command = command("-jvmArgs -Xmx3G -Dllm.model=x -Dother=y -reports r", 1);

    assertThat(command)
        .startsWith("-cp")
        .containsSubsequence("-Xmx3G", "--add-opens=java.base/java.lang=ALL-UNNAMED")
        .contains("-Dllm.model=x", "-Dother=y")
        .endsWith("io.gatling.app.Gatling", "-s", Benchmark.class.getName(), "-rf", "r");
  }
}
