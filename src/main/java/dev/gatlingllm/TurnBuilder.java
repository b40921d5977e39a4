package dev.gatlingllm;

import static io.gatling.javaapi.core.CoreDsl.ByteArrayBody;
import static io.gatling.javaapi.http.HttpDsl.http;

import dev.gatlingllm.conversation.Api;
import dev.gatlingllm.conversation.BodyShape;
import dev.gatlingllm.conversation.BodyShape.CacheControl;
import dev.gatlingllm.conversation.BodyShape.HistoryForm;
import dev.gatlingllm.conversation.BodyShape.MaxTokensField;
import dev.gatlingllm.conversation.BodyShape.PromptFormat;
import dev.gatlingllm.conversation.ModelChoice;
import dev.gatlingllm.conversation.RequestBody;
import dev.gatlingllm.conversation.RequestFields;
import dev.gatlingllm.conversation.Turn;
import dev.gatlingllm.gatling.Leavers;
import dev.gatlingllm.gatling.SessionVariables;
import dev.gatlingllm.gatling.TimedAction;
import dev.gatlingllm.gatling.TimedAction.Part;
import dev.gatlingllm.gatling.TokenRun;
import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.settings.Setting;
import dev.gatlingllm.settings.SettingException;
import dev.gatlingllm.text.Durations;
import dev.gatlingllm.text.Require;
import io.gatling.javaapi.core.ActionBuilder;
import io.gatling.javaapi.core.CheckBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.core.internal.Expressions;
import io.gatling.javaapi.http.HttpRequestActionBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The next turn of the conversation in the user's session: sends its question with all of the
 * history that fits into the context window, times the response and adds it to the conversation.
 *
 * <p>Immutable, so all methods return a new occurrence and leave the original unmodified. A value
 * that a method does not allow is an {@link IllegalArgumentException}.
 */
public final class TurnBuilder implements ActionBuilder {

  /** The version that every server knows. */
  private static final String ANTHROPIC_VERSION = "2023-06-01";

  private static final String DEFAULT_AFFINITY_HEADER = "X-Session-ID";

  private final String name;
  private final Api api;
  private final LlmSettings settings;
  private final RequestFields fields;
  private final AskedModel model;
  private final UnaryOperator<HttpRequestActionBuilder> request;

  private TurnBuilder(
      String name,
      Api api,
      LlmSettings settings,
      RequestFields fields,
      AskedModel model,
      UnaryOperator<HttpRequestActionBuilder> request) {
    this.name = name;
    this.api = api;
    this.settings = settings;
    this.fields = fields;
    this.model = model;
    this.request = request;
    settings.bodyShape(api);
  }

  static TurnBuilder of(Api api, String name) {
    LlmSettings settings = LlmSettings.get();
    settings.find(Setting.AFFINITY_VALUE).ifPresent(TurnBuilder::checkAffinityValue);
    return new TurnBuilder(
        name,
        api,
        settings,
        settings.fields(),
        AskedModel.drawn(settings.models(), settings.get(Setting.SEED), true),
        UnaryOperator.identity());
  }

  private static void checkAffinityValue(String expression) {
    try {
      Expressions.toStringExpression(expression);
    } catch (RuntimeException e) {
      throw new SettingException(Setting.AFFINITY_VALUE, expression, e);
    }
  }

  private TurnBuilder with(AskedModel changed) {
    return new TurnBuilder(name, api, settings, fields, changed, request);
  }

  private TurnBuilder with(RequestFields changed) {
    return new TurnBuilder(name, api, settings, changed, model, request);
  }

  private TurnBuilder with(LlmSettings changed) {
    return new TurnBuilder(name, api, changed, fields, model, request);
  }

  private <T> TurnBuilder with(Setting<T> setting, T value) {
    return with(settings.with(setting, value));
  }

  // ---------------------------------------------------------------- the model

  /** Sets the model to ask, as a Gatling Expression Language String. */
  public TurnBuilder model(String model) {
    return with(
        new AskedModel(
            Optional.of(model),
            false,
            Expressions.expressionToJavaFunction(Expressions.toStringExpression(model))));
  }

