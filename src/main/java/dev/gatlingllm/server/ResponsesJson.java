package dev.gatlingllm.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatlingllm.server.Completion.FinishReason;
import dev.gatlingllm.server.Completion.Part;
import dev.gatlingllm.server.ServerSettings.UsageReport;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Builds the JSON of one response of OpenAI's Responses API. Each part of the completion is an item
 * of the output. Numbers the events in the order in which they are built, so that each of them must
 * be sent. Used on one event loop.
 */
final class ResponsesJson implements ResponseJson {

  private final String id;
  private final String model;
  private final long created;
  private final Completion completion;
  private final ServerSettings settings;
  private final Runnable onComplete;
  private int events;

  /**
   * @param created the start of the response, in seconds since 1970
   * @param onComplete called when the response is complete, before its end is sent
   */
  ResponsesJson(
      String id,
      String model,
      long created,
      Completion completion,
      ServerSettings settings,
      Runnable onComplete) {
    this.id = id;
    this.model = model;
    this.created = created;
    this.completion = completion;
    this.settings = settings;
    this.onComplete = onComplete;
  }

  @Override
  public ObjectNode whole(List<ObjectNode> choices, Usage usage) {
    return response(status(), usage);
  }

  @Override
  public ObjectNode choice(ResponseChoice choice) {
    // there is one choice, of which the whole response is made
    return Json.object();
  }

  private String status() {
    return completion.finishReason() == FinishReason.LENGTH ? "incomplete" : "completed";
  }

  /**
   * Returns the response.
   *
   * @param usage null while the response goes on
   */
  private ObjectNode response(String status, @Nullable Usage usage) {
    ObjectNode json = Json.object();
    json.put("id", id).put("object", "response").put("created_at", created).put("status", status);
    json.putNull("error").putNull("incomplete_details").putNull("instructions");
    if (status.equals("incomplete")) {
      json.putObject("incomplete_details").put("reason", "max_output_tokens");
    }
    json.put("model", model).put("parallel_tool_calls", true).put("temperature", 1.0);
    json.put("tool_choice", "auto").put("top_p", 1.0).putNull("metadata").putArray("tools");
    ArrayNode output = json.putArray("output");
    if (usage != null) {
      completion.parts().stream()
          .filter(part -> !hides(part))
          .forEach(part -> output.add(item(part, "completed", part.allText())));
    }
    return json.set("usage", usage == null ? null : json(usage));
  }

  private @Nullable ObjectNode json(Usage usage) {
    if (settings.usageReport == UsageReport.NONE) {
      return null;
    }
    int output = settings.usageReport == UsageReport.ZERO ? 0 : usage.completion();
    ObjectNode json = Json.object().put("input_tokens", usage.prompt());
    if (settings.reportCachedTokens && (usage.cached() > 0 || settings.reportZeroCachedTokens)) {
      json.putObject("input_tokens_details")
          .put("cached_tokens", usage.cached())
          .put("cache_write_tokens", 0);
    }
    json.put("output_tokens", output);
    json.putObject("output_tokens_details").put("reasoning_tokens", usage.reasoning());
    return json.put("total_tokens", usage.prompt() + output);
  }

  private ObjectNode item(Part part, String status, @Nullable String text) {
    ObjectNode item = Json.object().put("id", itemId(part)).put("status", status);
    return switch (part.kind()) {
      case CONTENT ->
          item.put("type", "message").put("role", "assistant").set("content", content(part, text));
      case REASONING -> {
        item.put("type", "reasoning").putArray("summary");
        yield item.set("content", content(part, text));
      }
      case TOOL_CALL ->
          item.put("type", "function_call")
              .put("call_id", part.requireCall().id())
              .put("name", part.requireCall().name())
              .put("arguments", text == null ? "" : text);
    };
  }

  /** Returns the parts of an item's content: none as long as there is no text. */
  private static ArrayNode content(Part part, @Nullable String text) {
    ArrayNode content = Json.object().putArray("content");
    return text == null ? content : content.add(contentPart(part, text));
  }

  private static ObjectNode contentPart(Part part, String text) {
    if (part.kind() == Completion.PartKind.REASONING) {
      return Json.object().put("type", "reasoning_text").put("text", text);
    }
    ObjectNode json = Json.object().put("type", "output_text").put("text", text);
    json.putArray("annotations");
    json.putArray("logprobs");
    return json;
  }

