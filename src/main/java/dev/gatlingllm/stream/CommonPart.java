package dev.gatlingllm.stream;

import static dev.gatlingllm.stream.ChunkPart.count;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What chunks of several APIs have: an id, the usage, and the errors that are sent instead. */
enum CommonPart implements ChunkPart {
  DOCUMENT {
    @Override
    public @Nullable ChunkPart at(String field, Chunk chunk) {
      return switch (field) {
        case "usage" -> USAGE;
        case "error", "detail" -> ERROR;
        default -> {
          for (ChunkPart dialect : DIALECTS) {
            ChunkPart part = dialect.at(field, chunk);
            if (part != null) {
              yield part;
            }
          }
          yield null;
        }
      };
    }

    @Override
    public void value(String field, JsonParser json, Chunk chunk) throws IOException {
      switch (field) {
        case "id" -> chunk.identify(json);
        case "object" ->
            chunk.complains |= json.getTextLength() == 5 && "error".equals(json.getText());
        case "error" -> error("message", true, json, chunk);
        case "message", "msg", "detail" -> {
          chunk.complains = true;
          chunk.outerError.put(field, json.getText());
        }
        case "type", "error_type", "code" -> chunk.outerError.put(field, json.getText());
        default -> {}
      }
      for (ChunkPart dialect : DIALECTS) {
        dialect.value(field, json, chunk);
      }
    }

    @Override
    public void end(Chunk chunk) {
      DIALECTS.forEach(dialect -> dialect.end(chunk));
      chunk.endOutput();
    }
  },
  USAGE {
    @Override
    public @Nullable ChunkPart at(String field, Chunk chunk) {
      return switch (field) {
        case "prompt_tokens_details", "input_tokens_details" -> PROMPT_DETAILS;
        case "completion_tokens_details", "output_tokens_details" -> OUTPUT_DETAILS;
        default -> null;
      };
    }

    @Override
    public void value(String field, JsonParser json, Chunk chunk) throws IOException {
      chunk.counts.usage(field, count(json));
    }
  },
  PROMPT_DETAILS {
    @Override
    public void value(String field, JsonParser json, Chunk chunk) throws IOException {
      if (field.equals("cached_tokens")) {
        chunk.counts.usage(field, count(json));
      }
    }
  },
  OUTPUT_DETAILS {
    @Override
    public void value(String field, JsonParser json, Chunk chunk) throws IOException {
      if (OF_OUTPUT.contains(field)) {
        chunk.counts.usage(field, count(json));
      }
    }
  },
  ERROR {
    @Override
    public void begin(String field, Chunk chunk) {
      chunk.inError = field.equals("error");
      chunk.complains = true;
    }

    @Override
    public void value(String field, JsonParser json, Chunk chunk) throws IOException {
      error(field.isEmpty() ? "message" : field, chunk.inError, json, chunk);
    }
  };

  private static final Set<String> OF_OUTPUT =
      Set.of("reasoning_tokens", "thinking_tokens", "rejected_prediction_tokens");

  /** What each API has in its chunks. */
  private static final List<ChunkPart> DIALECTS =
      List.of(
          OpenAiPart.DOCUMENT,
          OllamaPart.DOCUMENT,
          MessagesPart.DOCUMENT,
          ResponsesPart.DOCUMENT,
          EmbeddingsPart.DOCUMENT);

  /** Takes a field of an error; one that says nothing, such as {@code "code":0}, is no error. */
  static void error(String field, boolean certain, JsonParser json, Chunk chunk)
      throws IOException {
    String words = json.getText();
    boolean says =
        json.currentToken() == JsonToken.VALUE_STRING ? !words.isBlank() : count(json) > 0;
    if (says) {
      chunk.innerError.put(field, words);
      chunk.hasError |= certain;
      chunk.complains = true;
    }
  }
}
