package dev.gatlingllm.stream;

import static dev.gatlingllm.stream.ChunkPart.count;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The parts of OpenAI's chat and text completions, in the dialects of many servers. */
enum OpenAiPart implements ChunkPart {
  DOCUMENT {
    @Override
    public @Nullable ChunkPart at(String field, Chunk chunk) {
      return switch (field) {
        case "choices" -> CHOICE;
        case "timings" -> TIMINGS;
        case "x_groq" -> EXTENSION;
        case "base_resp" -> BASE_RESPONSE;
        default -> null;
      };
    }
  },
  CHOICE {
    @Override
    public @Nullable ChunkPart at(String field, Chunk chunk) {
      return switch (field) {
        case "delta" -> MESSAGE;
        // a stream's last chunk may repeat as a message what came as deltas
        case "message" -> chunk.hadDelta ? null : MESSAGE;
        case "usage" -> CommonPart.USAGE;
        default -> null;
      };
    }

    @Override
    public void begin(String field, Chunk chunk) {
      chunk.known = true;
      chunk.beginChoice();
    }

    @Override
    public void end(Chunk chunk) {
      chunk.endChoice();
    }

    @Override
    public void value(String field, JsonParser json, Chunk chunk) throws IOException {
      switch (field) {
        case "text" -> {
          chunk.source = Chunk.Source.TEXT;
          chunk.addOutput(Chunk.Kind.CONTENT, chunk.text, json);
        }
        case "index" -> chunk.choice(count(json));
        case "finish_reason" -> {
          // some servers say "" or "null" as long as the response goes on
          if (json.currentToken() == JsonToken.VALUE_STRING
              && json.getTextLength() > 0
              && !json.getText().equals("null")) {
            chunk.finishReason = json.getText();
          }
        }
        default -> {}
      }
    }
  },
  MESSAGE {
    @Override
    public @Nullable ChunkPart at(String field, Chunk chunk) {
      return switch (field) {
        case "content" -> CONTENT;
        case "reasoning_content", "reasoning", "reasoning_details" -> REASONING;
        case "tool_calls" -> TOOL_CALL;
        case "function_call" -> FUNCTION;
        default -> null;
      };
    }

    @Override
    public void begin(String field, Chunk chunk) {
      chunk.source = field.equals("delta") ? Chunk.Source.DELTA : Chunk.Source.MESSAGE;
    }

    @Override
    public void value(String field, JsonParser json, Chunk chunk) throws IOException {
      switch (field) {
        case "content", "refusal" -> chunk.addOutput(Chunk.Kind.CONTENT, chunk.text, json);
        case "reasoning_content", "reasoning" -> chunk.addOutput(Chunk.Kind.REASONING, null, json);
        default -> {}
      }
    }
  },
  /**
   * Text in parts, as Mistral sends it: {@code [{"type":"text","text":"…"}]}. Databricks has parts
   * of reasoning whose {@code summary} is its text.
   */
  CONTENT {
    @Override
    public @Nullable ChunkPart at(String field, Chunk chunk) {
      return "thinking".equals(field) || "summary".equals(field) ? REASONING : null;
    }

    @Override
    public void value(String field, JsonParser json, Chunk chunk) throws IOException {
      switch (field) {
        case "", "text", "refusal" -> chunk.addOutput(Chunk.Kind.CONTENT, chunk.text, json);
        case "thinking" -> chunk.addOutput(Chunk.Kind.REASONING, null, json);
        default -> {}
      }
    }
  },
  /**
   * Reasoning in parts: {@code [{"type":"thinking","thinking":[…]}]}, {@code reasoning_details}.
   */
  REASONING {
    @Override
    public void value(String field, JsonParser json, Chunk chunk) throws IOException {
      switch (field) {
        case "summary" -> {
          chunk.summarizes = true;
          chunk.addOutput(Chunk.Kind.REASONING, null, json);
        }
        case "", "text", "thinking" -> chunk.addOutput(Chunk.Kind.REASONING, null, json);
        default -> {}
      }
    }
  },
  TOOL_CALL {
    @Override
    public @Nullable ChunkPart at(String field, Chunk chunk) {
      return "function".equals(field) ? FUNCTION : null;
    }
  },
  FUNCTION {
    @Override
    public void value(String field, JsonParser json, Chunk chunk) throws IOException {
      switch (field) {
        case "arguments" -> chunk.addOutput(Chunk.Kind.TOOL_CALL, chunk.toolArguments, json);
        case "name" -> chunk.addOutput(Chunk.Kind.TOOL_CALL, null, json);
        default -> {}
      }
    }
  },
  /** llama.cpp's own counts. */
  TIMINGS {
    @Override
    public void value(String field, JsonParser json, Chunk chunk) throws IOException {
      chunk.counts.timings(field, count(json));
    }
  },
  /** What a gateway adds to the usual fields: {@code x_groq}. */
  EXTENSION {
    @Override
    public @Nullable ChunkPart at(String field, Chunk chunk) {
      return switch (field) {
        case "usage" -> CommonPart.USAGE;
        case "error" -> CommonPart.ERROR;
        default -> null;
      };
    }

    @Override
    public void value(String field, JsonParser json, Chunk chunk) throws IOException {
      if (field.equals("error")) {
        CommonPart.error("message", true, json, chunk);
      }
    }
  },
  /** MiniMax's status, which is also there when all is well. */
  BASE_RESPONSE {
    @Override
    public void value(String field, JsonParser json, Chunk chunk) throws IOException {
      chunk.innerError.put(field, json.getText());
      chunk.hasError |= field.equals("status_code") && count(json) > 0;
    }
  };
}
