package dev.gatlingllm.server;

import static dev.gatlingllm.server.Client.CHAT;
import static dev.gatlingllm.server.Client.message;
import static dev.gatlingllm.server.Texts.TOKENIZER;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatlingllm.Distribution;
import dev.gatlingllm.server.ServerSettings.ReasoningField;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class ReasoningTest {

  @AutoClose
  private final SimulatedServer server =
      SimulatedServer.start(
          s -> s.engine(EngineProfile.INSTANT).reasoningTokens(Distribution.constant(8)));

  private static Map<String, Object> request(int maxTokens, Map<String, ?> more) {
    Map<String, Object> request = new LinkedHashMap<>(more);
    request.put("messages", List.of(message("user", "why?")));
    request.put("max_tokens", maxTokens);
    return request;
  }

  @Test
  void reasoningComesFirstAndCounts() {
    JsonNode response = new Client(server).post(CHAT, request(20, Map.of()));

    JsonNode message = response.at("/choices/0/message");
    assertThat(TOKENIZER.count(message.path("reasoning_content").asText())).isEqualTo(8);
    assertThat(TOKENIZER.count(message.path("content").asText())).isEqualTo(12);
    assertThat(response.at("/usage/completion_tokens").asInt()).isEqualTo(20);
    assertThat(response.at("/usage/completion_tokens_details/reasoning_tokens").asInt())
        .isEqualTo(8);
  }

  @Test
  void streamsReasoningInItsOwnField() {
    try (var other =
        SimulatedServer.start(
            s ->
                s.engine(EngineProfile.INSTANT)
                    .reasoningTokens(Distribution.constant(8))
                    .reasoningField(ReasoningField.REASONING))) {
      List<String> events = new Client(other).stream(CHAT, request(20, Map.of("stream", true)));

      assertThat(events).hasSize(1 + 20 + 1 + 1);
      assertThat(events.subList(1, 9)).allMatch(e -> e.contains("\"delta\":{\"reasoning\":\""));
      assertThat(events.subList(9, 21)).allMatch(e -> e.contains("\"delta\":{\"content\":\""));
    }
  }

  @Test
  void responseCutDuringReasoningHasNoContent() {
    JsonNode response = new Client(server).post(CHAT, request(5, Map.of()));

    assertThat(response.at("/choices/0/message/content").asText("none")).isEmpty();
    assertThat(response.at("/choices/0/finish_reason").asText()).isEqualTo("length");
  }

  @Test
  void requestCanDisableReasoning() {
    for (Map<String, ?> off :
        List.of(
            Map.of("reasoning_effort", "none"),
            Map.of("chat_template_kwargs", Map.of("enable_thinking", false)))) {
      JsonNode response = new Client(server).post(CHAT, request(20, off));

      assertThat(response.at("/choices/0/message").has("reasoning_content")).isFalse();
      assertThat(response.path("usage").has("completion_tokens_details")).isFalse();
    }
  }
}
