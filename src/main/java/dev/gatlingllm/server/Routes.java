package dev.gatlingllm.server;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Which path leads where, and for whom. */
final class Routes {

  /** What needs a key: vLLM's, and what changes the server; the rest is for those who watch it. */
  private static final List<String> GUARDED = List.of("/v1/", "/admin/");

  private final ApiKeys apiKeys;
  private final Map<String, Map<HttpMethod, Consumer<Exchange>>> routes = new TreeMap<>();

  Routes(ApiKeys apiKeys) {
    this.apiKeys = apiKeys;
  }

  /** One more way; before the first request. */
  void add(HttpMethod method, String path, Consumer<Exchange> handler) {
    routes.computeIfAbsent(path, unseen -> new TreeMap<>()).put(method, handler);
  }

  /**
   * One more way, for all paths with a beginning; before the first request.
   *
   * @param path ends with a slash
   * @param handler told what follows it
   */
  void addUnder(HttpMethod method, String path, BiConsumer<Exchange, String> handler) {
    add(
        method,
        path + "{name}",
        exchange -> {
          try {
            String rest = exchange.path().substring(path.length());
            handler.accept(exchange, QueryStringDecoder.decodeComponent(rest));
          } catch (IllegalArgumentException e) {
            exchange.refuse(
                OpenAiError.http(HttpResponseStatus.BAD_REQUEST, exchange.path() + ": " + e));
          }
        });
  }

  /** One more way, to an answer that is always the same; before the first request. */
  void addAnswer(String path, byte[] json) {
    add(HttpMethod.GET, path, exchange -> exchange.answer(HttpResponseStatus.OK, json));
  }

  /** Answers a request, or sees to it that it will be answered. On the event loop. */
  void handle(Exchange exchange) {
    if (exchange.malformed()) {
      var error = OpenAiError.http(HttpResponseStatus.BAD_REQUEST, "This is not an HTTP request.");
      // where its end is, and another one begins, is anyone's guess
      var close = headers(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
      exchange.answer(error.status(), error.body(), close);
      return;
    }
    try {
      if (GUARDED.stream().anyMatch(exchange.path()::startsWith)) {
        apiKeys.check(exchange.header("Authorization"));
      }
    } catch (OpenAiError refusal) {
      var challenge = headers(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer");
      exchange.answer(refusal.status(), refusal.body(), challenge);
      return;
    }
    route(exchange);
  }

  private void route(Exchange exchange) {
    var methods = methods(exchange.path());
    if (methods == null) {
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

  /** What a path takes, or null. */
  private Map<HttpMethod, Consumer<Exchange>> methods(String path) {
    var methods = routes.get(path);
    int slash = path.length();
    // a model's name may have slashes of its own
    while (methods == null && (slash = path.lastIndexOf('/', slash - 1)) > 0) {
      methods = routes.get(path.substring(0, slash) + "/{name}");
    }
    return methods;
  }

  private static HttpHeaders headers(AsciiString name, Object value) {
    return new DefaultHttpHeaders().set(name, value);
  }
}
