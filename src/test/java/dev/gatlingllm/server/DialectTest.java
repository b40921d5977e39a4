package dev.gatlingllm.server;

import static dev.gatlingllm.server.Client.CHAT;
import static dev.gatlingllm.server.Client.COMPLETIONS;
import static dev.gatlingllm.server.Client.message;
import static dev.gatlingllm.server.Texts.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatlingllm.Distribution;
import dev.gatlingllm.server.ServerSettings.ReasoningField;
import dev.gatlingllm.server.ServerSettings.UsageReport;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The chunks and the usage of each dialect and each kind of usage. */
class DialectTest {

  private static final Map<String, Object> STREAMED_CHAT =
      Map.of(
          "messages",
          List.of(message("user", text(40, 1))),
          "max_tokens",
          6,
          "stream",
          true,
          "stream_options",
          Map.of("include_usage", true));

  private static SimulatedServer start(UnaryOperator<ServerSettings.Builder> settings) {
    return SimulatedServer.start(
        s ->
            settings.apply(
                s.engine(EngineProfile.INSTANT).reasoningTokens(Distribution.constant(2))));
  }

  /** Returns the events of the second of two equal chats, of whose prompt 32 tokens are cached. */
  private static List<String> chat(UnaryOperator<ServerSettings.Builder> settings) {
    try (var server = start(settings)) {
      Client client = new Client(server);
      client.stream(CHAT, STREAMED_CHAT);
      return client.stream(CHAT, STREAMED_CHAT);
    }
  }

  /** Returns the chunk before the end, where {@code [DONE]} is the last event. */
  private static JsonNode fromEnd(List<String> events, int position) {
    return Client.json(events.get(events.size() - 1 - position));
  }

  private static List<JsonNode> deltas(List<String> events) {
    return events.subList(1, 7).stream()
        .map(event -> Client.json(event).at("/choices/0/delta"))
        .toList();
  }

  @Test
  void mistralSendsArraysOfParts() {
    List<JsonNode> deltas = deltas(chat(s -> s.dialect(Dialect.MISTRAL)));

    assertThat(deltas.subList(0, 2))
        .allMatch(delta -> delta.at("/content/0/type").asText().equals("thinking"))
        .noneMatch(delta -> delta.at("/content/0/thinking/0/text").asText().isEmpty());
    assertThat(deltas.subList(2, 6))
        .allMatch(delta -> delta.at("/content/0/type").asText().equals("text"))
        .noneMatch(delta -> delta.at("/content/0/text").asText().isEmpty());
  }

  @Test
  void minimaxRepeatsTheMessageAtTheEnd() {
    List<String> events = chat(s -> s.dialect(Dialect.MINIMAX));
    JsonNode whole = fromEnd(events, 1);

    assertThat(deltas(events).get(0).at("/reasoning_details/0/text").asText()).isNotEmpty();
    assertThat(whole.path("object").asText()).isEqualTo("chat.completion");
    assertThat(whole.at("/choices/0/message/content").asText())
        .isEqualTo(String.join("", Client.texts(events.subList(0, 8))));
    assertThat(whole.at("/usage/completion_tokens").asInt()).isEqualTo(6);
  }

  @Test
  void dashscopeRepeatsTheTextSoFar() {
    List<String> texts = Client.texts(chat(s -> s.dialect(Dialect.DASHSCOPE)));

    assertThat(texts).hasSize(4);
    for (int i = 1; i < texts.size(); i++) {
      assertThat(texts.get(i))
          .startsWith(texts.get(i - 1))
          .hasSizeGreaterThan(texts.get(i - 1).length());
    }
  }

  @Test
  void moonshotPutsUsageIntoTheLastChoice() {
    JsonNode usage = fromEnd(chat(s -> s.dialect(Dialect.MOONSHOT)), 1).at("/choices/0/usage");

    assertThat(usage.path("completion_tokens").asInt()).isEqualTo(6);
    assertThat(usage.path("cached_tokens").asInt()).isEqualTo(32);
  }

  @Test
  void deepseekNamesHitsAndMisses() {
    JsonNode usage = fromEnd(chat(s -> s.dialect(Dialect.DEEPSEEK)), 1).path("usage");

    assertThat(usage.path("prompt_cache_hit_tokens").asInt()).isEqualTo(32);
    assertThat(usage.path("prompt_cache_miss_tokens").asInt()).isEqualTo(8);
  }

