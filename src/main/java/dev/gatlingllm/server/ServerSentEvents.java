package dev.gatlingllm.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.JsonNode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Encodes server-sent events: a line of data and an empty line. Data with a {@code type} is an
 * event of this name.
 */
final class ServerSentEvents {

  static final byte[] FIELD = "data: ".getBytes(US_ASCII);
  static final byte[] END = "\n\n".getBytes(US_ASCII);
  static final byte[] DONE = "data: [DONE]\n\n".getBytes(US_ASCII);

  private ServerSentEvents() {}

  static ByteBuf of(JsonNode data) {
    return Unpooled.wrappedBuffer(fieldsBefore(data), Json.bytes(data), END);
  }

  /** Returns what comes before the data. */
  static byte[] fieldsBefore(JsonNode data) {
    String type = data.path("type").asText();
    return type.isEmpty() ? FIELD : ("event: " + type + "\ndata: ").getBytes(US_ASCII);
  }

  static ByteBuf of(byte[] data) {
    return Unpooled.wrappedBuffer(FIELD, data, END);
  }

  static void write(ByteBuf out, JsonNode data) {
    out.writeBytes(fieldsBefore(data)).writeBytes(Json.bytes(data)).writeBytes(END);
  }

  /** Returns the event that ends every stream. */
  static ByteBuf done() {
    return Unpooled.wrappedBuffer(DONE);
  }
}
