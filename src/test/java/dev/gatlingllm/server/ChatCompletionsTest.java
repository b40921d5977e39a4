package dev.gatlingllm.server;

import static dev.gatlingllm.server.Client.CHAT;
import static dev.gatlingllm.server.Client.message;
import static dev.gatlingllm.server.Texts.TOKENIZER;
import static dev.gatlingllm.server.Texts.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ChatCompletionsTest {

  private final SimulatedServer server =
      SimulatedServer.start(ServerSettings.builder().engine(EngineProfile.INSTANT).build());
  private final Client client = new Client(server);

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void wholeResponseHasRequestedTokensAndUsage() {
    JsonNode response =
        client.post(
            CHAT,
            Map.of(
                "model",
                "any-name",
                "messages",
                List.of(message("system", text(40, 1)), message("user", text(7, 2))),
                "max_tokens",
                12,
                "temperature",
                0.5,
                "an_unknown_field",
                true));

    assertThat(response.path("object").asText()).isEqualTo("chat.completion");
    assertThat(response.path("id").asText()).startsWith("chatcmpl-");
    assertThat(response.path("model").asText()).isEqualTo("any-name");
    JsonNode choice = response.path("choices").path(0);
    assertThat(choice.path("finish_reason").asText()).isEqualTo("length");
    assertThat(choice.path("message").path("role").asText()).isEqualTo("assistant");
    assertThat(TOKENIZER.count(choice.path("message").path("content").asText())).isEqualTo(12);
    assertThat(response.path("usage").toString())
        .isEqualTo(
            "{\"prompt_tokens\":47,\"completion_tokens\":12,\"total_tokens\":59,\"prompt_tokens_details\":{\"cached_tokens\":0}}");
  }

  @Test
  void secondHalfOfATextIsWrongWhereTooManyRequestsAreInProgress() {
    Map<String, Object> request =
        Map.of("messages", List.of(message("user", "hello")), "max_tokens", 8);
    String right = client.post(CHAT, request).at("/choices/0/message/content").asText();
    try (SimulatedServer busy =
        SimulatedServer.start(s -> s.engine(EngineProfile.INSTANT).corruptAbove(0))) {
      String wrong = new Client(busy).post(CHAT, request).at("/choices/0/message/content").asText();

      assertThat(wrong.split(" ")).hasSize(8).startsWith(firstHalf(right));
      assertThat(wrong).isNotEqualTo(right);
    }
    assertThat(client.post(CHAT, request).at("/choices/0/message/content").asText())
        .isEqualTo(right);
  }

  private static String[] firstHalf(String text) {
    return Arrays.copyOf(text.split(" "), 4);
  }

  @Test
  void streamStartsWithRoleAndHasOneChunkPerToken() {
    List<String> events =
        client.stream(
            CHAT,
            Map.of(
                "messages",
                List.of(message("user", "hello")),
                "max_completion_tokens",
                5,
                "stream",
                true,
                "stream_options",
                Map.of("include_usage", true)));

    assertThat(events).hasSize(1 + 5 + 1 + 1 + 1);
    assertThat(Client.json(events.get(0)).at("/choices/0/delta").toString())
        .isEqualTo("{\"role\":\"assistant\",\"content\":\"\"}");
    assertThat(events.subList(1, 6))
        .allSatisfy(
            event -> assertThat(TOKENIZER.count(Client.texts(List.of(event)).get(0))).isEqualTo(1));
    assertThat(Client.json(events.get(6)).at("/choices/0").toString())
        .isEqualTo("{\"index\":0,\"delta\":{},\"logprobs\":null,\"finish_reason\":\"length\"}");
    JsonNode last = Client.json(events.get(7));
    assertThat(last.path("choices").isEmpty()).isTrue();
    assertThat(last.path("usage").path("completion_tokens").asInt()).isEqualTo(5);
    assertThat(events.get(8)).isEqualTo("[DONE]");
    String text = String.join("", Client.texts(events));
    assertThat(TOKENIZER.count(text)).isEqualTo(5);
    assertThat(text).isEqualTo(text.strip());
  }

  @Test
  void streamHasUsageOnlyOnRequest() {
    var request = Map.of("messages", List.of(message("user", "hello")), "stream", true);

    assertThat(client.stream(CHAT, request))
        .hasSize(1 + 64 + 1 + 1)
        .noneMatch(e -> e.contains("usage"));
  }

  @Test
  void equalPromptsGetEqualResponses() {
    assertThat(response("why?")).isEqualTo(response("why?")).isNotEqualTo(response("why not?"));
  }

  @Test
  void acceptsContentParts() {
    var parts =
        List.of(Map.of("type", "text", "text", "one "), Map.of("type", "text", "text", "two"));
    JsonNode response =
        client.post(CHAT, Map.of("messages", List.of(Map.of("role", "user", "content", parts))));

    assertThat(response.path("usage").path("prompt_tokens").asInt()).isEqualTo(2);
  }

  private String response(String question) {
    return client
        .post(CHAT, Map.of("messages", List.of(message("user", question))))
        .at("/choices/0/message/content")
        .asText();
  }
}