  @Test
  void groqPutsUsageIntoItsOwnField() {
    JsonNode last = fromEnd(chat(s -> s.dialect(Dialect.GROQ)), 1);

    assertThat(last.at("/choices/0/finish_reason").asText()).isEqualTo("length");
    assertThat(last.at("/x_groq/usage/completion_tokens").asInt()).isEqualTo(6);
    assertThat(last.has("usage")).isFalse();
  }

  @Test
  void llamaCppSendsTimings() {
    JsonNode last = fromEnd(chat(s -> s.dialect(Dialect.LLAMA_CPP)), 1);

    assertThat(last.at("/timings/prompt_n").asInt()).isEqualTo(8);
    assertThat(last.at("/timings/cache_n").asInt()).isEqualTo(32);
    assertThat(last.path("usage").has("prompt_tokens_details")).isFalse();
  }

  @Test
  void hiddenReasoningCountsButIsNotSent() {
    List<String> events = chat(s -> s.reasoningField(ReasoningField.NONE));

    assertThat(events).hasSize(1 + 4 + 1 + 1 + 1);
    assertThat(fromEnd(events, 1).at("/usage/completion_tokens").asInt()).isEqualTo(6);
    assertThat(fromEnd(events, 1).at("/usage/completion_tokens_details/reasoning_tokens").asInt())
        .isEqualTo(2);
  }

  @Test
  void usageCanBeMissingZeroLateOrStaged() {
    assertThat(chat(s -> s.usage(UsageReport.NONE))).noneMatch(e -> e.contains("\"usage\""));
    assertThat(
            fromEnd(chat(s -> s.usage(UsageReport.ZERO)), 1)
                .at("/usage/completion_tokens")
                .asInt(9))
        .isZero();
    List<String> late = chat(s -> s.usage(UsageReport.LATE));
    assertThat(late.get(late.size() - 2)).isEqualTo("[DONE]");
    assertThat(fromEnd(late, 0).at("/usage/completion_tokens").asInt()).isEqualTo(6);
    List<String> staged = chat(s -> s.usage(UsageReport.STAGED));
    assertThat(fromEnd(staged, 2).path("usage").toString())
        .isEqualTo("{\"prompt_tokens\":40,\"completion_tokens\":6,\"total_tokens\":46}");
    assertThat(fromEnd(staged, 1).at("/usage/prompt_tokens_details/cached_tokens").asInt())
        .isEqualTo(32);
  }

  @ParameterizedTest
  @EnumSource
  void wholeResponseHasTheSameTextInEveryDialect(Dialect dialect) {
    try (var server = start(s -> s.dialect(dialect))) {
      var request = Map.of("prompt", "hello", "max_tokens", 6);
      var streamed = Map.of("prompt", "hello", "max_tokens", 6, "stream", true);
      String whole = new Client(server).post(COMPLETIONS, request).at("/choices/0/text").asText();
      List<String> texts = Client.texts(new Client(server).stream(COMPLETIONS, streamed));

      assertThat(dialect == Dialect.DASHSCOPE ? texts.get(5) : String.join("", texts))
          .contains(whole);
    }
  }

  @Test
  void zeroCachedTokensCanBeOmitted() {
    try (var server = start(s -> s.reportZeroCachedTokens(false))) {
      Client client = new Client(server);

      assertThat(client.stream(CHAT, STREAMED_CHAT)).noneMatch(e -> e.contains("cached_tokens"));
      assertThat(client.stream(CHAT, STREAMED_CHAT))
          .anyMatch(e -> e.contains("\"cached_tokens\":32"));
    }
  }

  @Test
  void endOfSequenceTokenCountsAndComesWithTheFinishReason() {
    try (var server =
        SimulatedServer.start(
            s ->
                s.engine(EngineProfile.FAST)
                    .replyTokens(Distribution.constant(5))
                    .countEndOfSequence(true))) {
      Client client = new Client(server);
      for (int limit : new int[] {20, 6, 5}) {
        var request =
            Map.of(
                "prompt",
                "hello",
                "max_tokens",
                limit,
                "stream",
                true,
                "stream_options",
                Map.of("include_usage", true));
        List<String> events = client.stream(COMPLETIONS, request);

        assertThat(Client.texts(events)).hasSize(5);
        assertThat(fromEnd(events, 2).at("/choices/0/finish_reason").asText())
            .isEqualTo(limit == 5 ? "length" : "stop");
        assertThat(fromEnd(events, 1).at("/usage/completion_tokens").asInt())
            .isEqualTo(limit == 5 ? 5 : 6);
      }
      long[] written = server.truth().get(0).times().tokenNanos();
      assertThat(written).hasSize(6);
      assertThat(written[5]).isGreaterThan(written[4]);
    }
  }
}