  /** Sets the model to ask, as a function of the session. */
  public TurnBuilder model(Function<Session, String> model) {
    return with(new AskedModel(Optional.empty(), false, model));
  }

  /**
   * Asks several models, such as a base model and its LoRA adapters. The seed ({@code llm.seed})
   * and the conversation's id decide. A conversation keeps its model, since a prefix in the
   * server's cache belongs to one adapter.
   *
   * @param weights each model's share of the conversations, above 0, in any unit; at least one
   */
  public TurnBuilder models(Map<String, ? extends Number> weights) {
    return models(weights, ModelChoice.Span.CONVERSATION);
  }

  /**
   * Asks several models. A model is drawn for each turn, from the seed, the conversation and the
   * turn's number: for servers that switch adapters within a conversation.
   *
   * @param weights each model's share of the turns, above 0, in any unit; at least one
   */
  public TurnBuilder modelsPerTurn(Map<String, ? extends Number> weights) {
    return models(weights, ModelChoice.Span.TURN);
  }

  private TurnBuilder models(Map<String, ? extends Number> weights, ModelChoice.Span span) {
    Map<String, Double> shares = new HashMap<>();
    weights.forEach((model, weight) -> shares.put(model, weight.doubleValue()));
    return with(AskedModel.drawn(new ModelChoice(shares, span), settings.get(Setting.SEED), false));
  }

  // ---------------------------------------------------------------- sampling and length

  /** Sets the sampling temperature, from 0; most servers accept up to 2. */
  public TurnBuilder temperature(Number temperature) {
    return field("temperature", Setting.TEMPERATURE.check(temperature.doubleValue()));
  }

  /**
   * Samples from the fewest most likely tokens whose probabilities add up to this one, above 0 and
   * up to 1: the field {@code top_p}.
   */
  public TurnBuilder topP(Number probability) {
    return field("top_p", Setting.TOP_P.check(probability.doubleValue()));
  }

  /** Sets the seed of the server's sampling, which is not the seed of the workload. */
  public TurnBuilder seed(long seed) {
    return field("seed", seed);
  }

  /** Ends responses before the first of these texts, one or more. */
  public TurnBuilder stop(String... texts) {
    Require.that(texts.length > 0, "stop", "none", "one text or more");
    return texts.length == 1 ? field("stop", texts[0]) : field("stop", List.of(texts));
  }

  /** Lets responses run to their full length, for servers that know {@code ignore_eos}. */
  public TurnBuilder ignoreEos() {
    return field("ignore_eos", true);
  }

  /**
   * Sets the least length of responses, from 1, for servers that know {@code min_tokens}. A turn
   * with a lower maximum sends its maximum.
   */
  public TurnBuilder minTokens(int tokens) {
    return with(Setting.MIN_TOKENS, tokens);
  }

  /**
   * Makes every response exactly as long as the workload asks: {@code min_tokens} equals the
   * maximum, for servers that know it.
   */
  public TurnBuilder exactLength() {
    return with(Setting.MIN_TOKENS, BodyShape.EXACT_LENGTH);
  }

  /**
   * Sends the length of response to ask for as {@code max_completion_tokens} instead of {@code
   * max_tokens}; for chat turns only.
   */
  public TurnBuilder maxCompletionTokens() {
    return with(Setting.MAX_TOKENS_FIELD, MaxTokensField.MAX_COMPLETION_TOKENS);
  }

  // ---------------------------------------------------------------- the conversation in the body

  /** Sets the role of the system prompt; for chat turns only. */
  public TurnBuilder systemRole(SystemRole role) {
    return with(Setting.SYSTEM_ROLE, role);
  }

  /**
   * Sends system prompt, history and question as one text in one user message; needs the system
   * role {@code system}. Text completions always carry one text.
   */
  public TurnBuilder historyAsText() {
    return with(Setting.HISTORY, HistoryForm.TEXT);
  }

  /**
   * Lets the server hold the earlier turns: requests name the last good response and have only the
   * new question; for responses turns only. Needs {@code llm.replyInHistory=received}. The first
   * request, and one that follows turns which the context window dropped, has the whole prompt.
   */
  public TurnBuilder historyOnServer() {
    return with(Setting.HISTORY, HistoryForm.SERVER);
  }

