package dev.gatlingllm.gatling;

import io.gatling.core.CoreComponents;
import io.gatling.core.action.Action;
import io.gatling.core.action.builder.ActionBuilder;
import io.gatling.core.structure.ScenarioContext;
import io.gatling.http.protocol.HttpComponents;
import io.gatling.http.protocol.HttpProtocol;
import io.gatling.http.request.builder.HttpRequestBuilder;
import io.gatling.javaapi.http.HttpRequestActionBuilder;
import java.time.Duration;
import scala.jdk.javaapi.DurationConverters;

/** Makes timed actions out of Gatling's own HTTP requests. */
public final class TimedActionBuilder {

  private TimedActionBuilder() {}

  /**
   * Returns an action that sends a request and times the response token by token.
   *
   * @param name the request's name in messages
   * @param request the request from the DSL
   * @param conversational whether it is the next turn of the conversation in the session
   * @param timeout cuts off a response that takes longer, unless the request has a timeout
   */
  public static ActionBuilder of(
      String name, HttpRequestActionBuilder request, boolean conversational, Duration timeout) {
    // in the constructor of the simulation, so that an invalid setting stops the run early
    TokenRun.current().readObjectives();
    HttpRequestBuilder builder = withTimeout((HttpRequestBuilder) request.asScala(), timeout);
    return new ActionBuilder() {
      @Override
      public Action build(ScenarioContext context, Action next) {
        CoreComponents core = context.coreComponents();
        HttpComponents http =
            context.protocolComponentsRegistry().components(HttpProtocol.HttpProtocolKey());
        TokenRun run = TokenRun.current();
        run.prepare(core, http.httpProtocol());
        return new TimedAction(
            name,
            conversational,
            builder.build(
                http.httpCaches(), http.httpProtocol(), context.throttled(), core.configuration()),
            core,
            new TimedRequest(core, http, run),
            run,
            next);
      }
    };
  }

  private static HttpRequestBuilder withTimeout(HttpRequestBuilder request, Duration timeout) {
    return request.httpAttributes().requestTimeout().isDefined()
        ? request
        : request.requestTimeout(DurationConverters.toScala(timeout));
  }
}
