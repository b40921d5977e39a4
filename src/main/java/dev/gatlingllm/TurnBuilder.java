package dev.gatlingllm;

import static io.gatling.javaapi.core.CoreDsl.ByteArrayBody;
import static io.gatling.javaapi.http.HttpDsl.http;

import dev.gatlingllm.conversation.Api;
import dev.gatlingllm.conversation.BodyShape;
import dev.gatlingllm.conversation.HistoryForm;
import dev.gatlingllm.conversation.MaxTokensField;
import dev.gatlingllm.conversation.ModelChoice;
import dev.gatlingllm.conversation.PromptFormat;
import dev.gatlingllm.gatling.TimedActionBuilder;
import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.settings.SessionAffinity;
import io.gatling.javaapi.core.ActionBuilder;
import io.gatling.javaapi.core.CheckBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.http.HttpRequestActionBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * The next turn of the conversation in the user's session: its question is sent with all that still
 * fits of what was said before, its reply is timed and becomes part of the conversation.
 *
 * <p>Immutable, so all methods return a new occurrence and leave the original unmodified.
 */
public final class TurnBuilder implements ActionBuilder {

  private final String name;
  private final TurnRequest asks;
  private final Duration requestTimeout;
  private final UnaryOperator<HttpRequestActionBuilder> request;

  private TurnBuilder(
      String name,
      TurnRequest asks,
      Duration requestTimeout,
      UnaryOperator<HttpRequestActionBuilder> request) {
    this.name = name;
    this.asks = asks;
    this.requestTimeout = requestTimeout;
    this.request = request;
  }

  static TurnBuilder of(Api api, String name) {
    return new TurnBuilder(
        name,
        TurnRequest.bySettings(api),
        LlmSettings.get().requestTimeout(),
        UnaryOperator.identity());
  }

  // ---------------------------------------------------------------- the model

  /**
   * Set the model to ask.
   *
   * @param model sent as {@code model}, expressed as a Gatling Expression Language String
   * @return a new TurnBuilder instance
   */
  public TurnBuilder model(String model) {
    return with(asks.with(AskedModel.expression(model)));
  }

  /**
   * Set the model to ask.
   *
   * @param model sent as {@code model}, expressed as a function
   * @return a new TurnBuilder instance
   */
  public TurnBuilder model(Function<Session, String> model) {
    return with(asks.with(AskedModel.function(model)));
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
    ModelChoice choice = new ModelChoice(shares, span);
    return with(asks.with(AskedModel.drawn(choice, LlmSettings.get().seed())));
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
    require(
        temperature >= 0 && Double.isFinite(temperature),
        "temperature(" + temperature + "): give a number from 0 on");
    return field("temperature", temperature);
  }

  /**
   * Sample from the likeliest tokens only: the fewest that together have this probability.
   *
   * @param probability above 0 and up to 1, sent as {@code top_p}
   * @return a new TurnBuilder instance
   * @throws IllegalArgumentException for any other
   */
  public TurnBuilder topP(double probability) {
    require(
        probability > 0 && probability <= 1,
        "topP(" + probability + "): give a number above 0 and up to 1");
    return field("top_p", probability);
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
    require(texts.length > 0, "stop(): give one text or more");
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
    require(tokens >= 1, "minTokens(" + tokens + "): give 1 or more");
    return with(asks.with(asks.shape().withMinTokens(tokens)));
  }

  /**
   * Have every reply exactly as long as the workload asks: {@code min_tokens} is sent with the same
   * number as the maximum, for servers that know it.
   *
   * @return a new TurnBuilder instance
   */
  public TurnBuilder exactLength() {
    return with(asks.with(asks.shape().withMinTokens(BodyShape.EXACT_LENGTH)));
  }

  /**
   * Send the length of reply to ask for as {@code max_completion_tokens} instead of {@code
   * max_tokens}.
   *
   * @return a new TurnBuilder instance
   * @throws IllegalArgumentException for a completion turn: text completions have no such field
   */
  public TurnBuilder maxCompletionTokens() {
    return with(asks.with(asks.shape().withMaxTokens(MaxTokensField.MAX_COMPLETION_TOKENS)));
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
    return with(asks.with(asks.shape().withSystemRole(role)));
  }

  /**
   * Send the system prompt, what was said before and the question as one text in one user message.
   * Text completions always carry one text.
   *
   * @return a new TurnBuilder instance
   * @throws IllegalArgumentException if a role is given for the system prompt, too
   */
  public TurnBuilder historyAsText() {
    return with(asks.with(asks.shape().withHistory(HistoryForm.TEXT)));
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
    return with(asks.with(asks.shape().withPrompt(PromptFormat.TOKEN_IDS)));
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
    require(json.strip().startsWith("["), "tools(…): give a JSON array of tools");
    return with(asks.with(asks.fields().withJson("tools", json)));
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
        ? with(asks.with(asks.fields().withJson("tool_choice", choice)))
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
        "responseFormat(…): give a JSON object such as {\"type\":\"json_object\"}");
    return with(asks.with(asks.fields().withJson("response_format", json)));
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
    return with(asks.with(asks.fields().with(field, value)));
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
    return with(asks.with(asks.fields().withAll(json)));
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
    return with(asks.with(new SessionAffinity(SessionAffinity.DEFAULT_HEADER, Optional.empty())));
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
    return with(asks.with(new SessionAffinity(header, Optional.of(value))));
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
    UnaryOperator<HttpRequestActionBuilder> before = request;
    return new TurnBuilder(name, asks, requestTimeout, http -> change.apply(before.apply(http)));
  }

  /**
   * Cut a reply that takes longer, and count it as a timeout.
   *
   * @param timeout from the moment the request is sent
   * @return a new TurnBuilder instance
   */
  public TurnBuilder requestTimeout(Duration timeout) {
    return new TurnBuilder(name, asks, timeout, request);
  }

  private TurnBuilder with(TurnRequest changed) {
    return new TurnBuilder(name, changed, requestTimeout, request);
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }

  /** For internal use only. */
  @Override
  public io.gatling.core.action.builder.ActionBuilder asScala() {
    asks.model().addToRun();
    HttpRequestActionBuilder post = asks.headed(http(name).post(asks.shape().api().path()));
    return TimedActionBuilder.of(
        name, request.apply(post).body(ByteArrayBody(asks.body())), true, requestTimeout);
  }
}
