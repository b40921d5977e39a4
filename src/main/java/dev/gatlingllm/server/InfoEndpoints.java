package dev.gatlingllm.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatlingllm.server.engine.Engine;
import dev.gatlingllm.text.Version;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Describes the server: its model, health, version and metrics. */
final class InfoEndpoints {

  private static final String MODELS = "/v1/models";
  private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

  private final List<Engine> engines;
  private final String modelName;
  private final ObjectNode model;
  private final ObjectNode models;

  InfoEndpoints(ServerSettings settings, List<Engine> engines) {
    this.engines = engines;
    modelName = settings.modelName;
    model =
        Json.object()
            .put("id", modelName)
            .put("object", "model")
            .put("created", System.currentTimeMillis() / 1000)
            .put("owned_by", "gatling-llm")
            .put("max_model_len", settings.maxModelTokens);
    models = Json.object().put("object", "list");
    models.putArray("data").add(model);
  }

  void addTo(Routes routes) {
    routes.add(HttpMethod.GET, MODELS, exchange -> exchange.send(models));
    routes.addUnder(HttpMethod.GET, MODELS + "/", this::sendModel);
    ObjectNode health = Json.object().put("status", "ok");
    routes.add(HttpMethod.GET, "/health", exchange -> exchange.send(health));
    ObjectNode version = Json.object().put("version", Version.current());
    routes.add(HttpMethod.GET, "/version", exchange -> exchange.send(version));
    routes.add(
        HttpMethod.GET,
        "/metrics",
        exchange ->
            Engine.metrics(engines, text -> exchange.onLoop(() -> sendMetrics(exchange, text))));
  }

  private void sendModel(HttpExchange exchange, String name) {
    if (modelName.equals(name)) {
      exchange.send(model);
    } else {
      exchange.sendError(OpenAiError.modelNotFound(name));
    }
  }

  private static void sendMetrics(HttpExchange exchange, String text) {
    exchange.send(
        HttpResponseStatus.OK,
        text.getBytes(StandardCharsets.UTF_8),
        new DefaultHttpHeaders().set(HttpHeaderNames.CONTENT_TYPE, PROMETHEUS_TEXT));
  }
}
