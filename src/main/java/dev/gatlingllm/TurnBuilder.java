package dev.gatlingllm;

import static io.gatling.javaapi.core.CoreDsl.ByteArrayBody;
import static io.gatling.javaapi.http.HttpDsl.http;

import dev.gatlingllm.conversation.Api;
import dev.gatlingllm.conversation.BodyShape;
import dev.gatlingllm.conversation.HistoryForm;
import dev.gatlingllm.conversation.MaxTokensField;
import dev.gatlingllm.conversation.ModelChoice;
import dev.gatlingllm.conversation.PromptFormat;
import dev.gatlingllm.conversation.RequestBody;
import dev.gatlingllm.conversation.RequestFields;
import dev.gatlingllm.gatling.SessionVariables;
import dev.gatlingllm.gatling.TimedActionBuilder;
import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.settings.Setting;
import dev.gatlingllm.settings.SettingException;
import io.gatling.javaapi.core.ActionBuilder;
import io.gatling.javaapi.core.CheckBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.core.internal.Expressions;
import io.gatling.javaapi.http.HttpRequestActionBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * The next turn of the conversation in the user's session: sends its question with all of the
 * history that fits into the context window, times the response and adds it to the conversation.
 *
 * <p>Immutable, so all methods return a new occurrence and leave the original unmodified.
 */
public final class TurnBuilder implements ActionBuilder {

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
        AskedModel.drawn(settings.models(), settings.get(Setting.SEED)),
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

  /**
   * Set the model to ask.
   *
   * @param model sent as {@code model}, expressed as a Gatling Expression Language String
   * @return a new TurnBuilder instance
   */
  public TurnBuilder model(String model) {
    return with(AskedModel.expression(model));
  }

  /**
   * Set the model to ask.
   *
   * @param model sent as {@code model}, expressed as a function
   * @return a new TurnBuilder instance
   */
  public TurnBuilder model(Function<Session, String> model) {
    return with(AskedModel.function(model));
  }

  /**
   * Ask several models, such as a base model and its LoRA adapters. Each conversation keeps the
   * model that the seed ({@code llm.seed}) and its id draw for it, so that it finds its own prefix
   * in the server's cache, which belongs to one adapter.
   *
   * @param weights each model's share of the conversations, above 0, in any unit
   * @return a new TurnBuilder instance
   * @throws IllegalArgumentException for no model at all, and for a weight that is not above 0
   */
  public TurnBuilder models(Map<String, ? extends Number> weights) {
    return models(weights, ModelChoice.Span.CONVERSATION);
  }

  /**
   * Ask several models, each turn the one that the seed, the conversation and the turn's number
   * draw for it: for servers that switch adapters under a conversation.
   *
   * @param weights each model's share of the turns, above 0, in any unit
   * @return a new TurnBuilder instance
   * @throws IllegalArgumentException for no model at all, and for a weight that is not above 0
   */
  public TurnBuilder modelsPerTurn(Map<String, ? extends Number> weights) {
    return models(weights, ModelChoice.Span.TURN);
  }

  private TurnBuilder models(Map<String, ? extends Number> weights, ModelChoice.Span span) {
    Map<String, Double> shares = new HashMap<>();
    weights.forEach((model, weight) -> shares.put(model, weight.doubleValue()));
    return with(AskedModel.drawn(new ModelChoice(shares, span), settings.get(Setting.SEED)));
  }

  // ---------------------------------------------------------------- sampling and length

  /**
   * Set the sampling temperature.
   *
   * @param temperature from 0, the likeliest token each time; most servers take up to 2
   * @return a new TurnBuilder instance
   * @throws IllegalArgumentException for a negative one
   */
  public TurnBuilder temperature(double temperature) {
    return field("temperature", Setting.TEMPERATURE.check(temperature));
  }

  /**
   * Sample from the likeliest tokens only: the fewest that together have this probability.
   *
   * @param probability above 0 and up to 1, sent as {@code top_p}
   * @return a new TurnBuilder instance
   * @throws IllegalArgumentException for any other
   */
  public TurnBuilder topP(double probability) {
    return field("top_p", Setting.TOP_P.check(probability));
  }

  /**
   * Set the seed of the server's sampling; the workload has its own.
   *
   * @param seed sent as {@code seed}
   * @return a new TurnBuilder instance
   */
  public TurnBuilder seed(long seed) {
    return field("seed", seed);
  }

