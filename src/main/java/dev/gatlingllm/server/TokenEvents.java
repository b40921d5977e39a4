package dev.gatlingllm.server;

import io.netty.buffer.ByteBuf;

/** Writes a choice's tokens as events. Used on one event loop. */
interface TokenEvents {

  /**
   * Writes the event of some tokens of one part, unless they say nothing.
   *
   * @param from the first, as the part counts them
   * @param to one after the last
   */
  void write(ByteBuf out, ReplyPart part, int from, int to);
}
