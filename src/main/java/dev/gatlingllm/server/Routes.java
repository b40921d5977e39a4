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

/** Maps paths to handlers and checks API keys. */
final class Routes {

  /** The paths that need a key, as in vLLM, and those that change the server. */
  private static final List<String> GUARDED = List.of("/v1/", "/admin/");

  private final ApiKeys apiKeys;
  private final Map<String, Map<HttpMethod, Consumer<HttpExchange>>> routes = new TreeMap<>();

  Routes(ApiKeys apiKeys) {
    this.apiKeys = apiKeys;
  }

  /** Adds a route. Must be called before the first request. */
  void add(HttpMethod method, String path, Consumer<HttpExchange> handler) {
    routes.computeIfAbsent(path, unseen -> new TreeMap<>()).put(method, handler);
  }

  /**
   * Adds a route for all paths with a prefix. Must be called before the first request.
   *
   * @param path the prefix, with a slash at the end
   * @param handler receives the rest of the path
   */
  void addUnder(HttpMethod method, String path, BiConsumer<HttpExchange, String> handler) {
    add(
        method,
        path + "{name}",
        exchange -> {
          try {
            String rest = exchange.request().path().substring(path.length());
            handler.accept(exchange, QueryStringDecoder.decodeComponent(rest));
          } catch (IllegalArgumentException e) {
            exchange.sendError(
                OpenAiError.http(
                    HttpResponseStatus.BAD_REQUEST, exchange.request().path() + ": " + e));
          }
        });
  }

  /** Handles a request. Must be called on its event loop. */
  void handle(HttpExchange exchange) {
    HttpExchange.Request request = exchange.request();
    if (request.malformed()) {
      var error = OpenAiError.http(HttpResponseStatus.BAD_REQUEST, "Invalid HTTP request.");
      // the start of the next request is unknown
      var close = headers(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
      exchange.send(error.status(), error.body(), close);
      return;
    }
    try {
      if (GUARDED.stream().anyMatch(request.path()::startsWith)) {
        apiKeys.check(request.header("Authorization"));
      }
    } catch (OpenAiError e) {
      var challenge = headers(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer");
      exchange.send(e.status(), e.body(), challenge);
      return;
    }
    route(exchange);
  }

  private void route(HttpExchange exchange) {
    HttpExchange.Request request = exchange.request();
    var methods = methods(request.path());
    if (methods == null) {
      exchange.sendError(
          OpenAiError.http(
              HttpResponseStatus.NOT_FOUND,
              "Unknown path "
                  + request.path()
                  + "; known paths: "
                  + String.join(", ", routes.keySet())
                  + "."));
    } else if (methods.containsKey(request.method())) {
      methods.get(request.method()).accept(exchange);
    } else {
      String allowed = String.join(", ", methods.keySet().stream().map(HttpMethod::name).toList());
      var error =
          OpenAiError.http(
              HttpResponseStatus.METHOD_NOT_ALLOWED,
              request.path() + " allows " + allowed + ", got " + request.method() + ".");
      exchange.send(error.status(), error.body(), headers(HttpHeaderNames.ALLOW, allowed));
    }
  }

  /** Returns the methods of a path, or null. */
  private Map<HttpMethod, Consumer<HttpExchange>> methods(String path) {
    var methods = routes.get(path);
    int slash = path.length();
    // a model's name can contain slashes
    while (methods == null && (slash = path.lastIndexOf('/', slash - 1)) > 0) {
      methods = routes.get(path.substring(0, slash) + "/{name}");
    }
    return methods;
  }

  private static HttpHeaders headers(AsciiString name, Object value) {
    return new DefaultHttpHeaders().set(name, value);
  }
}
