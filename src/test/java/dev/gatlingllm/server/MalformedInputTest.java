package dev.gatlingllm.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Whatever is wrong with a request, the server answers it, with 400. */
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(60)
class MalformedInputTest {

  private static final List<String> JSON_PATHS =
      List.of(
          "POST /v1/chat/completions",
          "POST /v1/completions",
          "POST /tokenize",
          "POST /detokenize",
          "PUT /admin/faults");

  @AutoClose
  private final SimulatedServer server =
      SimulatedServer.start(s -> s.engine(EngineProfile.INSTANT));

  static Stream<Arguments> badBodies() {
    return JSON_PATHS.stream()
        .flatMap(
            path ->
                Stream.of(
                    Arguments.of(path, "deep", "[".repeat(1_001)),
                    Arguments.of(path, "deep objects", "{\"a\":".repeat(100_000)),
                    Arguments.of(path, "long number", "{\"x\":" + "1".repeat(1_001) + "}"),
                    Arguments.of(path, "long name", "{\"" + "x".repeat(60_000) + "\":1}x"),
                    Arguments.of(path, "not UTF-8", "{\"prompt\":\"\u00e9\u00ff\"}"),
                    Arguments.of(path, "UTF-16", "{\u0000\"\u0000}\u0000x"),
                    Arguments.of(path, "cut off", "{\"prompt\":\"a"),
                    Arguments.of(path, "empty", "")));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("badBodies")
  void rejectsABodyThatIsNotReadable(String path, String name, String body) throws IOException {
    try (Wire wire = new Wire(server)) {
      String request =
          path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + body.length() + "\r\n\r\n";
      wire.send((request + body).getBytes(ISO_8859_1));

      assertThat(wire.readUntil("}}")).startsWith("HTTP/1.1 400").contains("invalid_request_error");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"tokens":"abc"}          | an array of token ids
          {"tokens":{"a":1}}        | an array of token ids
          {}                        | an array of token ids
          {"tokens":[-1]}           | an array of token ids
          {"tokens":[1e999]}        | an array of token ids
          {"tokens":[[[]]]}         | an array of token ids
          """)
  void rejectsTokensThatAreNone(String body, String message) {
    var response = new Client(server).send("POST", "/detokenize", body);

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /admin/truth?since=%ZZ HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /admin/truth?since=%2 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /v1/models/%ZZ HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /health HTTP/1.1\r\nHost: localhost\r\nno colon\r\n\r\n",
        "GET /health HTTP/1.1\r\nHost: localhost\r\nX: a\u0000b\r\n\r\n",
        "GET /health HTTP/7.x\r\nHost: localhost\r\n\r\n",
        "GET\r\n\r\n",
        "\u0001\u0002x\r\n\r\n",
        "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: many\r\n\r\n",
        "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n"
            + "Content-Length: 2\r\n\r\nab",
        "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "zz\r\n",
        "POST /tokenize HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n"
      })
  void rejectsARequestThatIsNotHttp(String request) throws IOException {
    try (Wire wire = new Wire(server)) {
      wire.send(request.getBytes(ISO_8859_1));

      assertThat(wire.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 400");
    }
  }

  @Test
  void rejectsALineOrHeaderThatIsTooLong() throws IOException {
    for (String request :
        List.of(
            "GET /" + "x".repeat(100_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "GET /health HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(100_000) + "\r\n\r\n")) {
      try (Wire wire = new Wire(server)) {
        wire.send(request.getBytes(ISO_8859_1));

        assertThat(wire.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 4");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // a frame longer than allowed, a frame of stream 0, bytes that are no frame
        "\u007f\u00ff\u00ff\u0004\u0000\u0000\u0000\u0000\u0000",
        "\u0000\u0000\u0004\u0000\u0000\u0000\u0000\u0000\u0000abcd",
        "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"
      })
  void closesBrokenHttp2WithoutAStackTrace(String frames) throws IOException {
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    ListAppender<ILoggingEvent> logged = new ListAppender<>();
    logged.start();
    root.addAppender(logged);
    try (Wire wire = new Wire(server)) {
      wire.send(("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frames).getBytes(ISO_8859_1));
      wire.readToEnd();
    } finally {
      root.detachAppender(logged);
    }

    assertThat(List.copyOf(logged.list))
        .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
        .isEmpty();
  }

  @Test
  void rejectsTokenizingNothing() {
    var response = new Client(server).send("POST", "/tokenize", "{\"content\":5}");

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains("'prompt' or 'messages' must be set.");
  }

  @Test
  void countsTextWithLoneSurrogates() {
    var response = new Client(server).send("POST", "/tokenize", "{\"prompt\":\"a\\ud800b\"}");

    assertThat(response.statusCode()).isIn(200, 400);
  }
}
