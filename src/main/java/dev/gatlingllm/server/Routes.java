package dev.gatlingllm.server;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.AsciiString;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Which path leads where. */
final class Routes {

  private final Map<String, Map<HttpMethod, Consumer<Exchange>>> routes = new TreeMap<>();

  Routes(GenerationEndpoint generations, byte[] models) {
    byte[] health = Json.bytes(Json.object().put("status", "ok"));
    for (Api api : Api.values()) {
      add(HttpMethod.POST, api.path(), exchange -> generations.handle(api, exchange));
    }
    add(HttpMethod.GET, "/v1/models", exchange -> exchange.answer(HttpResponseStatus.OK, models));
    add(HttpMethod.GET, "/health", exchange -> exchange.answer(HttpResponseStatus.OK, health));
  }

  /** One more way; before the first request. */
  void add(HttpMethod method, String path, Consumer<Exchange> handler) {
    routes.computeIfAbsent(path, unseen -> new TreeMap<>()).put(method, handler);
  }

  /** Answers a request, or sees to it that it will be answered. On the event loop. */
  void handle(Exchange exchange) {
    var methods = routes.get(exchange.path());
    if (exchange.malformed()) {
      var error = OpenAiError.http(HttpResponseStatus.BAD_REQUEST, "This is not an HTTP request.");
      // where its end is, and another one begins, is anyone's guess
      var close = headers(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
      exchange.answer(error.status(), error.body(), close);
    } else if (methods == null) {
      exchange.refuse(
          OpenAiError.http(
              HttpResponseStatus.NOT_FOUND,
              "Unknown path "
                  + exchange.path()
                  + "; this server has "
                  + String.join(", ", routes.keySet())
                  + "."));
    } else if (methods.containsKey(exchange.method())) {
      methods.get(exchange.method()).accept(exchange);
    } else {
      String allowed = String.join(", ", methods.keySet().stream().map(HttpMethod::name).toList());
      var error =
          OpenAiError.http(
              HttpResponseStatus.METHOD_NOT_ALLOWED,
              exchange.path() + " takes " + allowed + ", not " + exchange.method() + ".");
      exchange.answer(error.status(), error.body(), headers(HttpHeaderNames.ALLOW, allowed));
    }
  }

  private static HttpHeaders headers(AsciiString name, Object value) {
    return new DefaultHttpHeaders().set(name, value);
  }
}
