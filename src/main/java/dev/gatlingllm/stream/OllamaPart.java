package dev.gatlingllm.stream;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The parts of Ollama's own chat, a stream of lines of JSON, each with what is new in the message.
 * The last one has {@code done} and the counts, of which those that are 0 are left out.
 */
enum OllamaPart implements ChunkPart {
  DOCUMENT {
    @Override
    public @Nullable ChunkPart at(String field, Chunk chunk) {
      return field.equals("message") ? MESSAGE : null;
    }

    @Override
    public void value(String field, JsonParser json, Chunk chunk) throws IOException {
      switch (field) {
        case "done" -> {
          chunk.known |= json.currentToken().isBoolean();
          chunk.isLast |= json.currentToken() == JsonToken.VALUE_TRUE;
          chunk.lastEvent =
              json.currentToken() == JsonToken.VALUE_FALSE ? "\"done\":true" : chunk.lastEvent;
        }
        case "done_reason" -> chunk.finish(json.getText());
        case "prompt_eval_count" -> chunk.counts.usage("prompt_tokens", ChunkPart.count(json));
        case "eval_count" -> chunk.counts.usage("completion_tokens", ChunkPart.count(json));
        default -> {}
      }
    }
  },
  /** What is new in the message. {@code message_start} of the Messages API has one, too. */
  MESSAGE {
    @Override
    public @Nullable ChunkPart at(String field, Chunk chunk) {
      return field.equals("tool_calls") ? CALL : MessagesPart.MESSAGE.at(field, chunk);
    }

    @Override
    public void value(String field, JsonParser json, Chunk chunk) throws IOException {
      switch (field) {
        case "content" -> chunk.addOutput(Chunk.Kind.CONTENT, chunk.text, json);
        case "thinking" -> chunk.addOutput(Chunk.Kind.REASONING, null, json);
        default -> MessagesPart.MESSAGE.value(field, json, chunk);
      }
    }
  },
  /** A call of a tool, which comes whole. */
  CALL {
    @Override
    public @Nullable ChunkPart at(String field, Chunk chunk) {
      return switch (field) {
        case "function" -> CALL;
        case "arguments" -> MessagesPart.INPUT;
        default -> null;
      };
    }

    @Override
    public void value(String field, JsonParser json, Chunk chunk) throws IOException {
      if (field.equals("name")) {
        chunk.addOutput(Chunk.Kind.TOOL_CALL, null, json);
      }
    }
  };
}
