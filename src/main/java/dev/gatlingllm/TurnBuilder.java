package dev.gatlingllm;

import static io.gatling.javaapi.core.CoreDsl.ByteArrayBody;
import static io.gatling.javaapi.http.HttpDsl.http;

import dev.gatlingllm.action.SessionVariables;
import dev.gatlingllm.action.TimedActionBuilder;
import dev.gatlingllm.conversation.Api;
import dev.gatlingllm.conversation.RequestBody;
import dev.gatlingllm.settings.LlmSettings;
import io.gatling.javaapi.core.ActionBuilder;
import io.gatling.javaapi.core.CheckBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.core.internal.Expressions;
import io.gatling.javaapi.http.HttpRequestActionBuilder;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * The next turn of the conversation in the user's session: its question is sent with all that still
 * fits of what was said before, its reply is timed and becomes part of the conversation.
 *
 * <p>Immutable, so all methods return a new occurrence and leave the original unmodified.
 */
public final class TurnBuilder implements ActionBuilder {

  private final Api api;
  private final String name;
  private final Function<Session, String> model;
  private final Map<String, Object> fields;
  private final Duration requestTimeout;
  private final UnaryOperator<HttpRequestActionBuilder> request;

  private TurnBuilder(
      Api api,
      String name,
      Function<Session, String> model,
      Map<String, Object> fields,
      Duration requestTimeout,
      UnaryOperator<HttpRequestActionBuilder> request) {
    this.api = api;
    this.name = name;
    this.model = model;
    this.fields = fields;
    this.requestTimeout = requestTimeout;
    this.request = request;
  }

  static TurnBuilder of(Api api, String name) {
    LlmSettings settings = LlmSettings.get();
    return new TurnBuilder(
        api,
        name,
        session -> settings.model(),
        settings.turn().ignoreEos() ? Map.of("ignore_eos", true) : Map.of(),
        settings.requestTimeout(),
        UnaryOperator.identity());
  }

  /**
   * Set the model to ask.
   *
   * @param model sent as {@code model}, expressed as a Gatling Expression Language String
   * @return a new TurnBuilder instance
   */
  public TurnBuilder model(String model) {
    return model(Expressions.expressionToJavaFunction(Expressions.toStringExpression(model)));
  }

  /**
   * Set the model to ask.
   *
   * @param model sent as {@code model}, expressed as a function
   * @return a new TurnBuilder instance
   */
  public TurnBuilder model(Function<Session, String> model) {
    return new TurnBuilder(api, name, model, fields, requestTimeout, request);
  }

  /**
   * Set the sampling temperature.
   *
   * @param temperature from 0, the likeliest token each time, to 2
   * @return a new TurnBuilder instance
   */
  public TurnBuilder temperature(double temperature) {
    return field("temperature", temperature);
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
   * Set any field of the request's body beside the conversation and {@code max_tokens}.
   *
   * @param field its name
   * @param value its value: a string, number, boolean, list or map
   * @return a new TurnBuilder instance
   */
  public TurnBuilder field(String field, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(fields);
    more.put(field, value);
    return new TurnBuilder(api, name, model, more, requestTimeout, request);
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
    return new TurnBuilder(
        api, name, model, fields, requestTimeout, http -> change.apply(before.apply(http)));
  }

  /**
   * Cut a reply that takes longer, and count it as a timeout.
   *
   * @param timeout from the moment the request is sent
   * @return a new TurnBuilder instance
   */
  public TurnBuilder requestTimeout(Duration timeout) {
    return new TurnBuilder(api, name, model, fields, timeout, request);
  }

  /** For internal use only. */
  @Override
  public io.gatling.core.action.builder.ActionBuilder asScala() {
    HttpRequestActionBuilder post =
        http(name)
            .post(api.path())
            .header("Content-Type", "application/json")
            .header("Accept", "text/event-stream");
    return TimedActionBuilder.of(
        name, request.apply(post).body(ByteArrayBody(body())), true, requestTimeout);
  }

  private Function<Session, byte[]> body() {
    Map<String, RequestBody> byModel = new ConcurrentHashMap<>();
    return session ->
        byModel
            .computeIfAbsent(model.apply(session), asked -> new RequestBody(api, asked, fields))
            .of(SessionVariables.turn(session));
  }
}
