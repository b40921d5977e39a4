package dev.gatlingllm.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.stream.Failure;
import dev.gatlingllm.stream.ResponseReader;
import dev.gatlingllm.stream.TokenTimeline;
import io.netty.buffer.Unpooled;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The client finds each fault of a stream in each API that has events of its own. */
@Timeout(60)
class FaultsOfEachApiTest {

  private static final Map<GenerationApi, String> BODIES =
      Map.of(
          GenerationApi.CHAT,
          "{'messages':[{'role':'user','content':'a'}],'max_tokens':6,'stream':true,"
              + "'stream_options':{'include_usage':true}}",
          GenerationApi.MESSAGES,
          "{'messages':[{'role':'user','content':'a'}],'max_tokens':6,'stream':true}",
          GenerationApi.RESPONSES,
          "{'input':'a','max_output_tokens':6,'stream':true}");

  private static SimulatedServer server;
  private static HttpClient client;

  @BeforeAll
  static void start() {
    server = SimulatedServer.start(s -> s.engine(EngineProfile.INSTANT));
    client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "good",
      textBlock =
          """
          truncate;after=2      | truncated                | truncated             | truncated
          cut-character;after=2 | truncated                | truncated             | truncated
          no-end                | good                     | good                  | good
          reset;after=2         | truncated                | truncated             | truncated
          error-frame;after=2   | error frame server_error | error frame api_error | error frame server_error
          error-field;after=2   | error frame server_error | error frame api_error | error frame server_error
          finish-error;after=2  | error frame              | error frame           | error frame server_error
          malformed;after=2     | malformed                | malformed             | malformed
          no-done               | good                     | truncated             | truncated
          no-finish             | good                     | good                  | truncated
          whole                 | good                     | good                  | good
          glue                  | good                     | good                  | good
          dribble               | good                     | good                  | good
          error-body            | error frame server_error | error frame api_error | error frame server_error
          429                   | http 429                 | http 429              | http 429
          500                   | http 500                 | http 500              | http 500
          503                   | http 503                 | http 5                | http 503
          """)
  void findsTheFault(String fault, String chat, String messages, String responses) {
    expect(GenerationApi.CHAT, fault, chat);
    expect(GenerationApi.MESSAGES, fault, messages);
    expect(GenerationApi.RESPONSES, fault, responses);
  }

  private static void expect(GenerationApi api, String fault, String kind) {
    TokenTimeline timeline = read(api, fault);
    Failure failure = timeline.failure();

    assertThat(failure == null ? null : failure.kind())
        .as("%s: %s", api, failure)
        .satisfies(
            found -> {
              if (kind == null) {
                assertThat(found).isNull();
                assertThat(timeline.text()).isNotBlank();
              } else {
                assertThat(found).startsWith(kind);
              }
            });
  }

  private static TokenTimeline read(GenerationApi api, String fault) {
    TokenTimeline timeline = new TokenTimeline();
    ResponseReader reader = new ResponseReader(timeline, Integer.MAX_VALUE);
    timeline.written(1);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.baseUrl() + api.path))
            .header("X-Simulated-Fault", fault)
            .POST(HttpRequest.BodyPublishers.ofString(BODIES.get(api).replace('\'', '"'), UTF_8))
            .build();
    HttpResponse.BodyHandler<Void> handler =
        head -> {
          reader.onHead(head.statusCode(), head.headers().firstValue("content-type").orElse(null));
          return HttpResponse.BodySubscribers.ofByteArrayConsumer(
              bytes -> bytes.ifPresent(b -> reader.onBytes(Unpooled.wrappedBuffer(b), 2)));
        };
    try {
      client.sendAsync(request, handler).join();
      reader.onEnd(3);
    } catch (CompletionException broken) {
      reader.onTransportFailure(String.valueOf(broken.getMessage()), null, 3);
    }
    return timeline;
  }
}
