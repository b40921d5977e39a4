package dev.gatlingllm.gatling;

import dev.gatlingllm.stream.ReplyReader;
import dev.gatlingllm.stream.TokenTimeline;
import io.gatling.core.CoreComponents;
import io.gatling.core.controller.throttle.Throttler$Command$ThrottledRequest;
import io.gatling.core.session.Session;
import io.gatling.http.cache.SslContextSupport;
import io.gatling.http.check.HttpCheck;
import io.gatling.http.engine.GatlingHttpListener;
import io.gatling.http.engine.response.DefaultResponseProcessor;
import io.gatling.http.engine.response.ResponseProcessor;
import io.gatling.http.engine.response.RootNextExecutor;
import io.gatling.http.engine.response.RootSessionProcessor;
import io.gatling.http.engine.tx.HttpTx;
import io.gatling.http.protocol.HttpComponents;
import io.gatling.http.request.HttpRequestConfig;
import io.gatling.http.response.HttpFailure;
import io.gatling.http.response.HttpResult;
import scala.Option;
import scala.collection.immutable.$colon$colon;
import scala.collection.immutable.List;
import scala.runtime.BoxedUnit;

/**
 * Sends requests as Gatling's {@code HttpTxExecutor} does, with our listener around Gatling's and
 * the reply's verdict before the user's checks. Called on the event loop of the user.
 */
final class TimedRequest {

  private final CoreComponents core;
  private final HttpComponents http;
  private final TokenRun run;

  TimedRequest(CoreComponents core, HttpComponents http, TokenRun run) {
    this.core = core;
    this.http = http;
    this.run = run;
  }

  void send(HttpTx first, PendingReply pending) {
    HttpTx tx = http.httpCaches().applyPermanentRedirect(first);
    ReplyReader reader = new ReplyReader(new TokenTimeline());
    Redaction redaction = Redaction.of(tx.request().clientRequest());
    ReplyCompletion completion =
        new ReplyCompletion(this, run, tx, pending, redaction, gatlingNext(tx));
    ResponseProcessor processor = processor(tx, reader.timeline(), redaction, completion);
    TimedListener listener =
        new TimedListener(new GatlingHttpListener(tx, core.clock(), processor), reader, run.live());
    completion.listenTo(listener, reader.timeline());
    throttled(tx, listener);
  }

  private RootNextExecutor gatlingNext(HttpTx tx) {
    return new RootNextExecutor(tx, http.httpTxExecutor().resourceFetcher(), http.httpTxExecutor());
  }

  private ResponseProcessor processor(
      HttpTx tx, TokenTimeline timeline, Redaction redaction, ReplyCompletion completion) {
    HttpRequestConfig config = tx.request().requestConfig();
    List<HttpCheck> checks = new $colon$colon<>(Verdict.on(timeline, redaction), config.checks());
    CapturedStats stats = new CapturedStats(http.httpTxExecutor().statsProcessor(tx));
    completion.overhear(stats);
    DefaultResponseProcessor gatling =
        new DefaultResponseProcessor(
            tx,
            new RootSessionProcessor(
                tx.silent(),
                tx.request().clientRequest(),
                checks,
                http.httpCaches(),
                http.httpProtocol()),
            stats,
            completion,
            core.configuration().core().charset());
    return result -> gatling.onComplete(inOurWords(result, timeline, redaction));
  }

  /** What broke off says in Gatling's error table how far it had come. */
  private static HttpResult inOurWords(
      HttpResult result, TokenTimeline timeline, Redaction redaction) {
    return result instanceof HttpFailure failure && !timeline.ending().good()
        ? new HttpFailure(
            failure.request(),
            failure.startTimestamp(),
            failure.endTimestamp(),
            redaction.applied(timeline.ending().describe()))
        : result;
  }

  private void throttled(HttpTx tx, TimedListener listener) {
    if (core.throttler().isDefined() && tx.request().requestConfig().throttled()) {
      core.throttler()
          .get()
          .$bang(
              new Throttler$Command$ThrottledRequest(
                  tx.session().scenario(),
                  () -> {
                    execute(tx, listener);
                    return BoxedUnit.UNIT;
                  }));
    } else {
      execute(tx, listener);
    }
  }

  private void execute(HttpTx tx, TimedListener listener) {
    Session session = tx.session();
    http.httpEngine()
        .executeRequest(
            tx.request().clientRequest(),
            session.userId(),
            http.httpProtocol().enginePart().shareConnections(),
            session.eventLoop(),
            listener,
            SslContextSupport.sslContexts(session));
  }

  static Option<io.gatling.http.engine.tx.ResourceTx> noResource() {
    return Option.empty();
  }
}
