package dev.gatlingllm.server;

import static dev.gatlingllm.server.Texts.TOKENIZER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.errors.BadRequestException;
import com.anthropic.errors.InternalServerException;
import com.anthropic.errors.NotFoundException;
import com.anthropic.errors.RateLimitException;
import com.anthropic.errors.UnauthorizedException;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.ErrorType;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCountTokensParams;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.StopReason;
import com.anthropic.models.messages.ThinkingConfigDisabled;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.messages.ToolChoiceAny;
import dev.gatlingllm.Distribution;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Anthropic's own client, which validates every response and every event. */
@Timeout(120)
class AnthropicJavaIT {

  private static SimulatedServer server;
  private static AnthropicClient client;

  @BeforeAll
  static void start() {
    server =
        SimulatedServer.start(
            s ->
                s.engine(EngineProfile.INSTANT)
                    .apiKey("sk-test")
                    .strictModel(true)
                    .maxModelTokens(4_000)
                    .tokensPerChunk(Distribution.uniform(1, 3))
                    .reasoningTokens(Distribution.constant(5)));
    client = client("sk-test");
  }

  @AfterAll
  static void stop() {
    client.close();
    server.close();
  }

  private static AnthropicClient client(String key) {
    return AnthropicOkHttpClient.builder()
        .baseUrl(server.baseUrl())
        .apiKey(key)
        .maxRetries(0)
        .responseValidation(true)
        .build();
  }

  private static MessageCreateParams.Builder ask(String question) {
    return MessageCreateParams.builder().model("simulated").maxTokens(30).addUserMessage(question);
  }

  private static Message streamed(MessageCreateParams.Builder params) {
    MessageAccumulator sum = MessageAccumulator.create();
    try (StreamResponse<RawMessageStreamEvent> events =
        client.messages().createStreaming(params.build())) {
      events.stream().forEach(sum::accumulate);
    }
    return sum.message();
  }

  @Test
  void streamedMessageEqualsWholeMessage() {
    Message whole = client.messages().create(ask("hello").system("be brief").build());
    Message streamed = streamed(ask("hello").system("be brief"));

    assertThat(whole.stopReason()).contains(StopReason.MAX_TOKENS);
    assertThat(whole.usage().inputTokens()).isEqualTo(3);
    assertThat(whole.usage().outputTokens()).isEqualTo(30);
    assertThat(whole.usage().outputTokensDetails().orElseThrow().thinkingTokens()).isEqualTo(5);
    assertThat(TOKENIZER.count(whole.content().get(1).asText().text())).isEqualTo(25);
    assertThat(streamed.content()).isEqualTo(whole.content());
    assertThat(streamed.stopReason()).isEqualTo(whole.stopReason());
    assertThat(streamed.usage().outputTokens()).isEqualTo(30);
  }

  @Test
  void countsCachedTokensApart() {
    String prompt = Texts.text(600, 7);
    client.messages().create(ask(prompt).build());
    Message again = client.messages().create(ask(prompt).build());

    long cached = again.usage().cacheReadInputTokens().orElseThrow();
    assertThat(cached).isBetween(500L, 599L);
    assertThat(again.usage().inputTokens()).isEqualTo(600 - cached);
    assertThat(streamed(ask(prompt)).usage().cacheReadInputTokens()).contains(cached);
  }

  @Test
  void countsTheTokensOfAPrompt() {
    String prompt = Texts.text(600, 8);
    MessageCountTokensParams count =
        MessageCountTokensParams.builder()
            .model("simulated")
            .system("be brief")
            .addUserMessage(prompt)
            .build();

    assertThat(client.messages().countTokens(count).inputTokens())
        .isEqualTo(
            client.messages().create(ask(prompt).system("be brief").build()).usage().inputTokens());
  }

  @Test
  void callsTools() {
    MessageCreateParams.Builder params =
        ask("weather?")
            .maxTokens(200)
            .thinking(ThinkingConfigDisabled.builder().build())
            .toolChoice(ToolChoiceAny.builder().build())
            .addTool(
                Tool.builder()
                    .name("weather")
                    .inputSchema(
                        Tool.InputSchema.builder()
                            .properties(
                                Tool.InputSchema.Properties.builder()
                                    .putAdditionalProperty(
                                        "city", JsonValue.from(Map.of("type", "string")))
                                    .build())
                            .build())
                    .build());
    Message whole = client.messages().create(params.build());

    assertThat(whole.stopReason()).contains(StopReason.TOOL_USE);
    assertThat(whole.content())
        .singleElement()
        .satisfies(
            block -> {
              assertThat(block.asToolUse().name()).isEqualTo("weather");
              assertThat(block.asToolUse()._input()).asString().contains("city=");
            });
    assertThat(streamed(params).content()).isEqualTo(whole.content());
  }

  @Test
  void stopsAtAStopSequence() {
    String text = client.messages().create(ask("hello").build()).content().get(1).asText().text();
    String word = List.of(text.strip().split(" ")).get(5);
    Message stopped = client.messages().create(ask("hello").addStopSequence(word).build());

    assertThat(stopped.stopReason()).contains(StopReason.STOP_SEQUENCE);
    assertThat(stopped.stopSequence()).contains(word);
  }

  @Test
  void mapsErrorsToClientExceptions() {
    AnthropicClient stranger = client("sk-other");

    assertThat(thrown(BadRequestException.class, client, ask("x").maxTokens(4_000)).type())
        .contains(ErrorType.INVALID_REQUEST_ERROR);
    assertThat(thrown(NotFoundException.class, client, ask("x").model("other")).type())
        .contains(ErrorType.NOT_FOUND_ERROR);
    assertThat(thrown(UnauthorizedException.class, stranger, ask("x")).type())
        .contains(ErrorType.AUTHENTICATION_ERROR);
    RateLimitException limited = thrown(RateLimitException.class, client, faulty("429"));
    assertThat(limited.type()).contains(ErrorType.RATE_LIMIT_ERROR);
    assertThat(limited.headers().values("retry-after")).containsExactly("1");
    InternalServerException overloaded =
        thrown(InternalServerException.class, client, faulty("503"));
    assertThat(overloaded.type()).contains(ErrorType.OVERLOADED_ERROR);
    assertThat(overloaded.statusCode()).isEqualTo(529);
    stranger.close();
  }

  @Test
  void findsAnErrorAmongTheEvents() {
    AnthropicServiceException error =
        catchThrowableOfType(
            AnthropicServiceException.class, () -> streamed(faulty("error-frame;after=3")));

    assertThat(error.type()).contains(ErrorType.API_ERROR);
  }

  private static MessageCreateParams.Builder faulty(String fault) {
    return ask("x").putAdditionalHeader("X-Simulated-Fault", fault);
  }

  private static <E extends AnthropicServiceException> E thrown(
      Class<E> type, AnthropicClient asking, MessageCreateParams.Builder params) {
    return catchThrowableOfType(type, () -> asking.messages().create(params.build()));
  }
}
