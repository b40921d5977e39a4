package dev.gatlingllm.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.endtoend.GatlingFork.Run;
import dev.gatlingllm.server.SimulatedServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** Which certificates a run accepts. */
@TestInstance(Lifecycle.PER_CLASS)
class CertificatesIT {

  private static final String PASSWORD = "changeit";

  private SimulatedServer trusted;
  private SimulatedServer other;

  @BeforeAll
  void start() {
    trusted = SimulatedServer.start(server -> server.tokenizer(GatlingFork.TOKENIZER).tls());
    other = SimulatedServer.start(server -> server.tokenizer(GatlingFork.TOKENIZER).tls());
  }

  @AfterAll
  void stop() {
    trusted.close();
    other.close();
  }

  private GatlingFork fork(Path results, String baseUrl) {
    return new GatlingFork(results)
        .with("llm.baseUrl", baseUrl)
        // connections are counted
        .with("llm.serverMetrics", "off");
  }

  @Test
  void runWithoutATrustedCertificateDoesNotStart(@TempDir Path results) throws Exception {
    Run run = fork(results, other.baseUrl()).run(GatlingsOwn.TwoUsers.class);

    assertThat(run.exit()).isNotZero();
    assertThat(run.output())
        .contains("llm.baseUrl = " + other.baseUrl() + ": the server cannot be verified")
        .doesNotContain("\tat ");
    assertThat(other.truth()).isEmpty();
    try (Stream<Path> files = Files.walk(results)) {
      // else the list of runs and a merge take it for a run that goes on
      assertThat(files).noneMatch(file -> file.endsWith("tokens-state.json.gz"));
    }
  }

  @Test
  void tellsAServerWithoutTlsFromOneWithoutATrustedCertificate(@TempDir Path results)
      throws Exception {
    try (SimulatedServer plain = SimulatedServer.start()) {
      Run run =
          fork(results, plain.baseUrl().replace("http:", "https:")).run(GatlingsOwn.TwoUsers.class);

      assertThat(run.exit()).isNotZero();
      assertThat(run.output())
          .contains("the TLS handshake failed", "use http://")
          .doesNotContain("insecure", "could not be written", "incomplete");
    }
  }

  @Test
  void acceptsAnyCertificateIfTold(@TempDir Path results) throws Exception {
    Run run =
        fork(results, trusted.baseUrl())
            .with("llm.insecure", "true")
            .run(GatlingsOwn.TwoUsers.class);

    assertThat(run.exit()).as(run.output()).isZero();
    assertThat(run.requests()).hasSize(2).allMatch(line -> isOk(line.get("status").asText()));
  }

  private static boolean isOk(String status) {
    return status.equals("OK");
  }

  @Test
  void verifiesTheCertificateOfEachConnection(@TempDir Path results, @TempDir Path work)
      throws Exception {
    // the connections of the check before the run and of the first user, then those of the second
    try (Switch connections = new Switch(trusted.port(), other.port(), 3)) {
      Run run =
          fork(results, "https://127.0.0.1:" + connections.port())
              // Java reads these once in a process
              .alone()
              .with("javax.net.ssl.trustStore", trustStore(work).toString())
              .with("javax.net.ssl.trustStorePassword", PASSWORD)
              .run(GatlingsOwn.TwoUsers.class);

      assertThat(run.exit()).as(run.output()).isZero();
      assertThat(run.requests())
          .extracting(line -> line.get("failure").asText())
          .containsExactlyInAnyOrder("null", "connection");
      assertThat(run.tokens().at("/failures/connection/examples/0").asText())
          .startsWith("certificate not trusted: ");
    }
  }

  private Path trustStore(Path folder) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("server", trusted.certificate().orElseThrow());
    Path file = folder.resolve("trusted.p12");
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, PASSWORD.toCharArray());
    }
    return file;
  }

  /** Forwards the first connections to one port and all others to another. */
  private static final class Switch implements AutoCloseable {

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final AtomicInteger left;
    private final int first;
    private final int then;

    Switch(int first, int then, int connections) throws IOException {
      this.first = first;
      this.then = then;
      this.left = new AtomicInteger(connections);
      start(this::accept);
    }

    int port() {
      return server.getLocalPort();
    }

    private void accept() throws IOException {
      while (true) {
        Socket client = server.accept();
        int port = left.getAndDecrement() > 0 ? first : then;
        Socket target = new Socket(InetAddress.getLoopbackAddress(), port);
        start(() -> copy(client, target));
        start(() -> copy(target, client));
      }
    }

    private static void copy(Socket from, Socket to) throws IOException {
      try (from;
          to) {
        from.getInputStream().transferTo(to.getOutputStream());
      }
    }

    /** What a thread does until a socket is closed. */
    private interface Work {
      void run() throws IOException;
    }

    private static void start(Work work) {
      Thread thread =
          new Thread(
              () -> {
                try {
                  work.run();
                } catch (IOException closed) {
                  // the end of a connection or of the test
                }
              },
              "switch");
      thread.setDaemon(true);
      thread.start();
    }

    @Override
    public void close() throws IOException {
      server.close();
    }
  }
}
