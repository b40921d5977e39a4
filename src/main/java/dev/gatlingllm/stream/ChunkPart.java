package dev.gatlingllm.stream;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A part of a chunk, by its meaning. An array is not a part: its elements belong to the part that
 * the array's field leads to, so that an array of one and the bare object read the same. Some
 * servers send either.
 *
 * <p>A dialect is an enum of the parts of one API. {@link CommonPart#DOCUMENT} asks each of them
 * for the fields of a chunk that it does not know itself.
 */
interface ChunkPart {

  /** Returns the part that a field of this part leads to, or null where it is not read. */
  default @Nullable ChunkPart at(String field, Chunk chunk) {
    return null;
  }

  /** Called before the fields of an object, or the elements of an array, that a field leads to. */
  default void begin(String field, Chunk chunk) {}

  /** Called after the last field of an object. */
  default void end(Chunk chunk) {}

  /**
   * Takes a field with a plain value other than null.
   *
   * @param field its name; "" for an element of an array
   * @param json is at the value
   */
  default void value(String field, JsonParser json, Chunk chunk) throws IOException {}

  /** Returns a count of tokens, or −1 for anything else. */
  static int count(JsonParser json) throws IOException {
    if (!json.currentToken().isNumeric()) {
      return -1;
    }
    double value = json.getDoubleValue();
    return value >= 0 && value <= Integer.MAX_VALUE ? (int) value : -1;
  }
}
