package dev.gatlingllm.server;

import static dev.gatlingllm.server.Texts.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EmbeddingsEndpointTest {

  private final SimulatedServer server =
      SimulatedServer.start(s -> s.engine(EngineProfile.INSTANT));
  private final Client client = new Client(server);

  @AfterEach
  void stop() {
    server.close();
  }

  private static double[] vector(JsonNode embedding) {
    return StreamSupport.stream(embedding.spliterator(), false)
        .mapToDouble(JsonNode::doubleValue)
        .toArray();
  }

  @Test
  void equalTextsHaveEqualEmbeddingsOfLengthOne() {
    JsonNode response =
        client.post(
            "/v1/embeddings",
            Map.of("input", List.of(text(5, 1), text(7, 2), text(5, 1)), "dimensions", 8));
    double[] first = vector(response.at("/data/0/embedding"));

    assertThat(first).hasSize(8);
    double square = 0;
    for (double number : first) {
      square += number * number;
    }
    assertThat(square).isCloseTo(1, within(1e-6));
    assertThat(vector(response.at("/data/2/embedding"))).isEqualTo(first);
    assertThat(vector(response.at("/data/1/embedding"))).isNotEqualTo(first);
    assertThat(response.get("usage")).hasToString("{\"prompt_tokens\":17,\"total_tokens\":17}");
    assertThat(
            client
                .post("/v1/embeddings", Map.of("input", "hi", "encoding_format", "base64"))
                .at("/data/0/embedding")
                .isTextual())
        .isTrue();
  }

  @Test
  void ranksDocumentsByTheTokensOfTheQuery() {
    JsonNode response =
        client.post(
            "/v1/rerank",
            Map.of(
                "query",
                " red green",
                "documents",
                List.of(" blue", " a red one", " green and red"),
                "top_n",
                2));

    assertThat(response.get("results").findValuesAsText("index")).isEqualTo(List.of("2", "1"));
    assertThat(response.get("results").findValuesAsText("relevance_score"))
        .isEqualTo(List.of("1.0", "0.5"));
    assertThat(response.at("/usage/prompt_tokens").asInt()).isEqualTo(3 * 2 + 1 + 3 + 3);
  }

  @Test
  void saysWhatARequestLacks() {
    assertThat(client.post("/v1/embeddings", Map.of()).at("/error/param").asText())
        .isEqualTo("input");
    assertThat(client.post("/v1/rerank", Map.of("query", "a")).at("/error/param").asText())
        .isEqualTo("documents");
  }
}
