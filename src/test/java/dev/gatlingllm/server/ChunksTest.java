package dev.gatlingllm.server;

import static dev.gatlingllm.server.Client.CHAT;
import static dev.gatlingllm.server.Client.COMPLETIONS;
import static dev.gatlingllm.server.Client.message;
import static dev.gatlingllm.server.Texts.TOKENIZER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatlingllm.Distribution;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The content of streamed chunks. */
class ChunksTest {

  private static List<Integer> tokensPerChunk(SimulatedServer server, int maxTokens) {
    var request = Map.of("prompt", "hello", "max_tokens", maxTokens, "stream", true);
    return Client.texts(new Client(server).stream(COMPLETIONS, request)).stream()
        .map(TOKENIZER::count)
        .toList();
  }

  @Test
  void chunksAfterTheFirstHaveSeveralTokens() {
    try (var server =
        SimulatedServer.start(
            s -> s.engine(EngineProfile.INSTANT).tokensPerChunk(Distribution.constant(4)))) {
      assertThat(tokensPerChunk(server, 12)).containsExactly(1, 4, 4, 3);
      assertThat(server.truth().get(0).tokens().output()).isEqualTo(12);
      long[] times = server.truth().get(0).times().tokenNanos();
      assertThat(times[1]).isEqualTo(times[4]).isNotEqualTo(times[5]);
    }
  }

  @Test
  void drawsTokensPerChunkFromDistribution() {
    try (var server =
        SimulatedServer.start(
            s -> s.engine(EngineProfile.INSTANT).tokensPerChunk(Distribution.uniform(1, 3)))) {
      List<Integer> tokens = tokensPerChunk(server, 60);

      assertThat(tokens).contains(1, 2, 3).allMatch(count -> count <= 3);
      assertThat(tokens.stream().mapToInt(Integer::intValue).sum()).isEqualTo(60);
      assertThat(tokensPerChunk(server, 60)).isEqualTo(tokens);
    }
  }

  @Test
  void doesNotMixKindsOfTokensInOneChunk() {
    try (var server =
        SimulatedServer.start(
            s ->
                s.engine(EngineProfile.INSTANT)
                    .tokensPerChunk(Distribution.constant(4))
                    .reasoningTokens(Distribution.constant(7)))) {
      List<String> events =
          new Client(server)
              .stream(
                  CHAT,
                  Map.of(
                      "messages",
                      List.of(message("user", "hello")),
                      "max_tokens",
                      12,
                      "stream",
                      true));
      List<JsonNode> deltas =
          events.subList(1, events.size() - 2).stream()
              .map(event -> Client.json(event).at("/choices/0/delta"))
              .toList();

      assertThat(
              deltas.stream()
                  .map(delta -> TOKENIZER.count(delta.path("reasoning_content").asText())))
          .containsExactly(1, 4, 2, 0, 0);
      assertThat(deltas.stream().map(delta -> TOKENIZER.count(delta.path("content").asText())))
          .containsExactly(0, 0, 0, 4, 1);
    }
  }

  @Test
  void sendsUsageWithEachChunkOnRequest() {
    try (var server = SimulatedServer.start(s -> s.engine(EngineProfile.INSTANT))) {
      List<String> events =
          new Client(server)
              .stream(
                  COMPLETIONS,
                  Map.of(
                      "prompt",
                      "hello",
                      "max_tokens",
                      3,
                      "stream",
                      true,
                      "stream_options",
                      Map.of("include_usage", true, "continuous_usage_stats", true)));

      assertThat(events.subList(0, 3))
          .extracting(e -> Client.json(e).at("/usage/completion_tokens").asInt())
          .containsExactly(1, 2, 3);
      assertThat(Client.json(events.get(0)).path("usage").toString())
          .isEqualTo("{\"prompt_tokens\":1,\"completion_tokens\":1,\"total_tokens\":2}");
      assertThat(Client.json(events.get(4)).path("choices").isEmpty()).isTrue();
    }
  }

  @Test
  void chatHasLogprobsOnRequest() {
    try (var server = SimulatedServer.start(s -> s.engine(EngineProfile.INSTANT))) {
      Client client = new Client(server);
      var request =
          Map.of(
              "messages",
              List.of(message("user", "hello")),
              "max_tokens",
              4,
              "logprobs",
              true,
              "top_logprobs",
              3);
      JsonNode choice = client.post(CHAT, request).at("/choices/0");

      assertThat(choice.at("/logprobs/content")).hasSize(4);
      StringBuilder said = new StringBuilder();
      for (JsonNode token : choice.at("/logprobs/content")) {
        said.append(token.path("token").asText());
        assertThat(token.path("bytes")).hasSize(token.path("token").asText().length());
        assertThat(token.path("top_logprobs")).hasSize(3);
        assertThat(token.at("/top_logprobs/0/token")).isEqualTo(token.path("token"));
        double sum = 0;
        for (JsonNode top : token.path("top_logprobs")) {
          sum += Math.exp(top.path("logprob").asDouble());
        }
        assertThat(sum).isGreaterThan(0.5).isLessThan(1);
      }
      assertThat(said.toString()).isEqualTo(choice.at("/message/content").asText());
    }
  }

  @Test
  void textCompletionHasLogprobsInItsOwnFormat() {
    try (var server = SimulatedServer.start(s -> s.engine(EngineProfile.INSTANT))) {
      Client client = new Client(server);
      var request = Map.of("prompt", "hello", "max_tokens", 4, "logprobs", 2);
      JsonNode whole = client.post(COMPLETIONS, request).at("/choices/0");
      List<String> events =
          client.stream(
              COMPLETIONS,
              Map.of("prompt", "hello", "max_tokens", 4, "logprobs", 2, "stream", true));

      JsonNode logprobs = whole.path("logprobs");
      assertThat(logprobs.path("tokens")).hasSize(4);
      String text = whole.path("text").asText();
      for (int i = 0; i < 4; i++) {
        String token = logprobs.path("tokens").get(i).asText();
        int offset = logprobs.path("text_offset").get(i).asInt();
        double logprob = logprobs.path("token_logprobs").get(i).asDouble();
        assertThat(text.substring(offset)).startsWith(token);
        assertThat(logprobs.path("top_logprobs").get(i).path(token).asDouble())
            .isCloseTo(logprob, within(1e-12));
        JsonNode streamed = Client.json(events.get(i)).at("/choices/0/logprobs");
        assertThat(streamed.at("/tokens/0").asText()).isEqualTo(token);
        assertThat(streamed.at("/text_offset/0").asInt()).isEqualTo(offset);
      }
    }
  }
}
