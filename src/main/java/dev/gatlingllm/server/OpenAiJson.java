package dev.gatlingllm.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatlingllm.server.Completion.Part;
import dev.gatlingllm.server.Completion.PartKind;
import dev.gatlingllm.server.Completion.ToolCall;
import dev.gatlingllm.server.ServerSettings.ReasoningField;
import dev.gatlingllm.server.ServerSettings.UsageReport;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Builds the JSON for one response of OpenAI's APIs, in the {@linkplain Dialect dialect} of the
 * settings.
 *
 * @param created the start of the response, in seconds since 1970
 */
record OpenAiJson(GenerationApi api, String id, String model, long created, ServerSettings settings)
    implements ResponseJson {

  /** Returns the usage without the cached and the reasoning tokens. */
  ObjectNode sums(Usage usage) {
    int completion = settings.usageReport == UsageReport.ZERO ? 0 : usage.completion();
    return Json.object()
        .put("prompt_tokens", usage.prompt())
        .put("completion_tokens", completion)
        .put("total_tokens", usage.prompt() + completion);
  }

  private ObjectNode usage(Usage usage) {
    ObjectNode json = sums(usage);
    int cached = usage.cached();
    if (settings.reportCachedTokens && (cached > 0 || settings.reportZeroCachedTokens)) {
      switch (settings.dialect) {
        case MOONSHOT -> json.put("cached_tokens", cached);
        case DEEPSEEK ->
            json.put("prompt_cache_hit_tokens", cached)
                .put("prompt_cache_miss_tokens", usage.prompt() - cached);
        case LLAMA_CPP -> {}
        default -> json.putObject("prompt_tokens_details").put("cached_tokens", cached);
      }
    }
    if (usage.reasoning() > 0) {
      json.putObject("completion_tokens_details").put("reasoning_tokens", usage.reasoning());
    }
    return json;
  }

  /** Adds the usage of a response, unless the settings have none. */
  private ObjectNode withUsage(ObjectNode response, Usage usage) {
    if (settings.usageReport == UsageReport.NONE) {
      return response;
    }
    if (settings.dialect == Dialect.LLAMA_CPP) {
      response
          .putObject("timings")
          .put("cache_n", usage.cached())
          .put("prompt_n", usage.prompt() - usage.cached())
          .put("predicted_n", usage.completion());
    }
    return response.set("usage", usage(usage));
  }

  @Override
  public ObjectNode whole(List<ObjectNode> choices, Usage usage) {
    ObjectNode response = frame(api.object);
    response.putArray("choices").addAll(choices);
    return withUsage(response, usage);
  }

  @Override
  public ObjectNode choice(ResponseChoice choice) {
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
    boolean reasons = completion.has(PartKind.REASONING);
    if (settings.dialect == Dialect.MISTRAL && reasons) {
      ArrayNode parts = message.putArray("content");
      parts.add(thinkingPart(completion.text(PartKind.REASONING)));
      parts.add(textPart(completion.text(PartKind.CONTENT)));
    } else if (reasons) {
      putReasoning(message, completion.text(PartKind.REASONING));
    }
    message.putNull("refusal");
    if (completion.has(PartKind.TOOL_CALL)) {
      ArrayNode calls = message.putArray("tool_calls");
      completion
          .parts(PartKind.TOOL_CALL)
          .forEach(part -> calls.add(toolCall(part.requireCall(), part.allText())));
    }
    return message;
  }

  /** Returns the first chunk of a chat, which contains only the role. */
  @Override
  public List<ObjectNode> opener(int index) {
    return api == GenerationApi.CHAT
        ? List.of(chunk(index, Json.object().put("role", "assistant").put("content", ""), "", null))
        : List.of();
  }

  /** Returns the chunk with a tool's id and name, which comes before its arguments. */
  @Override
  public List<ObjectNode> begin(int index, Part part) {
    return part.call() == null ? List.of() : List.of(toolOpener(index, part.requireCall()));
  }

  @Override
  public TokenEventWriter events(ResponseChoice choice, boolean continuousUsage) {
    return choice.logprobs() == null && !continuousUsage && !isCumulative()
        ? new TokenEventWriter.TextOnly(this, choice.index())
        : new TokenEventWriter.Detailed(this, choice, continuousUsage);
  }

  @Override
  public Optional<ByteBuf> last() {
    return Optional.of(ServerSentEvents.done());
  }

  @Override
  public String lastMark() {
    return "data: [DONE]";
  }

  @Override
  public String finishMark() {
    return "\"finish_reason\":\"";
  }

  @Override
  public ObjectNode tokens(int index, Part part, String text, @Nullable ObjectNode logprobs) {
    return chunk(index, delta(part, text), text, logprobs);
  }

  private ObjectNode delta(Part part, String text) {
    ObjectNode delta = Json.object();
    switch (part.kind()) {
      case CONTENT -> {
        if (settings.dialect == Dialect.MISTRAL) {
          delta.putArray("content").add(textPart(text));
        } else {
          delta.put("content", text);
        }
      }
      case REASONING -> putReasoning(delta, text);
      case TOOL_CALL -> {
        ObjectNode call = delta.putArray("tool_calls").addObject();
        call.put("index", part.requireCall().index()).putObject("function").put("arguments", text);
      }
    }
    return delta;
  }

  private void putReasoning(ObjectNode message, String text) {
    if (settings.dialect == Dialect.MISTRAL) {
      message.putArray("content").add(thinkingPart(text));
    } else if (settings.dialect == Dialect.MINIMAX) {
      message.putArray("reasoning_details").add(textPart(text));
    } else if (settings.reasoningField != ReasoningField.NONE) {
      message.put(settings.reasoningField.json(), text);
    }
  }

  private static ObjectNode thinkingPart(String text) {
    ObjectNode part = Json.object().put("type", "thinking");
    part.putArray("thinking").add(textPart(text));
    return part;
  }

  private static ObjectNode textPart(String text) {
    return Json.object().put("type", "text").put("text", text);
  }

  /** Returns whether each chunk repeats the text before it. */
  boolean isCumulative() {
    return settings.dialect == Dialect.DASHSCOPE;
  }

  private ObjectNode toolOpener(int index, ToolCall call) {
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

  @Override
  public ObjectNode finish(ResponseChoice choice) {
    ObjectNode chunk = chunk(choice.index(), Json.object(), "", null);
    finish(choiceOf(chunk), choice.completion());
    return chunk;
  }

  @Override
  public ObjectNode failedFinish(ResponseChoice choice) {
    ObjectNode chunk = chunk(choice.index(), Json.object(), "", null);
    choiceOf(chunk).put("finish_reason", "error");
    return chunk;
  }

  private static ObjectNode choiceOf(ObjectNode chunk) {
    return (ObjectNode) chunk.at("/choices/0");
  }

  @Override
  public ObjectNode lastFinish(ResponseChoice choice, Usage usage) {
    ObjectNode chunk = finish(choice);
    if (settings.usageReport == UsageReport.STAGED) {
      chunk.set("usage", sums(usage));
    } else if (settings.usageReport != UsageReport.NONE) {
      switch (settings.dialect) {
        case MOONSHOT -> choiceOf(chunk).set("usage", usage(usage));
        case GROQ -> chunk.putObject("x_groq").put("id", id).set("usage", usage(usage));
        default -> {}
      }
    }
    return chunk;
  }

  @Override
  public Optional<ObjectNode> usageChunk(ResponseChoice choice, Usage usage, boolean requested) {
    if (settings.dialect == Dialect.MINIMAX) {
      return Optional.of(whole(List.of(choice(choice)), usage));
    }
    boolean elsewhere = settings.dialect == Dialect.MOONSHOT || settings.dialect == Dialect.GROQ;
    if (!requested || elsewhere || settings.usageReport == UsageReport.NONE) {
      return Optional.empty();
    }
    ObjectNode chunk = frame(api.chunkObject);
    chunk.putArray("choices");
    return Optional.of(withUsage(chunk, usage));
  }

  /**
   * Returns the probabilities of some tokens; null unless requested and for other than content.
   *
   * @param offset the position of token {@code from} in the text, in characters
   */
  @Nullable ObjectNode logprobs(ResponseChoice choice, Part part, int from, int to, int offset) {
    Logprobs logprobs = choice.logprobs();
    if (logprobs == null || part.kind() != PartKind.CONTENT) {
      return null;
    }
    return api == GenerationApi.CHAT
        ? logprobs.chat(part.text(), from, to)
        : logprobs.completion(part.text(), from, to, offset);
  }

  private ObjectNode chunk(int index, JsonNode delta, String text, @Nullable ObjectNode logprobs) {
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
