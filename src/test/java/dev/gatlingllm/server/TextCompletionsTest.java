package dev.gatlingllm.server;

import static dev.gatlingllm.server.Client.COMPLETIONS;
import static dev.gatlingllm.server.Texts.TOKENIZER;
import static dev.gatlingllm.server.Texts.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TextCompletionsTest {

  private final SimulatedServer server =
      SimulatedServer.start(ServerSettings.builder().engine(EngineProfile.INSTANT).build());
  private final Client client = new Client(server);

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void wholeResponseHasRequestedTokens() {
    JsonNode response = client.post(COMPLETIONS, Map.of("prompt", text(30, 1), "max_tokens", 9));

    assertThat(response.path("object").asText()).isEqualTo("text_completion");
    assertThat(response.path("id").asText()).startsWith("cmpl-");
    assertThat(response.path("model").asText()).isEqualTo("simulated");
    assertThat(response.at("/choices/0/finish_reason").asText()).isEqualTo("length");
    assertThat(TOKENIZER.count(response.at("/choices/0/text").asText())).isEqualTo(9);
    assertThat(response.at("/usage/prompt_tokens").asInt()).isEqualTo(30);
    assertThat(response.at("/usage/completion_tokens").asInt()).isEqualTo(9);
  }

  @Test
  void streamHasOneChunkPerTokenAndNoOpener() {
    List<String> events = client.stream(COMPLETIONS, Map.of("prompt", "hello", "stream", true));

    assertThat(events).hasSize(16 + 1 + 1).endsWith("[DONE]");
    assertThat(Client.texts(events)).hasSize(16);
    assertThat(Client.json(events.get(16)).at("/choices/0").toString())
        .isEqualTo("{\"index\":0,\"text\":\"\",\"logprobs\":null,\"finish_reason\":\"length\"}");
  }

  @Test
  void joinedPromptAndResponseKeepTheirTokens() {
    String prompt = text(30, 1);
    String response =
        client
            .post(COMPLETIONS, Map.of("prompt", prompt, "max_tokens", 50))
            .at("/choices/0/text")
            .asText();

    assertThat(TOKENIZER.count(prompt + " " + response)).isEqualTo(30 + 50);
  }

  @Test
  void acceptsTokenIdsAsPrompt() {
    int[] tokens = TOKENIZER.encode(text(33, 1));
    client.post(COMPLETIONS, Map.of("prompt", text(33, 1)));
    JsonNode response = client.post(COMPLETIONS, Map.of("prompt", tokens));

    assertThat(response.at("/usage/prompt_tokens").asInt()).isEqualTo(33);
    assertThat(response.at("/usage/prompt_tokens_details/cached_tokens").asInt()).isEqualTo(32);
  }
}