  /**
   * Have replies end before one of these texts.
   *
   * @param texts one or more, sent as {@code stop}
   * @return a new TurnBuilder instance
   * @throws IllegalArgumentException for none
   */
  public TurnBuilder stop(String... texts) {
    require(texts.length > 0, "stop must have at least one text, got none");
    return texts.length == 1 ? field("stop", texts[0]) : field("stop", List.of(texts));
  }

  /**
   * Have replies run to their full length, for servers that know {@code ignore_eos}.
   *
   * @return a new TurnBuilder instance
   */
  public TurnBuilder ignoreEos() {
    return field("ignore_eos", true);
  }

  /**
   * Set the least length of replies, for servers that know {@code min_tokens}.
   *
   * @param tokens from 1; a turn that asks for a shorter reply sends that reply's length
   * @return a new TurnBuilder instance
   * @throws IllegalArgumentException for less
   */
  public TurnBuilder minTokens(int tokens) {
    return with(Setting.MIN_TOKENS, tokens);
  }

  /**
   * Have every reply exactly as long as the workload asks: {@code min_tokens} is sent with the same
   * number as the maximum, for servers that know it.
   *
   * @return a new TurnBuilder instance
   */
  public TurnBuilder exactLength() {
    return with(Setting.MIN_TOKENS, BodyShape.EXACT_LENGTH);
  }

  /**
   * Send the length of reply to ask for as {@code max_completion_tokens} instead of {@code
   * max_tokens}.
   *
   * @return a new TurnBuilder instance
   * @throws IllegalArgumentException for a completion turn: text completions have no such field
   */
  public TurnBuilder maxCompletionTokens() {
    return with(Setting.MAX_TOKENS_FIELD, MaxTokensField.MAX_COMPLETION_TOKENS);
  }

  // ---------------------------------------------------------------- the conversation in the body

  /**
   * Set who says the system prompt.
   *
   * @param role a message of its own, as {@code system} or {@code developer}, or the beginning of
   *     the first user message
   * @return a new TurnBuilder instance
   * @throws IllegalArgumentException for a completion turn: text completions have no roles
   */
  public TurnBuilder systemRole(SystemRole role) {
    return with(Setting.SYSTEM_ROLE, role);
  }

  /**
   * Send the system prompt, what was said before and the question as one text in one user message.
   * Text completions always carry one text.
   *
   * @return a new TurnBuilder instance
   * @throws IllegalArgumentException if a role is given for the system prompt, too
   */
  public TurnBuilder historyAsText() {
    return with(Setting.HISTORY, HistoryForm.TEXT);
  }

  /**
   * Send prompts as token ids, for block-exact work on a prefix cache: {@code "prompt":[1,2,3]}.
   * Only what the workload says has ids, so that replies of earlier turns must come from it, too
   * ({@code llm.replyInHistory=canned}); a turn that would carry a reply as received fails.
   *
   * @return a new TurnBuilder instance
   * @throws IllegalArgumentException for a chat turn: chat completions take no token ids
   */
  public TurnBuilder promptAsTokenIds() {
    return with(Setting.PROMPT_FORMAT, PromptFormat.TOKEN_IDS);
  }

  // ---------------------------------------------------------------- further fields

  /**
   * Offer tools to the model. The server writes them into the prompt, where they come on top of the
   * tokens that the workload counts.
   *
   * @param json a JSON array, sent as {@code tools}
   * @return a new TurnBuilder instance
   * @throws IllegalArgumentException if it is no JSON array
   */
  public TurnBuilder tools(String json) {
    require(json.strip().startsWith("["), "tools must be a JSON array, got " + json);
    return with(fields.withJson("tools", json));
  }

  /**
   * Say whether the model must call a tool.
   *
   * @param choice {@code auto}, {@code none}, {@code required}, or a JSON object that names a tool;
   *     sent as {@code tool_choice}
   * @return a new TurnBuilder instance
   * @throws IllegalArgumentException if it begins as a JSON object and is none
   */
  public TurnBuilder toolChoice(String choice) {
    return choice.strip().startsWith("{")
        ? with(fields.withJson("tool_choice", choice))
        : field("tool_choice", choice);
  }

