package dev.gatlingllm.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.JsonNode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** Server-sent events: a line of data and an empty line. */
final class Events {

  static final byte[] FIELD = "data: ".getBytes(US_ASCII);
  static final byte[] END = "\n\n".getBytes(US_ASCII);

  private static final byte[] DONE = "data: [DONE]\n\n".getBytes(US_ASCII);

  private Events() {}

  static ByteBuf of(JsonNode data) {
    return Unpooled.wrappedBuffer(FIELD, Json.bytes(data), END);
  }

  static void write(ByteBuf out, JsonNode data) {
    out.writeBytes(FIELD).writeBytes(Json.bytes(data)).writeBytes(END);
  }

  /** The event that ends every stream. */
  static ByteBuf done() {
    return Unpooled.wrappedBuffer(DONE);
  }
}
