package dev.gatlingllm.server;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
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
      exchange.sendError(
          OpenAiError.http(HttpResponseStatus.BAD_REQUEST, "Invalid HTTP request.")
              // the start of the next request is unknown
              .withHeader(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE));
      return;
    }
    try {
      if (GUARDED.stream().anyMatch(request.path()::startsWith)) {
        apiKeys.check(request.header("Authorization"));
      }
      route(exchange);
    } catch (OpenAiError e) {
      exchange.sendError(e);
    }
  }

  private void route(HttpExchange exchange) throws OpenAiError {
    HttpExchange.Request request = exchange.request();
    var methods = methods(request.path());
    if (methods == null) {
      throw OpenAiError.http(
          HttpResponseStatus.NOT_FOUND,
          "Unknown path %s; known paths: %s."
              .formatted(request.path(), String.join(", ", routes.keySet())));
    }
    if (!methods.containsKey(request.method())) {
      String allowed = String.join(", ", methods.keySet().stream().map(HttpMethod::name).toList());
      throw OpenAiError.http(
              HttpResponseStatus.METHOD_NOT_ALLOWED,
              request.path() + " allows " + allowed + ", got " + request.method() + ".")
          .withHeader(HttpHeaderNames.ALLOW, allowed);
    }
    methods.get(request.method()).accept(exchange);
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
}
