package dev.gatlingllm.server;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * One reply as OpenAI's JSON.
 *
 * @param created when it was begun, in seconds since 1970
 */
record ReplyJson(Api api, String id, String model, long created) {

  /** Every reply has as many tokens as were asked for, so this is how each ends. */
  private static final String FINISH_REASON = "length";

  /** The reply in one piece. */
  byte[] whole(String text, Usage usage) {
    ObjectNode reply = frame(api.object());
    ObjectNode choice = reply.putArray("choices").addObject().put("index", 0);
    if (api == Api.CHAT) {
      choice.putObject("message").put("role", "assistant").put("content", text).putNull("refusal");
    } else {
      choice.put("text", text);
    }
    choice.putNull("logprobs").put("finish_reason", FINISH_REASON);
    reply.set("usage", usage.json());
    return Json.bytes(reply);
  }

  /** The chunk before a chat's first token, which says only who speaks. */
  byte[] opener() {
    return chunk(Json.object().put("role", "assistant").put("content", ""), null);
  }

  /** A chunk whose text is empty, for others to fill in. */
  byte[] token() {
    return chunk(Json.object().put("content", ""), null);
  }

  /** The chunk that says that the reply is complete. */
  byte[] finish() {
    return chunk(Json.object(), FINISH_REASON);
  }

  /** The chunk that says what the reply took. */
  byte[] usage(Usage usage) {
    ObjectNode chunk = frame(api.chunkObject());
    chunk.putArray("choices");
    chunk.set("usage", usage.json());
    return Json.bytes(chunk);
  }

  private byte[] chunk(ObjectNode delta, String finishReason) {
    ObjectNode chunk = frame(api.chunkObject());
    ObjectNode choice = chunk.putArray("choices").addObject().put("index", 0);
    if (api == Api.CHAT) {
      choice.set("delta", delta);
    } else {
      choice.put("text", "");
    }
    choice.putNull("logprobs").put("finish_reason", finishReason);
    return Json.bytes(chunk);
  }

  private ObjectNode frame(String object) {
    return Json.object()
        .put("id", id)
        .put("object", object)
        .put("created", created)
        .put("model", model);
  }
}
