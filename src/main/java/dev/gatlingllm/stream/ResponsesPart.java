package dev.gatlingllm.stream;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The parts of OpenAI's Responses API. Only deltas are output: the events named {@code …done}, and
 * the response in the last event, repeat it.
 */
enum ResponsesPart implements ChunkPart {
  /** An event of a stream, or a response that is not streamed. */
  DOCUMENT {
    @Override
    public @Nullable ChunkPart at(String field, Chunk chunk) {
      return field.equals("response")
          ? RESPONSE
          : field.equals("item") ? ITEM : partOfResponse(field, chunk);
    }

    @Override
    public void value(String field, JsonParser json, Chunk chunk) throws IOException {
      chunk.responses.put(field, json);
    }

    @Override
    public void end(Chunk chunk) {
      chunk.responses.end(chunk);
    }
  },
  /** The response in an event. */
  RESPONSE {
    @Override
    public @Nullable ChunkPart at(String field, Chunk chunk) {
      return switch (field) {
        case "usage" -> CommonPart.USAGE;
        case "error" -> CommonPart.ERROR;
        default -> partOfResponse(field, chunk);
      };
    }

    @Override
    public void value(String field, JsonParser json, Chunk chunk) throws IOException {
      switch (field) {
        case "id" -> chunk.identify(json);
        case "status" -> chunk.responses.put(field, json);
        default -> {}
      }
    }
  },
  /** Why a response is incomplete. */
  DETAILS {
    @Override
    public void value(String field, JsonParser json, Chunk chunk) throws IOException {
      if (field.equals("reason")) {
        chunk.responses.putReason(json);
      }
    }
  },
  /** An item that begins, or whose output came before. */
  ITEM {
    @Override
    public void value(String field, JsonParser json, Chunk chunk) throws IOException {
      chunk.responses.putItem(field, json);
    }

    @Override
    public void end(Chunk chunk) {
      chunk.responses.endItem();
    }
  },
  /** An item with its output. */
  WHOLE_ITEM {
    @Override
    public @Nullable ChunkPart at(String field, Chunk chunk) {
      return switch (field) {
        case "content" -> CONTENT;
        case "summary" -> SUMMARY;
        default -> null;
      };
    }

    @Override
    public void value(String field, JsonParser json, Chunk chunk) throws IOException {
      chunk.responses.putItem(field, json);
    }

    @Override
    public void end(Chunk chunk) {
      chunk.responses.endWholeItem();
    }
  },
  CONTENT {
    @Override
    public void value(String field, JsonParser json, Chunk chunk) throws IOException {
      chunk.responses.putPart(field, json);
    }

    @Override
    public void end(Chunk chunk) {
      chunk.responses.endPart(false);
    }
  },
  SUMMARY {
    @Override
    public void value(String field, JsonParser json, Chunk chunk) throws IOException {
      chunk.responses.putPart(field, json);
    }

    @Override
    public void end(Chunk chunk) {
      chunk.responses.endPart(true);
    }
  };

  private static @Nullable ChunkPart partOfResponse(String field, Chunk chunk) {
    return switch (field) {
      case "output" -> chunk.hadDelta ? ITEM : WHOLE_ITEM;
      case "incomplete_details" -> DETAILS;
      default -> null;
    };
  }
}
