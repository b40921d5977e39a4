package dev.gatlingllm.gatling;

import com.typesafe.scalalogging.Logger;
import dev.gatlingllm.text.Redactor;
import io.gatling.commons.stats.Status;
import io.gatling.core.CoreComponents;
import io.gatling.core.controller.throttle.Throttler$Command$ThrottledRequest;
import io.gatling.core.session.Session;
import io.gatling.http.check.HttpCheck;
import io.gatling.http.check.HttpCheckScope;
import io.gatling.http.client.uri.Uri;
import io.gatling.http.engine.GatlingHttpListener;
import io.gatling.http.engine.response.DefaultResponseProcessor;
import io.gatling.http.engine.response.ResponseProcessor;
import io.gatling.http.engine.response.RootNextExecutor;
import io.gatling.http.engine.response.RootSessionProcessor;
import io.gatling.http.engine.response.StatsProcessor;
import io.gatling.http.engine.tx.HttpTx;
import io.gatling.http.engine.tx.HttpTxExecutor;
import io.gatling.http.protocol.HttpComponents;
import io.gatling.http.request.HttpRequestConfig;
import io.gatling.http.response.HttpFailure;
import io.gatling.http.response.HttpResult;
import io.netty.util.ResourceLeakDetector;
import java.time.Duration;
import scala.Option;
import scala.collection.immutable.$colon$colon;
import scala.collection.immutable.List;
import scala.runtime.BoxedUnit;

/**
 * Sends requests as Gatling's {@code HttpTxExecutor} does, with a listener of ours around Gatling's
 * and a check of the response before the user's checks. Called on the event loop of the user.
 */
final class TimedRequest {

  /** Limit for a body that Gatling keeps as a whole, because a check of the user's reads it. */
  private static final int MAX_KEPT_BYTES = 32 << 20;

  private static final int MAX_MESSAGE = 1_000;

  static {
    // Netty records where each 128th buffer was made, which costs a client 2 % of its event loops
    if (System.getProperty("io.netty.leakDetection.level") == null
        && System.getProperty("io.netty.leakDetectionLevel") == null) {
      ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
    }
  }

  private final CoreComponents core;
  private final HttpComponents http;
  private final Certificates certificates;
  private final TokenRun run;
  private final Duration chunkTimeout;

  TimedRequest(CoreComponents core, HttpComponents http, TokenRun run, Duration chunkTimeout) {
    this.core = core;
    this.http = http;
    this.certificates = Certificates.of(core, http);
    this.run = run;
    this.chunkTimeout = chunkTimeout;
  }

  /** Returns a session whose requests verify the server's certificate, where that is set. */
  Session verifying(Session session) {
    return certificates.verifying(session);
  }

  void send(HttpTx first, Attempt attempt) {
    Uri asked = PendingResponse.uri(first);
    HttpTx redirected = http.httpCaches().applyPermanentRedirect(first);
    send(new PendingResponse(Credentials.keepAt(asked, redirected), attempt, asked));
  }

  /** Sends the request that follows a redirect or an authentication challenge. */
  void sendFollowUp(HttpTx followUp, PendingResponse first) {
    HttpTx redirected = http.httpCaches().applyPermanentRedirect(followUp);
    Uri before = PendingResponse.uri(first.tx);
    send(new PendingResponse(Credentials.keepAt(before, redirected), first));
  }

  private void send(PendingResponse pending) {
    HttpTx tx = pending.tx;
    pending.replicaHeader = run.replicaHeader();
    run.sent(pending);
    GatlingHttpListener gatling = new GatlingHttpListener(tx, core.clock(), processor(pending));
    throttled(pending, new TimedListener(gatling, pending, run.live(), limits(tx)));
  }

  private TimedListener.Limits limits(HttpTx tx) {
    boolean kept = tx.request().requestConfig().storeBodyParts();
    return new TimedListener.Limits(
        chunkTimeout, kept ? MAX_KEPT_BYTES : Integer.MAX_VALUE, kept || readsBody(tx));
  }