  /**
   * Sends prompts as token ids, such as {@code "prompt":[1,2,3]}, to match blocks of a prefix cache
   * exactly; for completion turns only. Received responses have no ids, so that {@code
   * llm.replyInHistory=canned} is needed; a turn that would carry a received response fails.
   */
  public TurnBuilder promptAsTokenIds() {
    return with(Setting.PROMPT_FORMAT, PromptFormat.TOKEN_IDS);
  }

  /**
   * Marks the end of the system prompt and of the last message for the server's cache, for five
   * minutes; for turns of the Messages API only.
   */
  public TurnBuilder cacheControl() {
    return with(Setting.CACHE_CONTROL, CacheControl.EPHEMERAL);
  }

  /**
   * Marks the end of the system prompt and of the last message for the server's cache; for turns of
   * the Messages API only.
   *
   * @param timeToLive five minutes or one hour
   */
  public TurnBuilder cacheControl(Duration timeToLive) {
    boolean hour = timeToLive.equals(Duration.ofHours(1));
    Require.that(
        hour || timeToLive.equals(Duration.ofMinutes(5)),
        "cacheControl",
        Durations.format(timeToLive),
        "5m or 1h");
    return hour ? with(Setting.CACHE_CONTROL, CacheControl.HOUR) : cacheControl();
  }

  // ---------------------------------------------------------------- further fields

  /**
   * Offers tools to the model. The server adds them to the prompt; the workload does not count
   * their tokens.
   *
   * @param json a JSON array, in the form of a chat or of the API
   */
  public TurnBuilder tools(String json) {
    Require.that(json.strip().startsWith("["), "tools", json, "a JSON array");
    return with(fields.withJson("tools", json));
  }

  /**
   * Sets whether the model must call a tool.
   *
   * @param choice {@code auto}, {@code none}, {@code required}, or a JSON object that names a tool
   */
  public TurnBuilder toolChoice(String choice) {
    return choice.strip().startsWith("{")
        ? with(fields.withJson("tool_choice", choice))
        : field("tool_choice", choice);
  }

  /**
   * Sets the format of responses.
   *
   * @param json a JSON object such as <code>{"type":"json_object"}</code>
   */
  public TurnBuilder responseFormat(String json) {
    Require.that(
        json.strip().startsWith("{"),
        "responseFormat",
        json,
        "a JSON object such as {\"type\":\"json_object\"}");
    return with(fields.withJson("response_format", json));
  }

  /**
   * Asks for responses of JSON, in the form of the API: {@code response_format}, or {@code
   * output_config} of the Messages API. The report says how many responses are not valid JSON;
   * whether they match the schema is not checked.
   *
   * @param schema a JSON schema
   */
  public TurnBuilder jsonSchema(String schema) {
    Require.that(
        schema.strip().startsWith("{"), "jsonSchema", schema, "a JSON schema, not a file's name");
    return with(fields.withJsonSchema(schema));
  }

  /**
   * Sets any field of the body that the builder does not write itself.
   *
   * @param value a string, number, boolean, list or map; null to leave the field out
   */
  public TurnBuilder field(String field, @Nullable Object value) {
    return with(fields.with(field, value));
  }

  /**
   * Sets any fields of the body that the builder does not write itself. Each replaces an earlier
   * one of the same name; one that is {@code null} is left out.
   *
   * @param json a JSON object
   */
  public TurnBuilder extraBody(String json) {
    return with(fields.withAll(json));
  }

  /**
   * Leaves {@code stream_options} out, for servers that reject it. They then do not report the
   * length of the response, and the tokenizer of the workload counts it.
   */
  public TurnBuilder withoutStreamOptions() {
    return field("stream_options", null);
  }

  // ---------------------------------------------------------------- the HTTP request

  /**
   * Sends the conversation's id as {@code X-Session-ID}, by which a gateway can keep a conversation
   * on the replica that has its prefix cached.
   */
  public TurnBuilder sessionAffinity() {
    return with(
        settings
            .without(Setting.AFFINITY_VALUE)
            .with(Setting.AFFINITY_HEADER, DEFAULT_AFFINITY_HEADER));
  }

