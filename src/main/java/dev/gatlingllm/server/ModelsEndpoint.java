package dev.gatlingllm.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;

/** What {@code /v1/models} says of the one model that there is. */
final class ModelsEndpoint {

  private static final String PATH = "/v1/models";

  private final ObjectNode model;

  ModelsEndpoint(ServerSettings settings) {
    model =
        Json.object()
            .put("id", settings.modelName())
            .put("object", "model")
            .put("created", System.currentTimeMillis() / 1000)
            .put("owned_by", "gatling-llm")
            .put("max_model_len", settings.maxModelTokens());
  }

  void addTo(Routes routes) {
    routes.add(HttpMethod.GET, PATH, this::list);
    routes.addUnder(HttpMethod.GET, PATH + "/", this::one);
  }

  private void list(Exchange exchange) {
    ObjectNode list = Json.object().put("object", "list");
    list.putArray("data").add(model);
    exchange.answer(HttpResponseStatus.OK, Json.bytes(list));
  }

  private void one(Exchange exchange, String name) {
    if (model.path("id").textValue().equals(name)) {
      exchange.answer(HttpResponseStatus.OK, Json.bytes(model));
    } else {
      exchange.refuse(OpenAiError.modelNotFound(name));
    }
  }
}
