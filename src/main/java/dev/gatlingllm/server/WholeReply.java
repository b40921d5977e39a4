package dev.gatlingllm.server;

import dev.gatlingllm.server.RequestTruth.Outcome;
import io.netty.handler.codec.http.HttpResponseStatus;

/** Writes a reply in one piece, when its last token has come. */
final class WholeReply implements Generation.Listener {

  private final Exchange exchange;
  private final ReplyJson json;
  private final Reply reply;
  private final Trace trace;
  private final ServerSettings settings;

  WholeReply(Exchange exchange, ReplyJson json, Reply reply, Trace trace, ServerSettings settings) {
    this.exchange = exchange;
    this.json = json;
    this.reply = reply;
    this.trace = trace;
    this.settings = settings;
  }

  @Override
  public void admitted(int cachedTokens) {
    trace.admitted(cachedTokens);
  }

  @Override
  public void token(int index) {
    trace.token();
  }

  @Override
  public void finished() {
    byte[] body = json.whole(reply.text(), trace.usage(settings.reportCachedTokens()));
    trace.firstWrite();
    trace.end(Outcome.COMPLETE);
    exchange.answer(HttpResponseStatus.OK, body);
  }
}
