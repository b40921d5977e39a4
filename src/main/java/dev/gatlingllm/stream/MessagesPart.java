package dev.gatlingllm.stream;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The parts of Anthropic's Messages API. Events are told apart by the {@code type} in their data.
 * Their names add nothing to it, and some gateways leave them out.
 */
enum MessagesPart implements ChunkPart {
  /** An event of a stream, or the message of a response that is not streamed. */
  DOCUMENT {
    @Override
    public @Nullable ChunkPart at(String field, Chunk chunk) {
      return switch (field) {
        case "message" -> MESSAGE;
        case "content_block", "content" -> BLOCK;
        case "delta" -> DELTA;
        default -> null;
      };
    }

    @Override
    public void value(String field, JsonParser json, Chunk chunk) throws IOException {
      switch (field) {
        case "type" -> {
          String type = json.getText();
          if (TYPES.contains(type)) {
            chunk.known = true;
            chunk.counts.excludesCached = true;
            chunk.lastEvent = type.equals("message_start") ? LAST : chunk.lastEvent;
            chunk.isLast |= type.equals(LAST);
          }
        }
        case "stop_reason" -> chunk.finish(finishReason(json));
        default -> {}
      }
    }
  },
  /** The response in {@code message_start}: its id and a first usage. */
  MESSAGE {
    @Override
    public @Nullable ChunkPart at(String field, Chunk chunk) {
      return "usage".equals(field) ? FIRST_USAGE : null;
    }

    @Override
    public void value(String field, JsonParser json, Chunk chunk) throws IOException {
      if (field.equals("id")) {
        chunk.identify(json);
      }
    }
  },
  /**
   * The usage in {@code message_start}. Its output tokens are a first value, often 1, and not those
   * of a response that breaks off before the last usage.
   */
  FIRST_USAGE {
    @Override
    public @Nullable ChunkPart at(String field, Chunk chunk) {
      return "output_tokens_details".equals(field) ? null : CommonPart.USAGE.at(field, chunk);
    }

    @Override
    public void value(String field, JsonParser json, Chunk chunk) throws IOException {
      if (!field.equals("output_tokens")) {
        CommonPart.USAGE.value(field, json, chunk);
      }
    }
  },
  /**
   * A block of content: empty at the start of a stream's block, and whole in a response that is not
   * streamed. The name of a tool is generated, so that it is output, as in a chat.
   */
  BLOCK {
    @Override
    public @Nullable ChunkPart at(String field, Chunk chunk) {
      return "input".equals(field) ? INPUT : null;
    }

    @Override
    public void value(String field, JsonParser json, Chunk chunk) throws IOException {
      switch (field) {
        case "text" -> chunk.addOutput(Chunk.Kind.CONTENT, chunk.text, json);
        // redacted thinking is encrypted, and comes as a whole
        case "thinking", "data" -> chunk.addOutput(Chunk.Kind.REASONING, null, json);
        case "name" -> chunk.addOutput(Chunk.Kind.TOOL_CALL, null, json);
        default -> {}
      }
    }
  },
  /** The arguments of a tool as an object, whose texts are kept without its structure. */
  INPUT {
    @Override
    public ChunkPart at(String field, Chunk chunk) {
      return INPUT;
    }

    @Override
    public void value(String field, JsonParser json, Chunk chunk) throws IOException {
      chunk.addOutput(Chunk.Kind.TOOL_CALL, chunk.toolArguments, json);
    }
  },
  /** What a block has more, or why the message has ended. */
  DELTA {
    @Override
    public void value(String field, JsonParser json, Chunk chunk) throws IOException {
      switch (field) {
        case "text" -> chunk.addOutput(Chunk.Kind.CONTENT, chunk.text, json);
        case "thinking" -> chunk.addOutput(Chunk.Kind.REASONING, null, json);
        case "partial_json" -> chunk.addOutput(Chunk.Kind.TOOL_CALL, chunk.toolArguments, json);
        case "stop_reason" -> chunk.finish(finishReason(json));
        default -> {}
      }
    }
  };

  private static final String LAST = "message_stop";

  /** The events, and the type of a whole response. */
  private static final Set<String> TYPES =
      Set.of(
          "message",
          "message_start",
          "content_block_start",
          "content_block_delta",
          "content_block_stop",
          "message_delta",
          LAST,
          "ping");

  /** Returns the reason in the terms of the chat API, an unknown reason unchanged, or null. */
  private static @Nullable String finishReason(JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.VALUE_STRING) {
      return null;
    }
    String reason = json.getText();
    return switch (reason) {
      case "" -> null;
      case "end_turn", "stop_sequence", "pause_turn" -> "stop";
      case "max_tokens", "model_context_window_exceeded" -> "length";
      case "tool_use" -> "tool_calls";
      case "refusal" -> "content_filter";
      default -> reason;
    };
  }
}
