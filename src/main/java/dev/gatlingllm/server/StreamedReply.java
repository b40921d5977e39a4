package dev.gatlingllm.server;

import dev.gatlingllm.server.RequestTruth.Outcome;

/**
 * Writes a reply as it comes, an event per token. Headers, and a chat's role-only chunk, go out
 * when the request is admitted, before the prefill: a client that takes them for the first token
 * shows itself.
 */
final class StreamedReply implements Generation.Listener {

  private final Exchange exchange;
  private final Api api;
  private final Events events;
  private final Reply reply;
  private final Trace trace;
  private final ServerSettings settings;
  private final boolean includeUsage;

  StreamedReply(
      Exchange exchange,
      ReplyJson json,
      Reply reply,
      Trace trace,
      ServerSettings settings,
      boolean includeUsage) {
    this.exchange = exchange;
    this.api = json.api();
    this.events = new Events(json);
    this.reply = reply;
    this.trace = trace;
    this.settings = settings;
    this.includeUsage = includeUsage;
  }

  @Override
  public void admitted(int cachedTokens) {
    trace.admitted(cachedTokens);
    trace.firstWrite();
    exchange.beginEvents();
    if (api == Api.CHAT) {
      exchange.event(events.opener());
    }
    exchange.flush();
  }

  @Override
  public void token(int index) {
    trace.token();
    exchange.event(events.token(reply.json(index)));
    exchange.flush();
  }

  @Override
  public void finished() {
    trace.end(Outcome.COMPLETE);
    exchange.event(events.finish());
    if (includeUsage) {
      exchange.event(events.usage(trace.usage(settings.reportCachedTokens())));
    }
    exchange.event(Events.done());
    exchange.endEvents();
  }
}
