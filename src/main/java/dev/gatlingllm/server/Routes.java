package dev.gatlingllm.server;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.AsciiString;
import java.util.Map;
import java.util.function.Consumer;

/** Which path leads where. */
final class Routes {

  private record Route(HttpMethod method, Consumer<Exchange> handler) {}

  private final Map<String, Route> routes;

  Routes(GenerationEndpoint generations, byte[] models) {
    byte[] health = Json.bytes(Json.object().put("status", "ok"));
    routes =
        Map.of(
            Api.CHAT.path(),
            post(exchange -> generations.handle(Api.CHAT, exchange)),
            Api.COMPLETIONS.path(),
            post(exchange -> generations.handle(Api.COMPLETIONS, exchange)),
            "/v1/models",
            get(exchange -> exchange.answer(HttpResponseStatus.OK, models)),
            "/health",
            get(exchange -> exchange.answer(HttpResponseStatus.OK, health)));
  }

  /** Answers a request, or sees to it that it will be answered. On the event loop. */
  void handle(Exchange exchange) {
    Route route = routes.get(exchange.path());
    if (exchange.malformed()) {
      var error = OpenAiError.http(HttpResponseStatus.BAD_REQUEST, "This is not an HTTP request.");
      // where its end is, and another one begins, is anyone's guess
      var close = headers(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
      exchange.answer(error.status(), error.body(), close);
    } else if (route == null) {
      exchange.refuse(
          OpenAiError.http(
              HttpResponseStatus.NOT_FOUND,
              "Unknown path " + exchange.path() + "; this server has " + paths() + "."));
    } else if (!route.method().equals(exchange.method())) {
      var error =
          OpenAiError.http(
              HttpResponseStatus.METHOD_NOT_ALLOWED,
              exchange.path() + " takes " + route.method() + ", not " + exchange.method() + ".");
      exchange.answer(error.status(), error.body(), headers(HttpHeaderNames.ALLOW, route.method()));
    } else {
      route.handler().accept(exchange);
    }
  }

  private static HttpHeaders headers(AsciiString name, Object value) {
    return new DefaultHttpHeaders().set(name, value);
  }

  private String paths() {
    return String.join(", ", routes.keySet().stream().sorted().toList());
  }

  private static Route get(Consumer<Exchange> handler) {
    return new Route(HttpMethod.GET, handler);
  }

  private static Route post(Consumer<Exchange> handler) {
    return new Route(HttpMethod.POST, handler);
  }
}
