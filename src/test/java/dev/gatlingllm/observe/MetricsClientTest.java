package dev.gatlingllm.observe;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatlingllm.gatling.Certificates;
import dev.gatlingllm.observe.MetricsSource.Answer;
import dev.gatlingllm.server.EngineProfile;
import dev.gatlingllm.server.ServerSettings;
import dev.gatlingllm.server.SimulatedServer;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MetricsClientTest {

  private static final String OK = "HTTP/1.1 200 OK\r\n";
  private static final String TEXT =
      OK + "Content-Type: text/plain\r\nContent-Length: 3\r\n\r\nx 1";

  private final List<String> heads = new CopyOnWriteArrayList<>();
  private final CountDownLatch aborted = new CountDownLatch(1);
  private volatile boolean holdsOpen;

  private static MetricsClient client(Duration timeout, boolean any) {
    return new MetricsClient(url -> "Bearer k", Certificates.context(any), any, timeout);
  }

  /** Answers one request of each connection, with a begin and a part that is repeated forever. */
  private ServerSocket server(String begin, String repeated) throws IOException {
    ServerSocket listening = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    Thread thread =
        new Thread(
            () -> {
              while (!listening.isClosed()) {
                try (Socket socket = listening.accept()) {
                  answer(socket, begin, repeated);
                } catch (IOException ended) {
                  aborted.countDown();
                }
              }
            });
    thread.setDaemon(true);
    thread.start();
    return listening;
  }

  private void answer(Socket socket, String begin, String repeated) throws IOException {
    BufferedReader request =
        new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
    StringBuilder head = new StringBuilder();
    for (String line = request.readLine(); ; line = request.readLine()) {
      if (line == null) {
        throw new EOFException("the client left");
      }
      if (line.isEmpty()) {
        break;
      }
      head.append(line).append('\n');
    }
    heads.add(head.toString());
    OutputStream response = socket.getOutputStream();
    response.write(begin.getBytes(US_ASCII));
    while (!repeated.isEmpty()) {
      response.write(repeated.getBytes(US_ASCII));
    }
    if (holdsOpen && request.read() < 0) {
      throw new EOFException("the client left");
    }
  }

  private static String url(ServerSocket server) {
    return "http://127.0.0.1:" + server.getLocalPort() + "/metrics?a=b";
  }

  @Test
  void asksAsPrometheusDoes() throws IOException {
    try (ServerSocket server = server(TEXT, "");
        MetricsClient client = client(Duration.ofSeconds(20), false)) {
      assertThat(client.get(url(server))).isEqualTo(new Answer(200, "text/plain", "x 1"));
      assertThat(client.get(url(server))).as("of another connection").isNotNull();

      assertThat(heads)
          .hasSize(2)
          .allSatisfy(
              head ->
                  assertThat(head)
                      .startsWith("GET /metrics?a=b HTTP/1.1\n")
                      .containsIgnoringCase("\nhost: 127.0.0.1:" + server.getLocalPort() + "\n")
                      .containsIgnoringCase("\nauthorization: Bearer k\n"));
    }
  }

  static Stream<Arguments> endless() {
    String chunked = OK + "Transfer-Encoding: chunked\r\n\r\n";
    String chunk = "1000\r\n" + "x".repeat(0x1000) + "\r\n";
    return Stream.of(
        Arguments.of("body", chunked, chunk),
        Arguments.of("trailers", chunked + "3\r\nx 1\r\n0\r\n", "a: b\r\n"),
        Arguments.of("head", OK, "a: b\r\n"),
        Arguments.of("line", OK + "a: ", "b"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("endless")
  void rejectsAnEndless(String part, String begin, String repeated) throws Exception {
    try (ServerSocket server = server(begin, repeated);
        MetricsClient client = client(Duration.ofSeconds(60), false)) {
      assertThatThrownBy(() -> client.get(url(server))).hasMessage("its answer is too long");

      aborted.await();
    }
  }

  static Stream<Arguments> late() {
    String chunked = OK + "Transfer-Encoding: chunked\r\n\r\n";
    return Stream.of(
        Arguments.of("nothing", "", ""),
        Arguments.of("head", OK, ""),
        Arguments.of("trailers", chunked + "3\r\nx 1\r\n0\r\na: b\r\n", ""),
        Arguments.of("interim responses", "", "HTTP/1.1 100 Continue\r\n\r\n"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("late")
  void givesUpAnAnswerThatDoesNotCome(String part, String begin, String repeated) throws Exception {
    holdsOpen = true;
    try (ServerSocket server = server(begin, repeated);
        MetricsClient client = client(Duration.ofMillis(200), false)) {
      assertThatThrownBy(() -> client.get(url(server)))
          .hasMessage("its answer takes longer than 0.2 s");

      aborted.await();
    }
  }

  @Test
  void keepsTheConnectionToAServerWithAnyCertificate() throws IOException {
    try (SimulatedServer server =
            SimulatedServer.start(
                ServerSettings.builder().engine(EngineProfile.INSTANT).tls().build());
        MetricsClient any = client(Duration.ofSeconds(20), true);
        MetricsClient strict = client(Duration.ofSeconds(20), false)) {
      for (int i = 0; i < 3; i++) {
        assertThat(any.get(server.baseUrl() + "/metrics").text()).isNotEmpty();
      }

      assertThat(server.openConnections()).isEqualTo(1);
      assertThatThrownBy(() -> strict.get(server.baseUrl() + "/metrics"))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("certification path");
    }
  }

  /** TLS begins with the connection. */
  @Test
  void saysWhyTlsFailedBeforeTheRequest() throws IOException {
    try (SimulatedServer server =
            SimulatedServer.start(
                ServerSettings.builder().engine(EngineProfile.INSTANT).tls().build());
        MetricsClient slow =
            new MetricsClient(
                url -> {
                  LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
                  return null;
                },
                Certificates.context(false),
                false,
                Duration.ofSeconds(5))) {
      assertThatThrownBy(() -> slow.get(server.baseUrl() + "/metrics"))
          .hasMessageContaining("certification path");
    }
  }

  @Test
  void saysWhyThereIsNoConnection() throws IOException {
    ServerSocket closed = server("", "");
    closed.close();

    try (MetricsClient client = client(Duration.ofSeconds(20), false)) {
      assertThatThrownBy(() -> client.get(url(closed))).hasMessage("Connection refused");
    }
  }
}
