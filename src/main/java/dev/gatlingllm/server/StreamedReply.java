package dev.gatlingllm.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatlingllm.server.GenerationRequest.Delivery;
import dev.gatlingllm.server.ReplyPart.ToolCall;
import dev.gatlingllm.server.RequestTruth.Outcome;
import dev.gatlingllm.server.engine.Generation;
import io.netty.buffer.ByteBuf;

/**
 * A response that is written as its choices come, each token's event as soon as it may be. Headers,
 * and a chat's role-only chunk, go out when the request is admitted, before the prefill: a client
 * that takes them for the first token shows itself.
 */
final class StreamedReply implements Response {

  private final Exchange exchange;
  private final ReplyJson json;
  private final Trace trace;
  private final ServerSettings settings;
  private final Delivery delivery;
  private int open;
  private boolean begun;
  private int reasoningTokens;

  StreamedReply(
      Exchange exchange,
      ReplyJson json,
      Trace trace,
      ServerSettings settings,
      Delivery delivery,
      int choices) {
    this.exchange = exchange;
    this.json = json;
    this.trace = trace;
    this.settings = settings;
    this.delivery = delivery;
    this.open = choices;
  }

  @Override
  public Generation.Listener listener(Choice choice) {
    boolean usage = delivery.continuousUsage();
    TokenEvents events =
        choice.logprobs() == null && !usage
            ? new PlainEvents(json, choice.index())
            : new DetailedEvents(json, choice, usage);
    var lengths = new ChunkLengths(settings.responses().tokensPerChunk(), choice.reply().hash());
    return new StreamedChoice(this, choice, events, lengths);
  }

  void admitted(Choice choice, long nanos) {
    trace.admitted(nanos);
    if (!begun) {
      begun = true;
      trace.firstWrite();
      exchange.beginEvents();
    }
    if (json.api() == Api.CHAT) {
      exchange.event(Events.of(json.opener(choice.index())));
    }
    exchange.flush();
  }

  void prefillStarted(Choice choice, int cachedTokens, long nanos) {
    exchange.served();
    trace.prefillStarted(choice.first() ? cachedTokens : 0, nanos);
  }

  void prefillEnded(long nanos) {
    trace.prefillEnded(nanos);
  }

  /** For tokens' events, to be handed to {@link #write}. */
  EventChunk chunk() {
    return exchange.chunk();
  }

  void writeToolOpener(ByteBuf out, Choice choice, ToolCall call) {
    Events.write(out, json.toolOpener(choice.index(), call));
  }

  /** So many tokens are about to be written. */
  void writes(int tokens, long dueNanos) {
    trace.tokens(tokens, dueNanos);
  }

  void write(EventChunk chunk) {
    exchange.write(chunk);
  }

  void finished(Choice choice) {
    reasoningTokens += choice.reply().reasoningTokens();
    ObjectNode finish = json.finish(choice);
    if (--open > 0) {
      exchange.event(Events.of(finish));
      exchange.flush();
      return;
    }
    trace.end(Outcome.COMPLETE);
    exchange.event(Events.of(finish));
    if (delivery.includeUsage()) {
      exchange.event(Events.of(json.usage(usage())));
    }
    exchange.event(Events.done());
    exchange.endEvents();
  }

  private Usage usage() {
    return trace.usage(settings.reportCachedTokens(), reasoningTokens);
  }
}
