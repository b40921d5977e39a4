package dev.gatlingllm.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.JsonNode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** Encodes server-sent events: a line of data and an empty line. */
final class ServerSentEvents {

  static final byte[] FIELD = "data: ".getBytes(US_ASCII);
  static final byte[] END = "\n\n".getBytes(US_ASCII);
  static final byte[] DONE = "data: [DONE]\n\n".getBytes(US_ASCII);

  private ServerSentEvents() {}

  static ByteBuf of(JsonNode data) {
    return of(Json.bytes(data));
  }

  static ByteBuf of(byte[] data) {
    return Unpooled.wrappedBuffer(FIELD, data, END);
  }

  static void write(ByteBuf out, JsonNode data) {
    out.writeBytes(FIELD).writeBytes(Json.bytes(data)).writeBytes(END);
  }

  /** Returns the event that ends every stream. */
  static ByteBuf done() {
    return Unpooled.wrappedBuffer(DONE);
  }
}
