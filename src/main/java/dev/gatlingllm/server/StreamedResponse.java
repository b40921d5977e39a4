package dev.gatlingllm.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatlingllm.prompt.SeededRandom;
import dev.gatlingllm.server.Completion.Part;
import dev.gatlingllm.server.GenerationRequest.Delivery;
import dev.gatlingllm.server.RequestTruth.RequestOutcome;
import dev.gatlingllm.server.ServerSettings.UsageReport;
import dev.gatlingllm.server.engine.Generation;
import io.netty.buffer.ByteBuf;
import java.util.Iterator;
import java.util.Optional;

/**
 * Streams a response: writes each token's event as soon as it is due. Headers, and a chat's
 * role-only chunk, are written when the request is admitted, before the prefill, so that a client
 * that counts them as the first token is noticed.
 */
final class StreamedResponse extends ResponseWriter {

  /** The random stream of chunk lengths; see {@link SimulatedModel} for the others. */
  private static final int CHUNK_LENGTHS = 5;

  private final Delivery delivery;
  private boolean begun;

  StreamedResponse(
      HttpExchange exchange,
      ResponseJson json,
      TruthRecorder truth,
      ServerSettings settings,
      Delivery delivery,
      int choices) {
    super(exchange, json, truth, settings, choices);
    this.delivery = delivery;
  }

  @Override
  Generation.Listener listener(ResponseChoice choice) {
    return new StreamListener(choice);
  }

  private void begin() {
    if (!begun) {
      begun = true;
      truth.recordFirstWrite();
      exchange.beginEvents();
    }
  }

  @Override
  void end(ResponseChoice choice, boolean last) {
    if (!last) {
      exchange.writeEvent(ServerSentEvents.of(json.finish(choice)));
      exchange.flush();
      return;
    }
    truth.end(RequestOutcome.COMPLETE);
    exchange.writeEvent(ServerSentEvents.of(json.lastFinish(choice, usage())));
    Optional<ByteBuf> usage =
        json.usageChunk(choice, usage(), delivery.includeUsage()).map(ServerSentEvents::of);
    boolean late = settings.usageReport == UsageReport.LATE;
    if (!late) {
      usage.ifPresent(exchange::writeEvent);
    }
    json.last().ifPresent(exchange::writeEvent);
    if (late) {
      usage.ifPresent(exchange::writeEvent);
    }
    exchange.endEvents();
  }

  /** Writes the events of one choice. */
  private final class StreamListener extends ChoiceListener {

    private final TokenEventWriter events;
    private final SeededRandom random;
    private final boolean oneTokenPerChunk;
    private final Iterator<Part> parts;
    private Part part;
    private int partBegin;
    private int partEnd;
    private int received;
    private int written;
    // the first chunk has one token, because a prefill generates one
    private int chunkEnd = 1;

    StreamListener(ResponseChoice choice) {
      super(choice);
      events = json.events(choice, delivery.continuousUsage());
      random = SeededRandom.of(choice.completion().hash(), CHUNK_LENGTHS);
      oneTokenPerChunk = settings.tokensPerChunk.maximum() <= 1;
      parts = choice.completion().parts().iterator();
      nextPart();
    }

    @Override
    public void admitted(long nanos) {
      super.admitted(nanos);
      begin();
      json.opener(choice.index()).forEach(event -> exchange.writeEvent(ServerSentEvents.of(event)));
      exchange.flush();
    }

    @Override
    public void prefillStarted(int cachedTokens, long nanos) {
      super.prefillStarted(cachedTokens, nanos);
      for (ObjectNode event : json.prefill(usage())) {
        exchange.writeEvent(ServerSentEvents.of(event));
        exchange.flush();
      }
    }

    @Override
    public void tokens(int count, long dueNanos) {
      EventChunk chunk = exchange.newChunk();
      for (int i = 0; i < count; i++) {
        token(chunk.events(), ++received, dueNanos);
      }
      exchange.write(chunk);
    }

    private void token(ByteBuf out, int end, long dueNanos) {
      if (end < chunkEnd && end < partEnd) {
        // the chunk is not complete yet
        return;
      }
      if (written == partBegin) {
        json.begin(choice.index(), part).forEach(event -> ServerSentEvents.write(out, event));
      }
      truth.tokens(end - written, dueNanos);
      events.write(out, part, written - partBegin, end - partBegin);
      written = end;
      chunkEnd = end + nextChunkLength();
      if (end == partEnd) {
        json.end(part).forEach(event -> ServerSentEvents.write(out, event));
        if (parts.hasNext()) {
          nextPart();
        }
      }
    }

    private int nextChunkLength() {
      return oneTokenPerChunk ? 1 : Math.max(1, settings.tokensPerChunk.drawInt(random));
    }

    private void nextPart() {
      part = parts.next();
      partBegin = partEnd;
      partEnd += part.tokens();
    }
  }
}