  private String itemId(Part part) {
    String prefix =
        switch (part.kind()) {
          case CONTENT -> "msg_";
          case REASONING -> "rs_";
          case TOOL_CALL -> "fc_";
        };
    return id.replace(GenerationApi.RESPONSES.idPrefix, prefix) + "_" + position(completion, part);
  }

  private ObjectNode event(String type) {
    return Json.object().put("type", type).put("sequence_number", events++);
  }

  private ObjectNode event(String type, ObjectNode response) {
    return event(type).set("response", response);
  }

  /** Adds the place of a part: that of its item, and that of the only part of its content. */
  private ObjectNode at(Part part, ObjectNode event) {
    event.put("item_id", itemId(part)).put("output_index", position(completion, part));
    return part.kind() == Completion.PartKind.TOOL_CALL ? event : event.put("content_index", 0);
  }

  @Override
  public List<ObjectNode> opener(int index) {
    return List.of(
        event("response.created", response("in_progress", null)),
        event("response.in_progress", response("in_progress", null)));
  }

  @Override
  public List<ObjectNode> begin(int index, Part part) {
    if (hides(part)) {
      return List.of();
    }
    ObjectNode item = event("response.output_item.added");
    item.put("output_index", position(completion, part));
    item.set("item", item(part, "in_progress", null));
    if (part.kind() == Completion.PartKind.TOOL_CALL) {
      return List.of(item);
    }
    ObjectNode content = at(part, event("response.content_part.added"));
    return List.of(item, content.set("part", contentPart(part, "")));
  }

  @Override
  public TokenEventWriter events(ResponseChoice choice, boolean continuousUsage) {
    return new TokenEventWriter.TextOnly(this, choice.index()).numberedBy(() -> events++);
  }

  @Override
  public ObjectNode tokens(int index, Part part, String text, @Nullable ObjectNode logprobs) {
    ObjectNode event = at(part, Json.object().put("type", typeOf(part, "delta")));
    addLogprobs(part, event);
    return event.put("delta", text).put("sequence_number", events);
  }

  private static String typeOf(Part part, String moment) {
    return switch (part.kind()) {
      case CONTENT -> "response.output_text." + moment;
      case REASONING -> "response.reasoning_text." + moment;
      case TOOL_CALL -> "response.function_call_arguments." + moment;
    };
  }

  private static void addLogprobs(Part part, ObjectNode event) {
    if (part.kind() == Completion.PartKind.CONTENT) {
      event.putArray("logprobs");
    }
  }

  @Override
  public List<ObjectNode> end(Part part) {
    if (hides(part)) {
      return List.of();
    }
    boolean isCall = part.kind() == Completion.PartKind.TOOL_CALL;
    String text = part.allText();
    List<ObjectNode> events = new ArrayList<>(3);
    ObjectNode whole = at(part, event(typeOf(part, "done")));
    if (isCall) {
      events.add(whole.put("name", part.requireCall().name()).put("arguments", text));
    } else {
      addLogprobs(part, whole.put("text", text));
      events.add(whole);
      ObjectNode content = at(part, event("response.content_part.done"));
      events.add(content.set("part", contentPart(part, text)));
    }
    ObjectNode item =
        event("response.output_item.done").put("output_index", position(completion, part));
    events.add(item.set("item", item(part, "completed", text)));
    return events;
  }

  @Override
  public ServerSettings settings() {
    return settings;
  }

  @Override
  public ObjectNode finish(ResponseChoice choice) {
    throw new UnsupportedOperationException("a response of this API has one choice");
  }

  @Override
  public ObjectNode failedFinish(ResponseChoice choice) {
    ObjectNode response = response("failed", null);
    response.putObject("error").put("code", "server_error").put("message", "The model failed.");
    return event("response.failed", response);
  }

  @Override
  public void complete() {
    onComplete.run();
  }

  @Override
  public ObjectNode lastFinish(ResponseChoice choice, Usage usage) {
    return event("response." + status(), response(status(), usage));
  }

  @Override
  public String lastMark() {
    return "event: response." + status();
  }

  @Override
  public String finishMark() {
    return lastMark();
  }
}
