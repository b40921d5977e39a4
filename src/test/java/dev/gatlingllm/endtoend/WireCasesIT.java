package dev.gatlingllm.endtoend;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatlingllm.endtoend.GatlingFork.Run;
import dev.gatlingllm.stream.WireCase;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Streams as real servers and gateways send them, with their framing, compression, redirects and
 * ends: one run asks for all of them, so that no response may be taken for another's.
 */
@TestInstance(Lifecycle.PER_CLASS)
class WireCasesIT {

  private static final String REDIRECTED = "/v1/chat/completions/";

  private final Map<String, WireCase> cases = WireCases.byPath();
  private WireServer server;
  private Run run;
  private Map<String, JsonNode> found;

  @BeforeAll
  void run(@TempDir Path results) throws Exception {
    Map<String, WireCase> served = new HashMap<>(cases);
    served.put(REDIRECTED, cases.get("/chat/ok-plain"));
    server = WireServer.start(served);
    run =
        new GatlingFork(results)
            .with("llm.baseUrl", server.baseUrl())
            .with("llm.tokenizer", "o200k_base")
            .with("llm.serverMetrics", "off")
            .run(WireCases.class);
    assertThat(run.exit()).as(run.output()).isZero();
    found =
        run.requests().stream()
            .collect(toMap(line -> line.get("request").asText(), Function.identity()));
  }

  @AfterAll
  void stop() throws Exception {
    server.close();
  }

  Stream<String> paths() {
    return cases.keySet().stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("paths")
  void readsTheResponse(String path) {
    WireCase wire = cases.get(path);
    JsonNode line = found.get(path);
    assertThat(line).as("recorded").isNotNull();
    if (wire.expected("ok") != null) {
      assertThat(line.get("status").asText())
          .as("%s", line)
          .isEqualTo(wire.expected("ok").asBoolean() ? "OK" : "KO");
    }
    if (wire.expected("kind") != null) {
      assertThat(line.get("failure").asText()).matches(wire.expected("kind").asText());
    }
    expect(wire, "chunks", line.get("chunks"));
    expect(wire, "input", line.get("inputTokens"));
    expect(wire, "cached", line.get("cachedTokens"));
    expect(wire, "output", line.get("outputTokens"));
    expect(wire, "finish", line.get("finishReason"));
    if (wire.expected("output_not") != null) {
      assertThat(line.get("outputTokens")).isNotEqualTo(wire.expected("output_not"));
    }
  }

  @Test
  void notesWhatIsNoStream() {
    assertThat(found.values())
        .filteredOn(line -> line.path("oddities").toString().contains("\"oneBody\""))
        .extracting(line -> line.get("request").asText())
        .contains(WireCases.ONE_BODY)
        .doesNotContain("/chat/ok-plain", WireCases.ASKS_FOR_A_STREAM);
  }

  private static void expect(WireCase wire, String field, JsonNode found) {
    if (wire.expected(field) != null) {
      assertThat(found).as(field).isEqualTo(wire.expected(field));
    }
  }
}
