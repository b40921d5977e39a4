package dev.gatlingllm.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatlingllm.server.Completion.Part;
import dev.gatlingllm.server.Completion.PartKind;
import dev.gatlingllm.server.Completion.ToolCall;
import dev.gatlingllm.server.ServerSettings.ReasoningField;
import java.util.List;

/**
 * Builds OpenAI's JSON for one response.
 *
 * @param created the start of the response, in seconds since 1970
 * @param reasoningField the field of a chat's reasoning
 */
record ResponseJson(
    GenerationApi api, String id, String model, long created, ReasoningField reasoningField) {

  /**
   * The numbers of tokens of a response.
   *
   * @param cached cached prompt tokens; null if not reported
   * @param reasoning reasoning tokens of the completion; null if there are none
   */
  record Usage(int prompt, int completion, Integer cached, Integer reasoning) {

    ObjectNode json() {
      ObjectNode usage =
          Json.object()
              .put("prompt_tokens", prompt)
              .put("completion_tokens", completion)
              .put("total_tokens", prompt + completion);
      if (cached != null) {
        usage.putObject("prompt_tokens_details").put("cached_tokens", cached);
      }
      if (reasoning != null) {
        usage.putObject("completion_tokens_details").put("reasoning_tokens", reasoning);
      }
      return usage;
    }
  }

  /** Returns a response that is not streamed. */
  ObjectNode whole(List<ObjectNode> choices, Usage usage) {
    ObjectNode response = frame(api.object);
    response.putArray("choices").addAll(choices);
    return response.set("usage", usage.json());
  }

  /** Returns one choice of a response that is not streamed. */
  ObjectNode choice(ResponseChoice choice) {
    Completion completion = choice.completion();
    ObjectNode json = Json.object().put("index", choice.index());
    if (api == GenerationApi.CHAT) {
      json.set("message", message(completion));
    } else {
      json.put("text", completion.text(PartKind.CONTENT));
    }
    Part last = completion.lastPart();
    json.set("logprobs", logprobs(choice, last, 0, last.tokens(), 0));
    return finish(json, completion);
  }

  private ObjectNode message(Completion completion) {
    ObjectNode message = Json.object().put("role", "assistant");
    // the content of a message with only tool calls is null, not empty
    boolean hasContent = completion.has(PartKind.CONTENT) || !completion.has(PartKind.TOOL_CALL);
    message.put("content", hasContent ? completion.text(PartKind.CONTENT) : null);
    if (completion.has(PartKind.REASONING)) {
      message.put(reasoningField.json(), completion.text(PartKind.REASONING));
    }
    message.putNull("refusal");
    if (completion.has(PartKind.TOOL_CALL)) {
      ArrayNode calls = message.putArray("tool_calls");
      completion
          .parts(PartKind.TOOL_CALL)
          .forEach(part -> calls.add(toolCall(part.call(), part.allText())));
    }
    return message;
  }

  /** Returns the first chunk of a chat, which contains only the role. */
  ObjectNode opener(int index) {
    return chunk(index, Json.object().put("role", "assistant").put("content", ""), "", null);
  }

  /** Returns a chunk with tokens of a part. */
  ObjectNode tokens(int index, Part part, String text, ObjectNode logprobs) {
    return chunk(index, delta(part, text), text, logprobs);
  }

  private ObjectNode delta(Part part, String text) {
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

  /** Returns the chunk with a tool's id and name, which comes before its arguments. */
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

  /** Returns the chunk that ends a choice. */
  ObjectNode finish(ResponseChoice choice) {
    ObjectNode chunk = chunk(choice.index(), Json.object(), "", null);
    finish((ObjectNode) chunk.at("/choices/0"), choice.completion());
    return chunk;
  }

  /** Returns the chunk with the usage of the response. */
  ObjectNode usage(Usage usage) {
    ObjectNode chunk = frame(api.chunkObject);
    chunk.putArray("choices");
    return chunk.set("usage", usage.json());
  }

  /**
   * Returns the probabilities of some tokens; null unless requested and for other than content.
   *
   * @param offset the position of token {@code from} in the text, in characters
   */
  ObjectNode logprobs(ResponseChoice choice, Part part, int from, int to, int offset) {
    Logprobs logprobs = choice.logprobs();
    if (logprobs == null || part.kind() != PartKind.CONTENT) {
      return null;
    }
    return api == GenerationApi.CHAT
        ? logprobs.chat(part.text(), from, to)
        : logprobs.completion(part.text(), from, to, offset);
  }

  private ObjectNode chunk(int index, JsonNode delta, String text, ObjectNode logprobs) {
    ObjectNode chunk = frame(api.chunkObject);
    ObjectNode choice = chunk.putArray("choices").addObject().put("index", index);
    if (api == GenerationApi.CHAT) {
      choice.set("delta", delta);
    } else {
      choice.put("text", text);
    }
    choice.set("logprobs", logprobs);
    choice.putNull("finish_reason");
    return chunk;
  }

  private static ObjectNode finish(ObjectNode choice, Completion completion) {
    choice.put("finish_reason", completion.finishReason().json());
    // vLLM's field for the stop string
    String stop = completion.stopString();
    return stop == null ? choice : choice.put("stop_reason", stop);
  }

  private ObjectNode frame(String object) {
    return Json.object()
        .put("id", id)
        .put("object", object)
        .put("created", created)
        .put("model", model);
  }
}