  /** Returns whether a check of the user's, or something else of Gatling's, reads the body. */
  private static boolean readsBody(HttpTx tx) {
    HttpRequestConfig config = tx.request().requestConfig();
    return config.responseTransformer().isDefined()
        || config
            .checks()
            .exists(check -> check.scope().priority() == HttpCheckScope.Body$.MODULE$.priority());
  }

  private ResponseProcessor processor(PendingResponse pending) {
    HttpTx tx = pending.tx;
    HttpRequestConfig config = tx.request().requestConfig();
    HttpTxExecutor executor = http.httpTxExecutor();
    List<HttpCheck> checks = new $colon$colon<>(ResponseCheck.on(pending), config.checks());
    DefaultResponseProcessor gatling =
        new DefaultResponseProcessor(
            tx,
            new RootSessionProcessor(
                tx.silent(),
                tx.request().clientRequest(),
                checks,
                http.httpCaches(),
                http.httpProtocol()),
            capturing(executor.statsProcessor(tx), pending),
            new ResponseCompletion(
                this, run, pending, new RootNextExecutor(tx, executor.resourceFetcher(), executor)),
            core.configuration().core().charset());
    return result -> gatling.onComplete(withOurMessage(result, pending));
  }

  /** Adds to Gatling's error message how much of a response arrived before it broke off. */
  private static HttpResult withOurMessage(HttpResult result, PendingResponse pending) {
    String message = pending.describeFailure();
    return result instanceof HttpFailure failure && message != null
        ? new HttpFailure(
            failure.request(), failure.startTimestamp(), failure.endTimestamp(), message)
        : result;
  }

  private void throttled(PendingResponse pending, TimedListener listener) {
    HttpTx tx = pending.tx;
    if (core.throttler().isDefined() && tx.request().requestConfig().throttled()) {
      long handedOver = System.nanoTime();
      core.throttler()
          .get()
          .$bang(
              new Throttler$Command$ThrottledRequest(
                  tx.session().scenario(),
                  () -> {
                    if (pending.heldNanos == 0) {
                      pending.heldNanos = System.nanoTime() - handedOver;
                    }
                    execute(tx, listener);
                    return BoxedUnit.UNIT;
                  }));
    } else {
      execute(tx, listener);
    }
  }

  private void execute(HttpTx tx, TimedListener listener) {
    Session session = tx.session();
    run.arrive(session);
    http.httpEngine()
        .executeRequest(
            tx.request().clientRequest(),
            session.userId(),
            http.httpProtocol().enginePart().shareConnections(),
            session.eventLoop(),
            listener,
            certificates.contextsOf(session));
  }

  /** Returns an error message as Gatling's log, console and pages show it: without secrets. */
  static String clean(String message) {
    return Redactor.ofProcess().line(message, MAX_MESSAGE);
  }

  static Option<io.gatling.http.engine.tx.ResourceTx> noResource() {
    return Option.empty();
  }

  /**
   * Passes everything on to Gatling's statistics, with a clean message of a failed request, which
   * is kept. A message of Gatling's checks may quote the response. A request that its user has
   * abandoned is neither good nor failed, as Gatling's statistics want it, and stays out of them.
   */
  private static StatsProcessor capturing(StatsProcessor gatling, PendingResponse pending) {
    return new StatsProcessor() {
      @Override
      public void reportStats0(
          String requestName,
          Session session,
          Status status,
          HttpResult result,
          Option<String> message) {
        Option<String> clean = message.map(TimedRequest::clean);
        if (clean.isDefined()) {
          pending.gatlingsMessage = clean.get();
        }
        if (pending.abandoned) {
          return;
        }
        gatling.reportStats0(requestName, session, status, result, clean);
      }

      @Override
      public Logger logger() {
        return gatling.logger();
      }
    };
  }
}
