package dev.gatlingllm.server;

import static dev.gatlingllm.server.Client.CHAT;
import static dev.gatlingllm.server.Client.COMPLETIONS;
import static dev.gatlingllm.server.Client.message;
import static dev.gatlingllm.server.Texts.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CachedTokensTest {

  @Test
  void cachesPrefixPerGroupInFullBlocks() {
    try (var server = SimulatedServer.start(instant().build())) {
      Client client = new Client(server);

      assertThat(cached(chat(client, text(100, 1), text(20, 11)))).isZero();
      assertThat(cached(chat(client, text(100, 1), text(20, 12)))).isEqualTo(96);
      assertThat(cached(chat(client, text(100, 2), text(20, 12)))).isZero();
    }
  }

  @Test
  void cachesEachModelsPromptsApart() {
    try (var server = SimulatedServer.start(instant().build())) {
      Client client = new Client(server);
      List<Integer> cached = new ArrayList<>();
      for (String model : List.of("base", "adapter", "base", "adapter")) {
        cached.add(
            cached(
                client.post(
                    CHAT,
                    Map.of("model", model, "messages", List.of(message("user", text(40, 1)))))));
      }

      assertThat(cached).containsExactly(0, 0, 32, 32);
    }
  }

  @Test
  void alwaysComputesLastPromptToken() {
    try (var server = SimulatedServer.start(instant().build())) {
      Client client = new Client(server);
      chat(client, text(44, 1), text(20, 2));

      assertThat(cached(chat(client, text(44, 1), text(20, 2)))).isEqualTo(48);
    }
  }

  @Test
  void cachesHistoryOfGrowingChat() {
    try (var server = SimulatedServer.start(instant().build())) {
      Client client = new Client(server);
      List<Map<String, String>> messages = new ArrayList<>();
      messages.add(message("system", text(50, 1)));
      int said = 0;
      for (int turn = 1; turn <= 5; turn++) {
        messages.add(message("user", text(13, turn)));
        JsonNode response = client.post(CHAT, Map.of("messages", messages, "max_tokens", 21));
        messages.add(message("assistant", response.at("/choices/0/message/content").asText()));

        assertThat(response.at("/usage/prompt_tokens").asInt())
            .isEqualTo(50 + 13 + (turn - 1) * 34);
        assertThat(cached(response)).isEqualTo(said / 16 * 16);
        said = response.at("/usage/total_tokens").asInt();
      }
    }
  }

  @Test
  void cachesHistoryOfGrowingText() {
    try (var server = SimulatedServer.start(instant().build())) {
      Client client = new Client(server);
      JsonNode first = client.post(COMPLETIONS, Map.of("prompt", text(40, 1), "max_tokens", 30));
      String next = text(40, 1) + " " + first.at("/choices/0/text").asText() + " " + text(9, 2);
      JsonNode second = client.post(COMPLETIONS, Map.of("prompt", next));

      assertThat(second.at("/usage/prompt_tokens").asInt()).isEqualTo(79);
      assertThat(cached(second)).isEqualTo(64);
    }
  }

  @Test
  void evictsLeastRecentlyUsedPrompts() {
    try (var server = SimulatedServer.start(instantOfEightBlocks())) {
      Client client = new Client(server);
      chat(client, text(60, 1), text(4, 1));
      chat(client, text(120, 2), text(4, 1));

      assertThat(cached(chat(client, text(60, 1), text(4, 1)))).isZero();
    }
  }

  @Test
  void hidesCachedTokensInUsageButNotInTruth() {
    try (var server = SimulatedServer.start(instant().reportCachedTokens(false).build())) {
      Client client = new Client(server);
      chat(client, text(60, 1), text(4, 1));
      JsonNode response = chat(client, text(60, 1), text(4, 1));

      assertThat(response.path("usage").has("prompt_tokens_details")).isFalse();
      assertThat(server.truth(response.path("id").asText()).orElseThrow().tokens().cached())
          .isEqualTo(48);
    }
  }

  private static ServerSettings instantOfEightBlocks() {
    var engine = EngineProfile.INSTANT.settings().toBuilder().kvBlocks(8).build();
    return ServerSettings.builder().engine(engine).maxModelTokens(128).build();
  }

  private static ServerSettings.Builder instant() {
    return ServerSettings.builder().engine(EngineProfile.INSTANT);
  }

  private static JsonNode chat(Client client, String system, String question) {
    return client.post(
        CHAT,
        Map.of(
            "messages",
            List.of(message("system", system), message("user", question)),
            "max_tokens",
            4));
  }

  private static int cached(JsonNode response) {
    return response.at("/usage/prompt_tokens_details/cached_tokens").asInt(-1);
  }
}
