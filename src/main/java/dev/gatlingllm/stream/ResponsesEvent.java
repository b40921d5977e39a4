package dev.gatlingllm.stream;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an event or a body of the Responses API holds that only its type gives a meaning. Many
 * servers write the type last, so that all of it is kept until the object ends. Reused for the next
 * event; used by one thread.
 */
final class ResponsesEvent {

  private static final Set<String> CALLS = Set.of("function_call", "custom_tool_call");

  private @Nullable String type;
  private @Nullable String object;
  private @Nullable String delta;
  private @Nullable String status;
  private @Nullable String reason;

  private @Nullable String itemType;
  private @Nullable String itemName;
  private @Nullable String itemArguments;

  private @Nullable String partType;
  private @Nullable String partText;

  private boolean hasSummary;

  /** Output that does not come in deltas. */
  private final List<Whole> wholes = new ArrayList<>(0);

  /** Whether the response, of which this is one event, calls a tool. */
  private boolean callsTool;

  private record Whole(Chunk.Kind kind, boolean kept, @Nullable String text) {

    void addTo(Chunk chunk) {
      StringBuilder all = kind == Chunk.Kind.TOOL_CALL ? chunk.toolArguments : chunk.text;
      chunk.addOutput(kind, kept ? all : null, text);
    }
  }

  /** Takes a field of the event or the body. */
  void put(String field, JsonParser json) throws IOException {
    switch (field) {
      case "type" -> type = string(json);
      case "object" -> object = string(json);
      case "delta" -> delta = string(json);
      case "status" -> status = string(json);
      default -> {}
    }
  }

  void putReason(JsonParser json) throws IOException {
    reason = string(json);
  }

  void putItem(String field, JsonParser json) throws IOException {
    switch (field) {
      case "type" -> itemType = string(json);
      case "name" -> itemName = string(json);
      case "arguments", "input" -> itemArguments = string(json);
      default -> {}
    }
  }

  void putPart(String field, JsonParser json) throws IOException {
    switch (field) {
      case "type" -> partType = string(json);
      case "text", "refusal", "transcript" -> partText = string(json);
      default -> {}
    }
  }

  private static @Nullable String string(JsonParser json) throws IOException {
    return json.currentToken() == JsonToken.VALUE_STRING ? json.getText() : null;
  }

  /** Ends an item of which the output came before, or comes later. */
  void endItem() {
    callsTool |= itemType != null && CALLS.contains(itemType);
  }

  /** Ends an item with its output. */
  void endWholeItem() {
    endItem();
    wholes.add(new Whole(Chunk.Kind.TOOL_CALL, false, itemName));
    wholes.add(new Whole(Chunk.Kind.TOOL_CALL, true, itemArguments));
    itemType = null;
    itemName = null;
    itemArguments = null;
  }

  /** Ends a part of an item's content or, if it is a summary, of its reasoning. */
  void endPart(boolean summary) {
    boolean reasoning = summary || "reasoning_text".equals(partType);
    hasSummary |= summary;
    wholes.add(
        new Whole(reasoning ? Chunk.Kind.REASONING : Chunk.Kind.CONTENT, !reasoning, partText));
    partType = null;
    partText = null;
  }

  /** Ends the event or the body. */
  void end(Chunk chunk) {
    String event = type != null && type.startsWith("response.") ? type : null;
    if (event == null && !"response".equals(object)) {
      return;
    }
    chunk.known = true;
    chunk.summarizes |= hasSummary || "response.reasoning_summary_text.delta".equals(type);
    wholes.forEach(whole -> whole.addTo(chunk));
    if (event != null) {
      chunk.lastEvent = "response.completed";
      // the type of an event is not the type of its error
      chunk.outerError.clear();
      endEvent(event, chunk);
    } else {
      chunk.finish(finishReason(status));
    }
    chunk.hadDelta |= chunk.kind() != null;
  }

  private void endEvent(String event, Chunk chunk) {
    switch (event) {
      case "response.output_text.delta",
          "response.refusal.delta",
          "response.audio.transcript.delta" ->
          chunk.addOutput(Chunk.Kind.CONTENT, chunk.text, delta);
      case "response.reasoning_text.delta", "response.reasoning_summary_text.delta" ->
          chunk.addOutput(Chunk.Kind.REASONING, null, delta);
      case "response.function_call_arguments.delta",
          "response.custom_tool_call_input.delta",
          "response.mcp_call_arguments.delta",
          "response.code_interpreter_call_code.delta" ->
          chunk.addOutput(Chunk.Kind.TOOL_CALL, chunk.toolArguments, delta);
      // the name of a tool is generated, so that it is output, as in a chat
      case "response.output_item.added" -> chunk.addOutput(Chunk.Kind.TOOL_CALL, null, itemName);
      case "response.completed" -> endResponse("completed", chunk);
      case "response.incomplete" -> endResponse("incomplete", chunk);
      case "response.failed", "response.cancelled" -> {
        status = null;
        endResponse(event.substring("response.".length()), chunk);
      }
      default -> {}
    }
  }

  /** Takes the status of the response over that of the event: vLLM has one event for all ends. */
  private void endResponse(String statusOfEvent, Chunk chunk) {
    chunk.isLast = true;
    String stated = finishReason(status);
    chunk.finish(stated == null ? finishReason(statusOfEvent) : stated);
  }

  /** Returns the reason in the terms of the chat API; null while the response goes on. */
  private @Nullable String finishReason(@Nullable String ended) {
    if (ended == null) {
      return null;
    }
    return switch (ended) {
      case "completed" -> callsTool ? "tool_calls" : "stop";
      case "incomplete" ->
          reason == null ? "incomplete" : reason.equals("max_output_tokens") ? "length" : reason;
      case "failed", "cancelled" -> ended;
      default -> null;
    };
  }

  void clear() {
    type = null;
    object = null;
    delta = null;
    status = null;
    reason = null;
    itemType = null;
    itemName = null;
    itemArguments = null;
    partType = null;
    partText = null;
    hasSummary = false;
    wholes.clear();
  }
}
