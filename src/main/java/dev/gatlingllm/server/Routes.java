package dev.gatlingllm.server;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Maps paths to handlers. */
final class Routes {

  /** Handles the requests of one path and method. */
  interface Handler {
    void handle(HttpExchange exchange) throws OpenAiError;
  }

  /** Handles the JSON that is posted to one path. */
  interface JsonHandler {
    void handle(RequestFields request, HttpExchange exchange) throws OpenAiError;
  }

  /** Handles the requests of all paths with a prefix; receives the rest of the path. */
  interface PrefixHandler {
    void handle(HttpExchange exchange, String rest) throws OpenAiError;
  }

  private final RequestGuard guard;
  private final Map<String, Map<HttpMethod, Handler>> routes = new TreeMap<>();

  Routes(RequestGuard guard) {
    this.guard = guard;
  }

  /** Adds a route. Must be called before the first request. */
  void add(HttpMethod method, String path, Handler handler) {
    routes.computeIfAbsent(path, unseen -> new TreeMap<>()).put(method, handler);
  }

  /**
   * Adds a route to which JSON is posted. Must be called before the first request.
   *
   * @param readers parses the JSON and calls the handler, which is too slow for an event loop
   */
  void addPost(String path, Executor readers, JsonHandler handler) {
    add(
        HttpMethod.POST,
        path,
        exchange ->
            readers.execute(
                () ->
                    exchange.answerErrors(
                        () ->
                            handler.handle(
                                RequestFields.of(Json.parse(exchange.request().body())),
                                exchange))));
  }

  /**
   * Adds a route for all paths with a prefix. Must be called before the first request.
   *
   * @param path the prefix, with a slash at the end
   * @param handler receives the rest of the path
   */
  void addUnder(HttpMethod method, String path, PrefixHandler handler) {
    add(
        method,
        path + "{name}",
        exchange -> {
          String rest = exchange.request().path().substring(path.length());
          String decoded;
          try {
            decoded = QueryStringDecoder.decodeComponent(rest);
          } catch (IllegalArgumentException e) {
            throw OpenAiError.http(
                HttpResponseStatus.BAD_REQUEST, exchange.request().path() + ": " + e.getMessage());
          }
          handler.handle(exchange, decoded);
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
    exchange.answerErrors(
        () -> {
          guard.check(request);
          route(exchange);
        });
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
    methods.get(request.method()).handle(exchange);
  }

  /** Returns the methods of a path, or null. */
  private @Nullable Map<HttpMethod, Handler> methods(String path) {
    var methods = routes.get(path);
    int slash = path.length();
    // a model's name can contain slashes
    while (methods == null && (slash = path.lastIndexOf('/', slash - 1)) > 0) {
      methods = routes.get(path.substring(0, slash) + "/{name}");
    }
    return methods;
  }
}
