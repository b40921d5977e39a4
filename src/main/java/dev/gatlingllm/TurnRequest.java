package dev.gatlingllm;

import dev.gatlingllm.conversation.Api;
import dev.gatlingllm.conversation.BodyShape;
import dev.gatlingllm.conversation.RequestBody;
import dev.gatlingllm.conversation.RequestFields;
import dev.gatlingllm.gatling.SessionVariables;
import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.settings.SessionAffinity;
import dev.gatlingllm.settings.SettingException;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.core.internal.Expressions;
import io.gatling.javaapi.http.HttpRequestActionBuilder;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a turn's request asks for.
 *
 * @param shape how the conversation is put into it
 * @param fields what else is asked for, the same in all turns
 * @param model the model
 * @param affinity the header that carries the conversation's id; empty for none
 */
record TurnRequest(
    BodyShape shape, RequestFields fields, AskedModel model, Optional<SessionAffinity> affinity) {

  /**
   * As the settings say.
   *
   * @throws SettingException for what the API cannot be asked for
   */
  static TurnRequest bySettings(Api api) {
    LlmSettings settings = LlmSettings.get();
    settings.turn().affinity().flatMap(SessionAffinity::value).ifPresent(TurnRequest::check);
    return new TurnRequest(
        settings.turn().shape(api),
        settings.turn().fields(),
        AskedModel.drawn(settings.turn().models(), settings.seed()),
        settings.turn().affinity());
  }

  private static void check(String affinityValue) {
    try {
      Expressions.toStringExpression(affinityValue);
    } catch (RuntimeException e) {
      throw new SettingException("llm.affinityValue", affinityValue, e);
    }
  }

  TurnRequest with(BodyShape changed) {
    return new TurnRequest(changed, fields, model, affinity);
  }

  TurnRequest with(RequestFields changed) {
    return new TurnRequest(shape, changed, model, affinity);
  }

  TurnRequest with(AskedModel changed) {
    return new TurnRequest(shape, fields, changed, affinity);
  }

  TurnRequest with(SessionAffinity changed) {
    return new TurnRequest(shape, fields, model, Optional.of(changed));
  }

  /** The request with its headers, still without its body. */
  HttpRequestActionBuilder headed(HttpRequestActionBuilder request) {
    HttpRequestActionBuilder plain =
        request.header("Content-Type", "application/json").header("Accept", "text/event-stream");
    return affinity.map(header -> withAffinity(plain, header)).orElse(plain);
  }

  private static HttpRequestActionBuilder withAffinity(
      HttpRequestActionBuilder request, SessionAffinity affinity) {
    // not by an expression: a prefix of variables may have letters that mean something in one
    return affinity
        .value()
        .map(value -> request.header(affinity.header(), value))
        .orElseGet(
            () ->
                request.header(
                    affinity.header(),
                    session -> SessionVariables.turn(session).conversation().id()));
  }

  /** Tells the body for a session whose turn is under way. */
  Function<Session, byte[]> body() {
    RequestBody body = new RequestBody(shape, fields);
    return session -> body.of(SessionVariables.turn(session), model.of().apply(session));
  }
}
