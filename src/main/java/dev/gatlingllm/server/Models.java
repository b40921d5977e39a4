package dev.gatlingllm.server;

/** What {@code /v1/models} says. */
final class Models {

  private Models() {}

  static byte[] list(ServerSettings settings) {
    var list = Json.object().put("object", "list");
    list.putArray("data")
        .addObject()
        .put("id", settings.modelName())
        .put("object", "model")
        .put("created", System.currentTimeMillis() / 1000)
        .put("owned_by", "gatling-llm")
        .put("max_model_len", settings.maxModelTokens());
    return Json.bytes(list);
  }
}
