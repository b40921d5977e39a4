package dev.gatlingllm.stream;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The parts of responses that are no text: embeddings of OpenAI and of Ollama, and the relevance of
 * documents.
 */
enum EmbeddingsPart implements ChunkPart {
  DOCUMENT {
    @Override
    public @Nullable ChunkPart at(String field, Chunk chunk) {
      return switch (field) {
        case "data", "results" -> RESULT;
        case "embeddings" -> NUMBERS;
        default -> null;
      };
    }
  },
  RESULT {
    @Override
    public @Nullable ChunkPart at(String field, Chunk chunk) {
      return field.equals("embedding") ? NUMBERS : null;
    }

    @Override
    public void value(String field, JsonParser json, Chunk chunk) throws IOException {
      // an embedding is a string in Base64
      chunk.hasNumbers |=
          (field.equals("embedding") && json.getTextLength() > 0)
              || field.equals("relevance_score");
    }
  },
  /** The numbers of embeddings; some servers write null for a number that is not finite. */
  NUMBERS {
    @Override
    public ChunkPart at(String field, Chunk chunk) {
      return this;
    }

    @Override
    public void value(String field, JsonParser json, Chunk chunk) {
      chunk.hasNumbers = true;
    }
  }
}
