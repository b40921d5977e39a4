package dev.gatlingllm.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatlingllm.server.ReplyPart.Kind;
import dev.gatlingllm.server.ReplyPart.ToolCall;
import dev.gatlingllm.server.ServerSettings.ReasoningField;
import java.util.List;

/**
 * One response as OpenAI's JSON.
 *
 * @param created when it was begun, in seconds since 1970
 * @param reasoningField where a chat's reasoning is told
 */
record ReplyJson(Api api, String id, String model, long created, ReasoningField reasoningField) {

  /** The response in one piece. */
  ObjectNode whole(List<ObjectNode> choices, Usage usage) {
    ObjectNode response = frame(api.object());
    response.putArray("choices").addAll(choices);
    return response.set("usage", usage.json());
  }

  /** One choice of a response in one piece. */
  ObjectNode choice(Choice choice, ObjectNode logprobs) {
    Reply reply = choice.reply();
    ObjectNode json = Json.object().put("index", choice.index());
    if (api == Api.CHAT) {
      json.set("message", message(reply));
    } else {
      json.put("text", reply.said(Kind.CONTENT));
    }
    json.set("logprobs", logprobs);
    return ended(json, reply);
  }

  private ObjectNode message(Reply reply) {
    ObjectNode message = Json.object().put("role", "assistant");
    // a message that only calls tools has no content, which is not the empty content
    boolean speaks = reply.has(Kind.CONTENT) || !reply.has(Kind.TOOL_CALL);
    message.put("content", speaks ? reply.said(Kind.CONTENT) : null);
    if (reply.has(Kind.REASONING)) {
      message.put(reasoningField.json(), reply.said(Kind.REASONING));
    }
    message.putNull("refusal");
    if (reply.has(Kind.TOOL_CALL)) {
      ArrayNode calls = message.putArray("tool_calls");
      reply.toolCalls().forEach(part -> calls.add(toolCall(part.call(), part.said())));
    }
    return message;
  }

  /** The chunk before a chat's first token, which says only who speaks. */
  ObjectNode opener(int index) {
    return chunk(index, Json.object().put("role", "assistant").put("content", ""), "", null);
  }

  /** A chunk of a part. */
  ObjectNode tokens(int index, ReplyPart part, String text, ObjectNode logprobs) {
    return chunk(index, delta(part, text), text, logprobs);
  }

  private ObjectNode delta(ReplyPart part, String text) {
    ObjectNode delta = Json.object();
    switch (part.kind()) {
      case CONTENT -> delta.put("content", text);
      case REASONING -> delta.put(reasoningField.json(), text);
      case TOOL_CALL -> {
        ObjectNode call = delta.putArray("tool_calls").addObject();
        call.put("index", part.call().index()).putObject("function").put("arguments", text);
      }
    }
    return delta;
  }

  /** The chunk that says which tool is called, before its arguments come. */
  ObjectNode toolOpener(int index, ToolCall call) {
    ObjectNode delta = Json.object();
    ObjectNode opened = delta.putArray("tool_calls").addObject().put("index", call.index());
    opened.setAll(toolCall(call, ""));
    return chunk(index, delta, "", null);
  }

  private static ObjectNode toolCall(ToolCall call, String arguments) {
    ObjectNode json = Json.object().put("id", call.id()).put("type", "function");
    json.putObject("function").put("name", call.name()).put("arguments", arguments);
    return json;
  }

  /** The chunk that says that a choice is complete. */
  ObjectNode finish(Choice choice) {
    ObjectNode chunk = chunk(choice.index(), Json.object(), "", null);
    ended((ObjectNode) chunk.at("/choices/0"), choice.reply());
    return chunk;
  }

  /** The chunk that says what the response took. */
  ObjectNode usage(Usage usage) {
    ObjectNode chunk = frame(api.chunkObject());
    chunk.putArray("choices");
    return chunk.set("usage", usage.json());
  }

  private ObjectNode chunk(int index, JsonNode delta, String text, ObjectNode logprobs) {
    ObjectNode chunk = frame(api.chunkObject());
    ObjectNode choice = chunk.putArray("choices").addObject().put("index", index);
    if (api == Api.CHAT) {
      choice.set("delta", delta);
    } else {
      choice.put("text", text);
    }
    choice.set("logprobs", logprobs);
    choice.putNull("finish_reason");
    return chunk;
  }

  private static ObjectNode ended(ObjectNode choice, Reply reply) {
    choice.put("finish_reason", reply.finishReason().json());
    // vLLM's word for the stop string that was met
    return reply.stoppedBy() == null ? choice : choice.put("stop_reason", reply.stoppedBy());
  }

  private ObjectNode frame(String object) {
    return Json.object()
        .put("id", id)
        .put("object", object)
        .put("created", created)
        .put("model", model);
  }
}
