package dev.gatlingllm.server;

import static dev.gatlingllm.server.Client.CHAT;
import static dev.gatlingllm.server.Client.COMPLETIONS;
import static dev.gatlingllm.server.Client.message;
import static dev.gatlingllm.server.Texts.TOKENIZER;
import static dev.gatlingllm.server.Texts.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatlingllm.server.engine.EngineSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Responses with several choices. */
class ChoicesTest {

  @AutoClose
  private final SimulatedServer server =
      SimulatedServer.start(s -> s.engine(EngineProfile.INSTANT));

  private final Client client = new Client(server);

  @Test
  void countsPromptOnceForSeveralChoices() {
    JsonNode response =
        client.post(
            CHAT,
            Map.of(
                "messages",
                List.of(message("user", text(40, 1))),
                "n",
                3,
                "max_completion_tokens",
                7));

    List<JsonNode> choices = list(response.path("choices"));
    assertThat(choices).extracting(c -> c.path("index").asInt()).containsExactly(0, 1, 2);
    assertThat(choices)
        .extracting(c -> c.at("/message/content").asText())
        .doesNotHaveDuplicates()
        .allMatch(content -> TOKENIZER.count(content) == 7);
    assertThat(response.path("usage").toString())
        .isEqualTo(
            "{\"prompt_tokens\":40,\"completion_tokens\":21,\"total_tokens\":61,\"prompt_tokens_details\":{\"cached_tokens\":0}}");
    assertThat(server.truth().get(0).tokens().output()).isEqualTo(21);
  }

  @Test
  void firstChoiceDoesNotDependOnN() {
    var one = Map.of("messages", List.of(message("user", "why?")));
    var three = Map.of("messages", List.of(message("user", "why?")), "n", 3);

    assertThat(client.post(CHAT, three).at("/choices/0"))
        .isEqualTo(client.post(CHAT, one).at("/choices/0"));
  }

  @Test
  void severalPromptsGetChoicesInOrder() {
    List<String> prompts = List.of(text(20, 1), text(33, 2));
    JsonNode response =
        client.post(COMPLETIONS, Map.of("prompt", prompts, "n", 2, "max_tokens", 5));

    assertThat(list(response.path("choices"))).hasSize(4);
    assertThat(response.at("/usage/prompt_tokens").asInt()).isEqualTo(53);
    assertThat(response.at("/usage/completion_tokens").asInt()).isEqualTo(20);
    for (int i = 0; i < 2; i++) {
      JsonNode alone = client.post(COMPLETIONS, Map.of("prompt", prompts.get(i), "max_tokens", 5));
      assertThat(response.at("/choices/" + 2 * i + "/text")).isEqualTo(alone.at("/choices/0/text"));
    }
  }

  @Test
  void acceptsSeveralListsOfTokenIds() {
    int[][] prompts = {TOKENIZER.encode(text(20, 1)), TOKENIZER.encode(text(33, 2))};
    JsonNode response = client.post(COMPLETIONS, Map.of("prompt", prompts));

    assertThat(response.at("/usage/prompt_tokens").asInt()).isEqualTo(53);
    assertThat(list(response.path("choices"))).hasSize(2);
  }

  @Test
  void streamedChoicesHaveIndexAndEndSeparately() {
    var request =
        Map.of(
            "messages",
            List.of(message("user", "hello")),
            "n",
            2,
            "max_tokens",
            6,
            "stream",
            true,
            "stream_options",
            Map.of("include_usage", true));
    List<String> events = client.stream(CHAT, request);

    assertThat(events).hasSize(2 * (1 + 6 + 1) + 1 + 1).endsWith("[DONE]");
    JsonNode whole =
        client.post(
            CHAT, Map.of("messages", List.of(message("user", "hello")), "n", 2, "max_tokens", 6));
    for (int choice = 0; choice < 2; choice++) {
      int index = choice;
      List<JsonNode> chunks =
          events.subList(0, events.size() - 1).stream()
              .map(Client::json)
              .map(chunk -> chunk.at("/choices/0"))
              .filter(c -> c.path("index").asInt(-1) == index)
              .toList();
      assertThat(chunks.get(0).at("/delta/role").asText()).isEqualTo("assistant");
      assertThat(chunks.get(7).path("finish_reason").asText()).isEqualTo("length");
      assertThat(
              IntStream.range(1, 7)
                  .mapToObj(i -> chunks.get(i).at("/delta/content").asText())
                  .reduce("", String::concat))
          .isEqualTo(whole.at("/choices/" + index + "/message/content").asText());
    }
    JsonNode usage = Client.json(events.get(events.size() - 2));
    assertThat(usage.path("choices").isEmpty()).isTrue();
    assertThat(usage.at("/usage/completion_tokens").asInt()).isEqualTo(12);
  }

  /** The engine can begin with any of the choices. */
  @Test
  void reportsNoTokensAsCachedThatTheRequestComputed() {
    EngineSettings late =
        EngineProfile.INSTANT.settings().toBuilder().overhead(Duration.ofMillis(1)).build();
    try (var server = SimulatedServer.start(s -> s.engine(late))) {
      var client = new Client(server);
      int[] cached =
          IntStream.range(0, 100)
              .map(
                  i ->
                      client
                          .post(
                              COMPLETIONS, Map.of("prompt", text(200, i), "n", 8, "max_tokens", 1))
                          .at("/usage/prompt_tokens_details/cached_tokens")
                          .asInt())
              .toArray();

      assertThat(cached).containsOnly(0);
    }
  }

  private static List<JsonNode> list(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).toList();
  }
}
