package dev.gatlingllm.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatlingllm.endtoend.GatlingFork.Run;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a server receives of requests that are shaped in the DSL. */
class ShapedRequestsIT {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void serverReceivesTheRequestedShapes(@TempDir Path results) throws Exception {
    List<String> sessions = new CopyOnWriteArrayList<>();
    String good = ScriptedServer.stream("data: [DONE]\n\n", "fine");
    String other = ScriptedServer.stream("data: [DONE]\n\n", "final");
    AtomicInteger probed = new AtomicInteger();
    try (ScriptedServer server =
        ScriptedServer.start(
            exchange -> {
              String session = exchange.getRequestHeaders().getFirst("X-Session-ID");
              sessions.add(session == null ? "" : session);
              boolean isThirdProbe =
                  exchange.getRequestHeaders().containsKey("X-Probe")
                      && probed.incrementAndGet() == 3;
              ScriptedServer.send(exchange, 200, "text/event-stream", isThirdProbe ? other : good);
            })) {
      Run run =
          new GatlingFork(results).with("llm.baseUrl", server.baseUrl()).run(ShapedRequests.class);

      assertThat(run.exit()).as(run.output()).isZero();
      List<JsonNode> chats = new ArrayList<>();
      List<JsonNode> ids = new ArrayList<>();
      List<JsonNode> marked = new ArrayList<>();
      List<JsonNode> probes = new ArrayList<>();
      for (String body : server.bodies()) {
        JsonNode request = JSON.readTree(body);
        if (body.contains("cache_control")) {
          marked.add(request);
          continue;
        }
        (isProbe(request) ? probes : request.has("messages") ? chats : ids).add(request);
      }
      assertThat(chats).hasSize(48).allSatisfy(ShapedRequestsIT::isShaped);
      assertThat(ids)
          .singleElement()
          .satisfies(request -> assertThat(request.get("prompt")).hasToString("[11,12,21,22,23]"));
      assertThat(marked)
          .singleElement()
          .satisfies(request -> assertThat(request.findValuesAsText("ttl")).contains("1h"));
      Map<String, Set<String>> modelsByConversation = new HashMap<>();
      chats.forEach(
          chat ->
              modelsByConversation
                  .computeIfAbsent(firstQuestion(chat), question -> new HashSet<>())
                  .add(chat.get("model").asText()));
      assertThat(modelsByConversation)
          .hasSize(24)
          .allSatisfy((q, models) -> assertThat(models).hasSize(1));
      assertThat(chats).extracting(chat -> chat.get("model").asText()).contains("base", "lora");
      assertThat(new HashSet<>(sessions)).contains("").hasSize(25);
      assertThat(run.tokens().get("run").get("model").asText()).contains("base=3,lora=1");
      assertThat(run.requests()).extracting(r -> r.get("status").asText()).contains("OK");
      assertThat(probes)
          .hasSize(5)
          .allSatisfy(
              probe -> {
                assertThat(probe).isEqualTo(probes.get(0));
                assertThat(probe.get("temperature").asInt()).isZero();
              });
      isTheThirdDifferent(run);
    }
  }

  private static boolean isProbe(JsonNode request) {
    return request.has("seed");
  }

  private static void isTheThirdDifferent(Run run) throws IOException {
    List<JsonNode> compared =
        run.requests().stream().filter(request -> request.has("textHash")).toList();
    assertThat(compared)
        .extracting(r -> r.get("firstText").asBoolean() + " " + r.get("differsAt"))
        .containsExactly("true null", "false null", "false 3", "false null", "false null");
    assertThat(run.tokens().at("/totals/comparedResponses").asInt()).isEqualTo(4);
    assertThat(run.tokens().at("/totals/differentPercent").asDouble()).isEqualTo(25);
    assertThat(run.tokens().get("notes").findValuesAsText("kind")).contains("responses-differ");
    assertThat(run.output()).contains("different from the first of 4 compared responses");
  }

  private static void isShaped(JsonNode chat) {
    assertThat(chat.get("messages").get(0).get("role").asText()).isEqualTo("developer");
    assertThat(chat.get("max_completion_tokens").asInt()).isEqualTo(4);
    assertThat(chat.get("min_tokens").asInt()).isEqualTo(4);
    assertThat(chat.get("temperature").asInt()).isZero();
    assertThat(chat.has("max_tokens")).isFalse();
    assertThat(chat.has("stream_options")).isFalse();
  }

  private static String firstQuestion(JsonNode chat) {
    return chat.get("messages").get(1).get("content").asText();
  }
}
