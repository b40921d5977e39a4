package dev.gatlingllm.server;

import static dev.gatlingllm.server.Client.CHAT;
import static dev.gatlingllm.server.Client.COMPLETIONS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.fuzz.DamagedBytes;
import java.io.IOException;
import java.net.SocketException;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** No request, however damaged, takes anything from the server for longer than its connection. */
class RequestFuzzTest {

  private static final int MAX_ATTEMPTS = 10_000;

  private static SimulatedServer server;

  @BeforeContainer
  static void start() {
    server = SimulatedServer.start(s -> s.engine(EngineProfile.INSTANT).maxConcurrentRequests(1));
  }

  @AfterContainer
  static void stop() {
    server.close();
  }

  @Provide
  static Arbitrary<byte[]> requests() {
    String chat =
        "{\"model\":\"m\",\"messages\":[{\"role\":\"system\",\"content\":\"be brief\"},"
            + "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"h\\u00e9\"}]}],"
            + "\"max_tokens\":5,\"stream\":true,\"stream_options\":{\"include_usage\":true},"
            + "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\","
            + "\"parameters\":{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"array\","
            + "\"items\":{\"type\":\"integer\"}}}}}}],\"tool_choice\":\"required\"}";
    return DamagedBytes.of(
        Wire.post(CHAT, chat),
        Wire.post(CHAT, "X-Simulated-Fault: stall;after=1;for=1ms\r\n", chat),
        Wire.post(
            COMPLETIONS, "{\"prompt\":[[1,2],[3]],\"n\":2,\"max_tokens\":3,\"stop\":[\"a\"]}"),
        Wire.post("/tokenize", "{\"prompt\":\"hello\",\"return_token_strs\":true}"),
        Wire.post("/detokenize", "{\"tokens\":[1,2,3]}"),
        Wire.post("/admin/faults", "{\"faults\":[],\"seed\":1}").replace("POST", "PUT"),
        "GET /admin/truth?since=1&limit=2 HTTP/1.1\r\nHost: localhost\r\n\r\n"
            + "GET /v1/models/a%20b HTTP/1.1\r\nHost: localhost\r\nOrigin: null\r\n\r\n");
  }

  @Property
  void nextRequestGetsItsResponse(@ForAll("requests") byte[] request) throws IOException {
    try (Wire wire = new Wire(server)) {
      wire.send(request);
    } catch (SocketException refused) {
      // the server closed the connection before it had read all
    }
    int status = 429;
    for (int i = 0; i < MAX_ATTEMPTS && status == 429; i++) {
      // as long as the damaged request is in progress
      status = status(Wire.post(COMPLETIONS, "{\"prompt\":\"hi\",\"max_tokens\":1}"));
    }
    assertThat(status).isEqualTo(200);
  }

  private static int status(String request) throws IOException {
    try (Wire wire = new Wire(server)) {
      wire.send(request);
      return Integer.parseInt(wire.readUntil("\r\n").split(" ")[1]);
    }
  }
}