  /**
   * Sends a header by which a gateway can keep a conversation on one replica, instead of the one in
   * the settings.
   *
   * @param value a Gatling Expression Language String such as {@code #{conversationId}}
   */
  public TurnBuilder sessionAffinity(String header, String value) {
    return with(settings.with(Setting.AFFINITY_HEADER, header).with(Setting.AFFINITY_VALUE, value));
  }

  /** Sets a header to a Gatling Expression Language String. */
  public TurnBuilder header(String header, String value) {
    return request(http -> http.header(header, value));
  }

  /** Adds checks to the ones on the end of the response. */
  public TurnBuilder check(CheckBuilder... checks) {
    return request(http -> http.check(checks));
  }

  /** Changes anything else of the HTTP request by Gatling's own DSL, before the body is set. */
  public TurnBuilder request(UnaryOperator<HttpRequestActionBuilder> change) {
    return new TurnBuilder(
        name, api, settings, fields, model, http -> change.apply(request.apply(http)));
  }

  /**
   * Cuts a response that takes longer, from the moment the request is sent, and counts it as a
   * timeout.
   */
  public TurnBuilder requestTimeout(Duration timeout) {
    return with(Setting.REQUEST_TIMEOUT, timeout);
  }

  /**
   * Makes a share of the users leave before the response has ended, as {@code
   * chatTurn("chat").abandon(0.1).after(tokens(20))}: the client disconnects. The seed, the
   * conversation and the turn decide who leaves. Default: {@code llm.abandon}.
   *
   * @param share of the turns, from 0 to 1
   */
  public AbandonBuilder<TurnBuilder> abandon(Number share) {
    return new AbandonBuilder<>(settings, share, this::with);
  }

  /** For internal use only. */
  @Override
  public io.gatling.core.action.builder.ActionBuilder asScala() {
    TokenRun run = TokenRun.current();
    model.shown().ifPresent(model.isDefault() ? run::addDefaultModel : run::addModel);
    RequestBody body = new RequestBody(settings.bodyShape(api), fields);
    HttpRequestActionBuilder post =
        http(name)
            .post(api.path())
            .header("Content-Type", "application/json")
            .header("Accept", "text/event-stream");
    if (api == Api.MESSAGES) {
      post = post.header("anthropic-version", ANTHROPIC_VERSION);
      Optional<String> key = LlmTarget.apiKey();
      post = key.isPresent() ? post.header("x-api-key", key.get()) : post;
    }
    return TimedAction.builder(
        name,
        // the body that Gatling checks for, in place of the user's
        request.apply(withAffinity(post)).body(ByteArrayBody(new byte[0])),
        Part.NEXT_TURN,
        model.of(),
        settings.get(Setting.REQUEST_TIMEOUT),
        Leavers.of(settings),
        fields.askForJson(),
        settings.get(Setting.HISTORY) == HistoryForm.SERVER,
        session ->
            body.fragments(
                SessionVariables.turn(session),
                Objects.requireNonNull(
                    SessionVariables.askedModel(session), "model must be a name, got null")));
  }

  private HttpRequestActionBuilder withAffinity(HttpRequestActionBuilder post) {
    Optional<String> header = settings.find(Setting.AFFINITY_HEADER);
    if (header.isEmpty()) {
      return post;
    }
    Optional<String> value = settings.find(Setting.AFFINITY_VALUE);
    // a function, since the prefix of variables may have letters that mean something in EL
    return value.isPresent()
        ? post.header(header.get(), value.get())
        : post.header(header.get(), session -> SessionVariables.turn(session).conversation().id());
  }

  /**
   * The model that a request asks.
   *
   * @param shown the model's name in reports; empty if only a function knows it
   * @param isDefault whether a model of the workload takes precedence
   * @param of returns the model for a session whose turn is under way
   */
  private record AskedModel(
      Optional<String> shown, boolean isDefault, Function<Session, String> of) {

    static AskedModel drawn(ModelChoice choice, long seed, boolean isDefault) {
      return new AskedModel(
          Optional.of(choice.toString()),
          isDefault,
          session -> {
            Turn turn = SessionVariables.turn(session);
            return isDefault ? choice.orOfWorkload(seed, turn) : choice.of(seed, turn);
          });
    }
  }
}
