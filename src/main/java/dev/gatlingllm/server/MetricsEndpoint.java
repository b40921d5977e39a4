package dev.gatlingllm.server;

import dev.gatlingllm.server.engine.Engine;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;

/** The engine's metrics as Prometheus reads them. */
final class MetricsEndpoint {

  private static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final Engine engine;
  private final String model;

  MetricsEndpoint(Engine engine, String model) {
    this.engine = engine;
    this.model = model;
  }

  void addTo(Routes routes) {
    routes.add(
        HttpMethod.GET,
        "/metrics",
        exchange -> engine.metrics(model, text -> exchange.onLoop(() -> answer(exchange, text))));
  }

  private static void answer(Exchange exchange, String text) {
    exchange.answer(
        HttpResponseStatus.OK,
        text.getBytes(StandardCharsets.UTF_8),
        new DefaultHttpHeaders().set(HttpHeaderNames.CONTENT_TYPE, CONTENT_TYPE));
  }
}