  /**
   * Set the form of replies.
   *
   * @param json a JSON object such as <code>{"type":"json_object"}</code>, sent as {@code
   *     response_format}
   * @return a new TurnBuilder instance
   * @throws IllegalArgumentException if it is no JSON object
   */
  public TurnBuilder responseFormat(String json) {
    require(
        json.strip().startsWith("{"),
        "responseFormat must be a JSON object such as {\"type\":\"json_object\"}, got " + json);
    return with(fields.withJson("response_format", json));
  }

  /**
   * Set any other field of the request's body.
   *
   * @param field its name
   * @param value its value: a string, number, boolean, list or map; null to leave the field out
   * @return a new TurnBuilder instance
   * @throws IllegalArgumentException if requests write the field themselves; the message says what
   *     sets it
   */
  public TurnBuilder field(String field, Object value) {
    return with(fields.with(field, value));
  }

  /**
   * Set any other fields of the request's body. Each takes the place of an earlier one of its name;
   * one that is {@code null} is left out of the request.
   *
   * @param json a JSON object
   * @return a new TurnBuilder instance
   * @throws IllegalArgumentException if it is no JSON object, or if requests write one of the
   *     fields themselves; the message says what sets it
   */
  public TurnBuilder extraBody(String json) {
    return with(fields.withAll(json));
  }

  /**
   * Leave {@code stream_options} out, for servers that refuse it. They then do not say how long a
   * reply was, which is counted by the workload's tokenizer instead.
   *
   * @return a new TurnBuilder instance
   */
  public TurnBuilder withoutStreamOptions() {
    return field("stream_options", null);
  }

  // ---------------------------------------------------------------- the HTTP request

  /**
   * Send the conversation's id as {@code X-Session-ID}, by which a gateway can keep a conversation
   * on the replica that has its prefix cached.
   *
   * @return a new TurnBuilder instance
   */
  public TurnBuilder sessionAffinity() {
    return with(
        settings
            .without(Setting.AFFINITY_VALUE)
            .with(Setting.AFFINITY_HEADER, DEFAULT_AFFINITY_HEADER));
  }

  /**
   * Send a header by which a gateway can keep a conversation on one replica, instead of the one
   * that settings name.
   *
   * @param header its name
   * @param value its value, expressed as a Gatling Expression Language String such as {@code
   *     #{conversationId}}
   * @return a new TurnBuilder instance
   * @throws IllegalArgumentException if no header can be called so
   */
  public TurnBuilder sessionAffinity(String header, String value) {
    return with(settings.with(Setting.AFFINITY_HEADER, header).with(Setting.AFFINITY_VALUE, value));
  }

  /**
   * Set a header.
   *
   * @param header its name
   * @param value its value, expressed as a Gatling Expression Language String
   * @return a new TurnBuilder instance
   */
  public TurnBuilder header(String header, String value) {
    return request(http -> http.header(header, value));
  }

  /**
   * Apply some checks beside the ones on the reply's ending.
   *
   * @param checks the checks
   * @return a new TurnBuilder instance
   */
  public TurnBuilder check(CheckBuilder... checks) {
    return request(http -> http.check(checks));
  }

  /**
   * Change anything else of the HTTP request, in Gatling's own words.
   *
   * @param change what to do to it; its body is set afterwards
   * @return a new TurnBuilder instance
   */
  public TurnBuilder request(UnaryOperator<HttpRequestActionBuilder> change) {
    return new TurnBuilder(
        name, api, settings, fields, model, http -> change.apply(request.apply(http)));
  }

  /**
   * Cut a reply that takes longer, and count it as a timeout.
   *
   * @param timeout from the moment the request is sent
   * @return a new TurnBuilder instance
   */
  public TurnBuilder requestTimeout(Duration timeout) {
    return with(Setting.REQUEST_TIMEOUT, timeout);
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }

  /** For internal use only. */
  @Override
  public io.gatling.core.action.builder.ActionBuilder asScala() {
    model.addToRun();
    RequestBody body = new RequestBody(settings.bodyShape(api), fields);
    HttpRequestActionBuilder post =
        http(name)
            .post(api.path())
            .header("Content-Type", "application/json")
            .header("Accept", "text/event-stream");
    return TimedActionBuilder.of(
        name,
        request
            .apply(withAffinity(post))
            .body(
                ByteArrayBody(
                    session -> body.of(SessionVariables.turn(session), model.of().apply(session)))),
        true,
        settings.get(Setting.REQUEST_TIMEOUT));
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
}
