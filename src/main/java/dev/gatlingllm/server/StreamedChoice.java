package dev.gatlingllm.server;

import dev.gatlingllm.server.engine.Generation;
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
  private int come;
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
  public void admitted(long nanos) {
    response.admitted(choice, nanos);
  }

  @Override
  public void prefillStarted(int cachedTokens, long nanos) {
    response.prefillStarted(choice, cachedTokens, nanos);
  }

  @Override
  public void prefillEnded(long nanos) {
    response.prefillEnded(nanos);
  }

  @Override
  public void tokens(int count, long dueNanos) {
    EventChunk chunk = response.chunk();
    for (int i = 0; i < count; i++) {
      token(chunk.events(), ++come, dueNanos);
    }
    response.write(chunk);
  }

  private void token(ByteBuf out, int end, long dueNanos) {
    if (end < chunkEnd && end < partEnd) {
      // it waits for the rest of its chunk
      return;
    }
    if (written == partBegin && part.call() != null) {
      response.writeToolOpener(out, choice, part.call());
    }
    response.writes(end - written, dueNanos);
    events.write(out, part, written - partBegin, end - partBegin);
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
