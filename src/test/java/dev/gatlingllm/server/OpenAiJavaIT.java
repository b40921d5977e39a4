package dev.gatlingllm.server;

import static dev.gatlingllm.server.Texts.TOKENIZER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.RequestOptions;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.Reasoning;
import com.openai.models.ReasoningEffort;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionTokenLogprob;
import com.openai.models.chat.completions.ChatCompletionToolChoiceOption;
import com.openai.models.completions.Completion;
import com.openai.models.completions.CompletionCreateParams;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseFunctionToolCall;
import com.openai.models.responses.ResponseStatus;
import com.openai.models.responses.ResponseStreamEvent;
import com.openai.models.responses.ToolChoiceOptions;
import dev.gatlingllm.Distribution;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** OpenAI's own client, which validates every response and every event, over HTTP/2 and TLS. */
@Timeout(120)
class OpenAiJavaIT {

  /** Tool arguments; the client generates the schema from this class. */
  public static class Weather {
    public String city;
    public int days;
    public List<Boolean> options;
  }

  private static SimulatedServer server;
  private static OpenAIClient client;

  @BeforeAll
  static void start() throws GeneralSecurityException, IOException {
    server =
        SimulatedServer.start(
            s ->
                s.engine(EngineProfile.INSTANT)
                    .tls()
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

  private static OpenAIClient client(String key) throws GeneralSecurityException, IOException {
    Trust trust = Trust.in(server.certificate().orElseThrow());
    return OpenAIOkHttpClient.builder()
        .baseUrl(server.baseUrl() + "/v1")
        .apiKey(key)
        .maxRetries(0)
        .responseValidation(true)
        .sslSocketFactory(trust.sockets())
        .trustManager(trust.manager())
        .build();
  }

  private static ChatCompletionCreateParams.Builder chat() {
    return ChatCompletionCreateParams.builder().model("simulated").addUserMessage("hello");
  }

  @Test
  void completesChat() {
    ChatCompletion response =
        client.chat().completions().create(chat().maxCompletionTokens(20).n(2).build());

    assertThat(response.choices()).hasSize(2);
    ChatCompletion.Choice choice = response.choices().get(1);
    assertThat(choice.index()).isEqualTo(1);
    assertThat(choice.finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.LENGTH);
    assertThat(TOKENIZER.count(choice.message().content().orElseThrow())).isEqualTo(15);
    assertThat(choice.message()._allProperties()).containsKey("reasoning_content");
    var usage = response.usage().orElseThrow();
    assertThat(usage.completionTokens()).isEqualTo(40);
    assertThat(usage.completionTokensDetails().orElseThrow().reasoningTokens()).contains(10L);
    assertThat(usage.promptTokensDetails().orElseThrow().cachedTokens()).contains(0L);
  }

  @Test
  void streamedChatEqualsWholeChat() {
    var params = chat().maxCompletionTokens(50).logprobs(true).topLogprobs(2);
    ChatCompletion whole = client.chat().completions().create(params.build());
    ChatCompletionAccumulator sum = ChatCompletionAccumulator.create();
    StringBuilder reasoning = new StringBuilder();
    List<ChatCompletionChunk> chunks = chunks(params);
    for (ChatCompletionChunk chunk : chunks) {
      sum.accumulate(chunk.validate());
      chunk.choices().stream()
          .map(choice -> choice.delta()._allProperties().get("reasoning_content"))
          .filter(value -> value != null)
          .forEach(value -> reasoning.append(value.asStringOrThrow()));
    }

    ChatCompletion streamed = sum.chatCompletion();
    assertThat(streamed.choices().get(0).message().content())
        .isEqualTo(whole.choices().get(0).message().content());
    assertThat(logprobs(streamed).equals(logprobs(whole)) && logprobs(whole).size() == 45).isTrue();
    assertThat(JsonValue.from(reasoning.toString()))
        .isEqualTo(whole.choices().get(0).message()._allProperties().get("reasoning_content"));
    assertThat(chunks.get(chunks.size() - 1).usage().orElseThrow().completionTokens())
        .isEqualTo(50);
  }

  private static List<ChatCompletionTokenLogprob> logprobs(ChatCompletion response) {
    return response.choices().get(0).logprobs().orElseThrow().content().orElseThrow();
  }

  private static List<ChatCompletionChunk> chunks(ChatCompletionCreateParams.Builder params) {
    var options = ChatCompletionStreamOptions.builder().includeUsage(true).build();
    List<ChatCompletionChunk> chunks = new ArrayList<>();
    try (StreamResponse<ChatCompletionChunk> stream =
        client.chat().completions().createStreaming(params.streamOptions(options).build())) {
      stream.stream().forEach(chunks::add);
    }
    return chunks;
  }

  @Test
  void parsesToolArgumentsIntoClientClass() {
    var params =
        chat()
            .addTool(Weather.class)
            .toolChoice(ChatCompletionToolChoiceOption.Auto.REQUIRED)
            .maxCompletionTokens(200);
    ChatCompletion whole = client.chat().completions().create(params.build());
    ChatCompletionAccumulator sum = ChatCompletionAccumulator.create();
    chunks(params).forEach(chunk -> sum.accumulate(chunk.validate()));

    assertThat(whole.choices().get(0).finishReason())
        .isEqualTo(ChatCompletion.Choice.FinishReason.TOOL_CALLS);
    ChatCompletionMessageFunctionToolCall call = call(whole);
    assertThat(call.function().name()).isEqualTo("Weather");
    Weather arguments = call.function().arguments(Weather.class);
    assertThat(arguments.city).isNotBlank();
    assertThat(arguments.options).isNotEmpty();
    assertThat(call(sum.chatCompletion())).isEqualTo(call);
  }

  private static ChatCompletionMessageFunctionToolCall call(ChatCompletion response) {
    return response.choices().get(0).message().toolCalls().orElseThrow().get(0).asFunction();
  }

  @Test
  void parsesStructuredOutputIntoClientClass() {
    var params = chat().maxCompletionTokens(300).responseFormat(Weather.class).build();
    Weather weather =
        client
            .chat()
            .completions()
            .create(params)
            .choices()
            .get(0)
            .message()
            .content()
            .orElseThrow();

    assertThat(weather.city).isNotBlank();
  }

  @Test
  void completesTextStreamedAndWhole() {
    var params =
        CompletionCreateParams.builder()
            .model("simulated")
            .prompt("hello")
            .maxTokens(30)
            .logprobs(2);
    Completion whole = client.completions().create(params.build());
    StringBuilder text = new StringBuilder();
    // the client's types require finish_reason in every chunk, but OpenAI sends it at the end only
    var unchecked = RequestOptions.builder().responseValidation(false).build();
    try (StreamResponse<Completion> stream =
        client.completions().createStreaming(params.build(), unchecked)) {
      stream.stream().forEach(chunk -> text.append(chunk.choices().get(0).text()));
    }

    assertThat(TOKENIZER.count(whole.choices().get(0).text())).isEqualTo(30);
    assertThat(text.toString()).isEqualTo(whole.choices().get(0).text());
    assertThat(whole.choices().get(0).logprobs().orElseThrow().tokens().orElseThrow()).hasSize(30);
    assertThat(whole.usage().orElseThrow().promptTokens()).isEqualTo(1);
  }

  private static ResponseCreateParams.Builder response() {
    return ResponseCreateParams.builder().model("simulated").input("hello");
  }

  private static Response streamed(ResponseCreateParams params) {
    ResponseAccumulator sum = ResponseAccumulator.create();
    try (StreamResponse<ResponseStreamEvent> events = client.responses().createStreaming(params)) {
      events.stream().forEach(event -> sum.accumulate(event.validate()));
    }
    return sum.response();
  }

  private static String text(Response response) {
    return response.output().stream()
        .flatMap(item -> item.message().stream())
        .map(message -> message.content().get(0).asOutputText().text())
        .collect(Collectors.joining());
  }

  @Test
  void streamedResponseEqualsWholeResponse() {
    ResponseCreateParams params = response().instructions("be brief").maxOutputTokens(30).build();
    Response whole = client.responses().create(params);
    Response streamed = streamed(params);

    assertThat(whole.status()).contains(ResponseStatus.INCOMPLETE);
    assertThat(whole.incompleteDetails().orElseThrow().reason())
        .contains(Response.IncompleteDetails.Reason.MAX_OUTPUT_TOKENS);
    assertThat(TOKENIZER.count(text(whole))).isEqualTo(25);
    assertThat(whole.usage().orElseThrow().inputTokens()).isEqualTo(3);
    assertThat(whole.usage().orElseThrow().outputTokens()).isEqualTo(30);
    assertThat(whole.usage().orElseThrow().outputTokensDetails().reasoningTokens()).isEqualTo(5);
    assertThat(text(streamed)).isEqualTo(text(whole));
    assertThat(streamed.status()).isEqualTo(whole.status());
    assertThat(streamed.usage().orElseThrow().outputTokens()).isEqualTo(30);
  }

  @Test
  void continuesTheConversationThatTheServerHolds() {
    Response first = streamed(response().maxOutputTokens(20).build());
    Response next =
        client
            .responses()
            .create(
                ResponseCreateParams.builder()
                    .model("simulated")
                    .previousResponseId(first.id())
                    .input("go on")
                    .maxOutputTokens(20)
                    .build());

    assertThat(next.usage().orElseThrow().inputTokens())
        .isEqualTo(1 + 15 + TOKENIZER.count("go on"));
    assertThat(
            thrown(
                    NotFoundException.class,
                    () ->
                        client
                            .responses()
                            .create(response().previousResponseId("resp_none").build()))
                .code())
        .contains("previous_response_not_found");
  }

  @Test
  void parsesToolCallsOfResponses() {
    ResponseCreateParams params =
        response()
            .addTool(Weather.class)
            .toolChoice(ToolChoiceOptions.REQUIRED)
            .reasoning(Reasoning.builder().effort(ReasoningEffort.NONE).build())
            .maxOutputTokens(200)
            .build();
    ResponseFunctionToolCall call =
        client.responses().create(params).output().get(0).asFunctionCall();

    assertThat(call.name()).isEqualTo("Weather");
    assertThat(call.arguments(Weather.class).city).isNotBlank();
    assertThat(streamed(params).output().get(0).asFunctionCall().arguments())
        .isEqualTo(call.arguments());
  }

  @Test
  void listsModels() {
    assertThat(client.models().list().data())
        .extracting(model -> model.id())
        .containsExactly("simulated");
    assertThat(client.models().retrieve("simulated").ownedBy()).isEqualTo("gatling-llm");
    assertThat(thrown(NotFoundException.class, () -> client.models().retrieve("gpt-5")).code())
        .contains("model_not_found");
  }

  @Test
  void mapsErrorsToClientExceptions() throws Exception {
    var long4000 = chat().maxCompletionTokens(4_000).build();
    var temperature = chat().temperature(3).build();
    var model = chat().model("gpt-5").build();
    OpenAIClient stranger = client("sk-other");

    BadRequestException tooLong = thrown(BadRequestException.class, () -> ask(client, long4000));
    assertThat(tooLong.code()).contains("context_length_exceeded");
    assertThat(tooLong.param()).contains("messages");
    BadRequestException wrong = thrown(BadRequestException.class, () -> ask(client, temperature));
    assertThat(wrong.param()).contains("temperature");
    assertThat(thrown(NotFoundException.class, () -> ask(client, model)).code())
        .contains("model_not_found");
    assertThat(thrown(UnauthorizedException.class, () -> ask(stranger, long4000)).code())
        .contains("invalid_api_key");
    stranger.close();
  }

  @Test
  void mapsOverloadToClientExceptions() {
    assertThat(
            thrown(RateLimitException.class, () -> ask(client, faulty("429")))
                .headers()
                .values("retry-after"))
        .containsExactly("1");
    assertThat(thrown(InternalServerException.class, () -> ask(client, faulty("503"))).statusCode())
        .isEqualTo(503);
  }

  private static ChatCompletionCreateParams faulty(String fault) {
    return chat().putAdditionalHeader("X-Simulated-Fault", fault).build();
  }

  private static void ask(OpenAIClient client, ChatCompletionCreateParams params) {
    client.chat().completions().create(params);
  }

  private static <E extends OpenAIServiceException> E thrown(
      Class<E> type, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    return catchThrowableOfType(type, call);
  }
}
