package dev.gatlingllm.gatling;

import dev.gatlingllm.metrics.Failure;
import dev.gatlingllm.stream.ReplyEnding;
import dev.gatlingllm.stream.TokenTimeline;
import io.gatling.commons.stats.KO$;
import io.gatling.commons.stats.Status;
import io.gatling.core.session.Session;
import io.gatling.http.engine.response.NextExecutor;
import io.gatling.http.engine.response.RootNextExecutor;
import io.gatling.http.engine.tx.HttpTx;
import io.gatling.http.response.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What happens when a reply has ended, after Gatling's checks and statistics: the measurement is
 * recorded, then the session is updated, then the scenario goes on. On the event loop of the user.
 */
final class ReplyCompletion implements NextExecutor {

  private final TimedRequest requests;
  private final TokenRun run;
  private final HttpTx tx;
  private final PendingReply pending;
  private final Redaction redaction;
  private final RootNextExecutor gatling;
  private TimedListener listener;
  private TokenTimeline timeline;
  private CapturedStats stats;

  ReplyCompletion(
      TimedRequest requests,
      TokenRun run,
      HttpTx tx,
      PendingReply pending,
      Redaction redaction,
      RootNextExecutor gatling) {
    this.requests = requests;
    this.run = run;
    this.tx = tx;
    this.pending = pending;
    this.redaction = redaction;
    this.gatling = gatling;
  }

  void listenTo(TimedListener listener, TokenTimeline timeline) {
    this.listener = listener;
    this.timeline = timeline;
  }

  void overhear(CapturedStats stats) {
    this.stats = stats;
  }

  /** A redirect or an authentication challenge: the reply to time is the next one. */
  @Override
  public void executeFollowUp(HttpTx followUp) {
    requests.send(followUp, pending);
  }

  /** There is no response: the connection failed or the request timed out. */
  @Override
  public void executeNextOnCrash(Session session) {
    if (!triesAgain(session)) {
      gatling.executeNextOnCrash(finish(session, true, OutputTokens.reported(timeline)));
    }
  }

  @Override
  public void executeNext(Session session, Status status, Response response) {
    boolean failed = status == KO$.MODULE$;
    OutputTokens reported = OutputTokens.reported(timeline);
    if (failed && triesAgain(session)) {
      return;
    }
    if (failed || !reported.wantsTokenizer(timeline) || !run.hasTokenizer()) {
      gatling.executeNext(finish(session, failed, reported), status, response);
      return;
    }
    // counting takes longer than an event loop can spare; the user waits, no measurement does
    run.countTokens(timeline.text())
        .handle((tokens, failure) -> failure == null ? OutputTokens.counted(tokens) : reported)
        .thenAccept(output -> session.eventLoop().execute(() -> goOn(session, output)));
  }

  /** Whether a failed turn is tried once more, which is then under way. */
  private boolean triesAgain(Session failed) {
    if (pending.turn() == null) {
      return false;
    }
    Optional<Duration> delay =
        pending.turn().retryDelay(RetryAfter.parse(listener.retryAfter(), Instant.now()));
    delay.ifPresent(pause -> retry(failed, pause));
    return delay.isPresent();
  }

  /**
   * The step waits and tries again, so that no pause of the scenario's comes between. A try that is
   * followed by another does not fail the user's session: what failed it before still does.
   */
  private void retry(Session failed, Duration delay) {
    record(failed, failure(), OutputTokens.reported(timeline));
    Session tried = tx.session().isFailed() ? failed : failed.markAsSucceeded();
    Session ready =
        SessionVariables.withDueNanos(
            SessionVariables.withConversation(
                SessionVariables.withoutReply(tried), pending.turn().triedAgain()),
            System.nanoTime() + delay.toNanos());
    ready
        .eventLoop()
        .schedule(() -> pending.again().accept(ready), delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void goOn(Session session, OutputTokens output) {
    tx.next().$bang(finish(session, false, output));
  }

  private Session finish(Session session, boolean failed, OutputTokens output) {
    Failure failure = failed ? failure() : null;
    record(session, failure, output);
    return updated(SessionVariables.withoutReply(session), failure, output);
  }

  private void record(Session session, Failure failure, OutputTokens output) {
    if (!tx.silent()) {
      run.record(
          pending.measured(
              session, tx.request().requestName(), timeline, listener, failure, output));
    }
  }

  /** Why the reply failed: its own ending first, else what Gatling's checks found. */
  private Failure failure() {
    ReplyEnding ending = timeline.ending();
    return ending.good()
        ? new Failure("check", redaction.applied(stats.errorMessage()))
        : new Failure(ending.kind(), redaction.applied(ending.message()));
  }

  private Session updated(Session session, Failure failure, OutputTokens output) {
    if (failure != null) {
      return pending.turn() == null
          ? session
          : SessionVariables.withConversation(session, pending.turn().failed());
    }
    Session replied = SessionVariables.withAll(session, variables(output));
    return pending.turn() == null
        ? replied
        : SessionVariables.withConversation(
            replied, pending.turn().replied(timeline.text(), output.tokens()));
  }

  private Map<String, Object> variables(OutputTokens output) {
    Map<String, Object> variables = new LinkedHashMap<>();
    put(variables, SessionVariables.REPLY, timeline.text());
    put(variables, SessionVariables.FINISH_REASON, timeline.finishReason());
    put(variables, SessionVariables.OUTPUT_TOKENS, output.tokens());
    put(variables, SessionVariables.TTFT_MILLIS, ttftMillis());
    int counted = timeline.inputTokens();
    if (counted >= 0 || pending.turn() != null) {
      put(
          variables,
          SessionVariables.INPUT_TOKENS,
          counted >= 0 ? counted : pending.turn().promptTokens());
    }
    if (timeline.cachedTokens() >= 0) {
      put(variables, SessionVariables.CACHED_TOKENS, timeline.cachedTokens());
    }
    return variables;
  }

  private double ttftMillis() {
    return (timeline.chunkNanos(0) - timeline.writtenNanos()) / 1e6;
  }

  private static void put(Map<String, Object> variables, String name, Object value) {
    if (value != null) {
      variables.put(SessionVariables.named(name), value);
    }
  }
}
