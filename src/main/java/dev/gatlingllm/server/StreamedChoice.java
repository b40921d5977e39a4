package dev.gatlingllm.server;

import io.netty.buffer.ByteBuf;
import java.util.Iterator;

/** Writes one choice of a streamed reply as its tokens come. */
final class StreamedChoice implements Generation.Listener {

  private final StreamedReply response;
  private final Choice choice;
  private final TokenEvents events;
  private final ChunkLengths chunkLengths;

  private final Iterator<ReplyPart> parts;
  private ReplyPart part;
  private int partBegin;
  private int partEnd;
  private int written;
  private int chunkEnd = 1;

  StreamedChoice(
      StreamedReply response, Choice choice, TokenEvents events, ChunkLengths chunkLengths) {
    this.response = response;
    this.choice = choice;
    this.events = events;
    this.chunkLengths = chunkLengths;
    parts = choice.reply().parts().iterator();
    nextPart();
  }

  @Override
  public void admitted(int cachedTokens) {
    response.admitted(choice, cachedTokens);
  }

  @Override
  public void token(int token) {
    int end = token + 1;
    if (end < chunkEnd && end < partEnd) {
      // it waits for the rest of its chunk
      return;
    }
    if (written == partBegin && part.call() != null) {
      response.toolOpener(choice, part.call());
    }
    ByteBuf event = events.of(part, written - partBegin, end - partBegin);
    response.tokens(end - written, event);
    written = end;
    chunkEnd = end + chunkLengths.next();
    if (end == partEnd && parts.hasNext()) {
      nextPart();
    }
  }

  @Override
  public void finished() {
    response.finished(choice);
  }

  private void nextPart() {
    part = parts.next();
    partBegin = partEnd;
    partEnd += part.tokens();
  }
}
