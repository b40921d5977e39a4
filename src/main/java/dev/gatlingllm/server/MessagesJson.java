package dev.gatlingllm.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatlingllm.server.Completion.FinishReason;
import dev.gatlingllm.server.Completion.Part;
import dev.gatlingllm.server.ServerSettings.UsageReport;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Builds the JSON of one response of Anthropic's Messages API. Each part of the completion is a
 * block of content.
 */
record MessagesJson(String id, String model, Completion completion, ServerSettings settings)
    implements ResponseJson {

  private static final String SIGNATURE = "c2ltdWxhdGVk";

  @Override
  public ObjectNode whole(List<ObjectNode> choices, Usage usage) {
    ObjectNode message = message();
    message.setAll(choices.get(0));
    return withUsage(message, usage);
  }

  private ObjectNode message() {
    ObjectNode message = Json.object();
    message
        .put("id", id)
        .put("type", "message")
        .put("role", "assistant")
        .put("model", model)
        .putArray("content");
    return message.putNull("stop_reason").putNull("stop_sequence");
  }

  @Override
  public ObjectNode choice(ResponseChoice choice) {
    ObjectNode json = Json.object();
    ArrayNode content = json.putArray("content");
    completion.parts().stream()
        .filter(part -> !hides(part))
        .forEach(part -> content.add(block(part, part.allText())));
    return finish(json);
  }

  private static ObjectNode block(Part part, String text) {
    ObjectNode block = Json.object();
    return switch (part.kind()) {
      case CONTENT -> block.put("type", "text").put("text", text);
      case REASONING ->
          block
              .put("type", "thinking")
              .put("thinking", text)
              .put("signature", text.isEmpty() ? "" : SIGNATURE);
      case TOOL_CALL ->
          block
              .put("type", "tool_use")
              .put("id", part.requireCall().id())
              .put("name", part.requireCall().name())
              .set("input", input(text));
    };
  }

  /** Returns the arguments; none where the completion ended among them. */
  private static JsonNode input(String arguments) {
    try {
      return Json.parse(arguments.getBytes(StandardCharsets.UTF_8));
    } catch (OpenAiError incomplete) {
      return Json.object();
    }
  }

  @Override
  public List<ObjectNode> prefill(Usage usage) {
    ObjectNode start = event("message_start");
    start.set("message", withUsage(message(), usage));
    return List.of(start, event("ping"));
  }

  @Override
  public List<ObjectNode> begin(int index, Part part) {
    return hides(part)
        ? List.of()
        : List.of(of("content_block_start", part).set("content_block", block(part, "")));
  }

  @Override
  public TokenEventWriter events(ResponseChoice choice, boolean continuousUsage) {
    return new TokenEventWriter.TextOnly(this, choice.index());
  }

  @Override
  public ObjectNode tokens(int index, Part part, String text, @Nullable ObjectNode logprobs) {
    ObjectNode event = of("content_block_delta", part);
    ObjectNode delta = event.putObject("delta");
    switch (part.kind()) {
      case CONTENT -> delta.put("type", "text_delta").put("text", text);
      case REASONING -> delta.put("type", "thinking_delta").put("thinking", text);
      case TOOL_CALL -> delta.put("type", "input_json_delta").put("partial_json", text);
    }
    return event;
  }

  @Override
  public List<ObjectNode> end(Part part) {
    ObjectNode stop = of("content_block_stop", part);
    if (hides(part)) {
      return List.of();
    }
    if (part.kind() != Completion.PartKind.REASONING) {
      return List.of(stop);
    }
    ObjectNode signature = of("content_block_delta", part);
    signature.putObject("delta").put("type", "signature_delta").put("signature", SIGNATURE);
    return List.of(signature, stop);
  }

  private static ObjectNode event(String type) {
    return Json.object().put("type", type);
  }

  private ObjectNode of(String type, Part part) {
    return event(type).put("index", position(completion, part));
  }

  @Override
  public ObjectNode finish(ResponseChoice choice) {
    ObjectNode event = event("message_delta");
    finish(event.putObject("delta"));
    return event;
  }

  private ObjectNode finish(ObjectNode json) {
    String stop = completion.stopString();
    String reason =
        completion.finishReason() == FinishReason.LENGTH
            ? "max_tokens"
            : completion.finishReason() == FinishReason.TOOL_CALLS
                ? "tool_use"
                : stop == null ? "end_turn" : "stop_sequence";
    return json.put("stop_reason", reason).put("stop_sequence", stop);
  }

  @Override
  public ObjectNode failedFinish(ResponseChoice choice) {
    ObjectNode event = event("message_delta");
    event.putObject("delta").put("stop_reason", "error");
    return event;
  }

  @Override
  public ObjectNode lastFinish(ResponseChoice choice, Usage usage) {
    return withUsage(finish(choice), usage);
  }

  /** Adds the usage, of which {@code input_tokens} are the prompt's without the cached ones. */
  private ObjectNode withUsage(ObjectNode json, Usage usage) {
    if (settings.usageReport == UsageReport.NONE) {
      return json;
    }
    int cached = usage.cached();
    boolean reported = settings.reportCachedTokens;
    ObjectNode counts =
        json.putObject("usage").put("input_tokens", usage.prompt() - (reported ? cached : 0));
    if (reported && (cached > 0 || settings.reportZeroCachedTokens)) {
      counts.put("cache_creation_input_tokens", 0).put("cache_read_input_tokens", cached);
    }
    counts.put("output_tokens", settings.usageReport == UsageReport.ZERO ? 0 : usage.completion());
    if (usage.reasoning() > 0) {
      counts.putObject("output_tokens_details").put("thinking_tokens", usage.reasoning());
    }
    return json;
  }

  @Override
  public Optional<ByteBuf> last() {
    return Optional.of(ServerSentEvents.of(event("message_stop")));
  }

  @Override
  public String lastMark() {
    return "\"message_stop\"";
  }

  @Override
  public String finishMark() {
    return "\"stop_reason\":\"";
  }
}
