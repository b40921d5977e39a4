package dev.gatlingllm.gatling;

import dev.gatlingllm.conversation.Api;
import dev.gatlingllm.metrics.Oddity;
import dev.gatlingllm.metrics.Response;
import dev.gatlingllm.metrics.Response.Outcome;
import dev.gatlingllm.metrics.Response.OutputTokensSource;
import dev.gatlingllm.metrics.Response.Timing;
import dev.gatlingllm.metrics.Response.Usage;
import dev.gatlingllm.stream.Failure;
import dev.gatlingllm.stream.TokenTimeline;
import io.gatling.core.session.Session;
import io.gatling.http.client.Request;
import io.gatling.http.client.uri.Uri;
import io.gatling.http.engine.tx.HttpTx;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is known about a response while its request is under way. Filled by the listener and by
 * Gatling's statistics, read by the check and the completion; all on the event loop of the user.
 */
final class PendingResponse {

  /** Unavailable, and Anthropic's own for overload. */
  private static final Set<Integer> OVERLOAD = Set.of(503, 529);

  /** A request that took too long, that failed in a server behind, or whose client left. */
  private static final Set<Integer> UNDER_WAY = Set.of(408, 424, 499);

  /** A field of a body; in a text of it, the quotation marks are escaped. */
  private static final Pattern STREAM = Pattern.compile("\"stream\"\\s*:\\s*true");

  private static final int UNAUTHORIZED = 401;
  private static final int NOT_FOUND = 404;

  final HttpTx tx;
  final Attempt attempt;
  final TokenTimeline timeline = new TokenTimeline();

  /** How long Gatling's throttle held the request; 0 without one. */
  long heldNanos;

  /** Whether the request was written, if only in part. */
  boolean written;

  /** Whether a connection was opened for the request. */
  boolean newConnection;

  /** How long the connection took to open for the first write, or {@link Response#UNKNOWN}. */
  long connectNanos = Response.UNKNOWN;

  /** Whether nothing came on a new connection, nor any token in the run so far. */
  boolean mayExpectTls;

  /** Whether Gatling wrote the request a second time. */
  boolean resent;

  /** Whether the user left before the response had ended. */
  boolean abandoned;

  /** The value of the response's {@code Retry-After}, or null. */
  @Nullable String retryAfter;

  /** The header of the response that names the replica, or null. */
  @Nullable String replicaHeader;

  /** The replica that answered, or null if it is unknown. */
  @Nullable String replica;

  /** The message under which Gatling counted the failure. */
  String gatlingsMessage = "";

  /** The value of the response's {@code Date}, or null. */
  @Nullable String date;

  /** When the head of the response arrived; 0 before. */
  long headNanos;

  /** The value of the response's {@code Location}, or null. */
  @Nullable String location;

  private final Uri asked;
  private boolean followsUp;
  private boolean bodyLost;
  private long writtenEpochMillis = System.currentTimeMillis();

  PendingResponse(HttpTx tx, Attempt attempt) {
    this(tx, attempt, uri(tx));
  }

  /**
   * Creates a request that a redirect may have changed before it was sent.
   *
   * @param asked the URL before the redirect
   */
  PendingResponse(HttpTx tx, Attempt attempt, Uri asked) {
    this.tx = tx;
    this.attempt = attempt;
    this.asked = asked;
  }

  /** Continues a request that was redirected or challenged: its clock goes on. */
  PendingResponse(HttpTx followUp, PendingResponse first) {
    this(followUp, first.attempt, first.asked);
    followsUp = true;
    bodyLost =
        first.bodyLost || (!method().equals(first.method()) && method().equals(HttpMethod.GET));
    resent = first.resent;
    heldNanos = first.heldNanos;
    connectNanos = first.connectNanos;
    writtenEpochMillis = first.writtenEpochMillis;
    timeline.written(first.timeline.writtenNanos());
  }

  /** Notes that the request is being written now, for the first time. */
  void markWritten() {
    if (!followsUp) {
      writtenEpochMillis = System.currentTimeMillis();
      timeline.written(System.nanoTime());
    }
  }

  /** Notes that a connection has been opened for the request, which was sent before. */
  void markConnected() {
    if (!followsUp) {
      connectNanos = System.nanoTime() - timeline.writtenNanos();
    }
  }

  static Uri uri(HttpTx tx) {
    return tx.request().clientRequest().getUri();
  }

  boolean isFromOtherServer() {
    return !Credentials.isSameOrigin(asked, uri(tx));
  }

  private HttpMethod method() {
    return tx.request().clientRequest().getMethod();
  }

  /** Returns whether the request asks for 100 (Continue) before its body. */
  boolean expectsContinue() {
    return tx.request().clientRequest().getHeaders().contains(HttpHeaderNames.EXPECT);
  }

  /** Returns what is wrong with the response itself, in one line, or null for a good one. */
  @Nullable String describeFailure() {
    Failure failure = timeline.failure();
    return failure == null ? null : explained(failure).describe();
  }

  /** Returns whether no model read the prompt: nothing was written, or the server refused it. */
  boolean isRefused() {
    int status = timeline.status();
    return !written
        || OVERLOAD.contains(status)
        || (status / 100 == 4 && !UNDER_WAY.contains(status));
  }

  /** Returns why the request failed: the response itself, else what Gatling's checks found. */
  Failure failure() {
    Failure failure = timeline.failure();
    return failure == null ? new Failure("check", gatlingsMessage) : explained(failure);
  }

  /** Returns a failure with the redirect that may have caused it. */
  private Failure explained(Failure failure) {
    StringBuilder message = new StringBuilder(Objects.requireNonNullElse(failure.message(), ""));
    if (bodyLost) {
      message.append("; a redirect had turned the request into a GET");
    }
    if (isFromOtherServer()) {
      message.append("; a redirect had led to ").append(uri(tx).getBaseUrl());
      message.append(", where no credentials are sent, nor a body that holds one");
    }
    if (timeline.status() == UNAUTHORIZED && !Credentials.areIn(tx.request().clientRequest())) {
      message.append("; the request had no key: set LLM_API_KEY in the environment");
    }
    if (timeline.status() == NOT_FOUND && uri(tx).getPath().contains("/v1/v1/")) {
      message.append("; the base URL must be without /v1, as each turn adds its path");
    }
    if (mayExpectTls && !uri(tx).isSecured() && isClosed(failure)) {
      message.append("; if the server expects https, its URL must begin with https://");
    }
    if (timeline.status() / 100 == 3 && location != null) {
      message.append("; a redirect to ").append(location).append(", which is not followed");
    }
    return new Failure(failure.kind(), message.toString());
  }

  private static boolean isClosed(Failure failure) {
    return "Premature close".equals(failure.message());
  }

  /**
   * Returns whether a tokenizer could count the output better than the chunks do: the server gave
   * no count, and the text is all that the model wrote.
   */
  boolean wantsTokenizer() {
    return timeline.outputTokens() < 0
        && !timeline.isBlank()
        && !timeline.hasReasoning()
        && timeline.isOneChoiceOfText();
  }

  /**
   * Returns how many tokens the text of the response has, by the server's counts: what the next
   * prompt carries, without reasoning, calls of tools and the end of the sequence.
   *
   * @param response the record of this response
   * @return {@link Response#UNKNOWN} where the counts do not tell
   */
  int textTokens(Response response) {
    if (timeline.isBlank()) {
      return 0;
    }
    Usage usage = response.usage();
    boolean told =
        usage.outputTokensSource() == OutputTokensSource.USAGE
            && timeline.isOneChoiceOfText()
            && !timeline.repeatsItself()
            && (usage.reasoningTokens() > 0 || !timeline.hasReasoning());
    int reasoning = timeline.hasReasoning() ? Math.max(0, usage.reasoningTokens()) : 0;
    int tokens = response.shownTokens() - reasoning;
    return told && tokens > 0 ? tokens : Response.UNKNOWN;
  }

  /**
   * Returns how many tokens of reasoning the server counted and never sent, be it that a summary of
   * them came. Some servers send it as part of the text: with tags, or with at least one token in
   * each chunk.
   */
  private int hiddenTokens() {
    int counted = timeline.reasoningTokens();
    boolean isSent = timeline.hasReasoning() || (counted > 0 && timeline.hasReasoningInText());
    if (isSent && !timeline.hasSummary()) {
      return 0;
    }
    int most = timeline.outputTokens() - (timeline.hasSummary() ? 0 : timeline.chunks());
    return Math.max(0, Math.min(counted, most));
  }

  /** Returns whether the request is written and its response has not ended. */
  boolean isUnderWay() {
    return timeline.writtenNanos() != 0 && !timeline.hasEnded();
  }

  /** Returns the record of a good response, with the tokens that the server counted. */
  Response succeeded(Session session) {
    return ended(session, null, false);
  }

  /** Returns the record of a failed response. */
  Response failed(Session session, boolean conversationBroken) {
    return ended(session, failure(), conversationBroken);
  }

  /** Returns the record of a response that the end of the load cuts off now. */
  Response cut() {
    return response(tx.session(), System.nanoTime(), Outcome.cut(timeline.responseId()));
  }

  /** Returns the record of a response that the user has abandoned. */
  Response abandoned(Session session) {
    return response(session, timeline.endNanos(), Outcome.abandoned(timeline.responseId()));
  }

  private Response ended(Session session, @Nullable Failure failure, boolean conversationBroken) {
    return response(
        session,
        timeline.endNanos(),
        new Outcome(failure, conversationBroken, timeline.finishReason(), timeline.responseId()));
  }

  private Response response(Session session, long endNanos, Outcome outcome) {
    long written = timeline.writtenNanos();
    boolean isPart = abandoned || !timeline.hasEnded() || timeline.failure() != null;
    // a server that counts at the begin knows less than the chunks that have come
    boolean counted = timeline.outputTokens() >= (isPart ? timeline.chunks() : 0);
    boolean cachedTwice = isCachedTwice();
    int hidden = hiddenTokens();
    return attempt.response(
        session,
        tx.request().requestName(),
        Api.ofPath(asked.getPath()).orElse(null),
        new Timing(
            writtenEpochMillis,
            written,
            endNanos,
            timeline.chunkNanosCopy(),
            timeline.chunkChoicesCopy(),
            timeline.finishNanos(),
            timeline.ttfoNanos(),
            Math.max(0, written - attempt.dueNanos() - heldNanos),
            newConnection,
            connectNanos,
            resent),
        new Usage(
            timeline.inputTokens() - (cachedTwice ? timeline.cachedTokens() : 0),
            timeline.cachedTokens(),
            counted ? timeline.outputTokens() : timeline.chunks(),
            timeline.reasoningTokens(),
            hidden,
            counted ? OutputTokensSource.USAGE : OutputTokensSource.CHUNKS),
        outcome.from(replica),
        oddities(cachedTwice, hidden));
  }

  private boolean isCachedTwice() {
    int cached = timeline.cachedTokens();
    return attempt.turn() != null
        && timeline.countsCachedApart()
        && attempt
            .turn()
            .isCachedTwice(timeline.inputTokens() - cached, cached, attempt.reusableTokens());
  }

  /** Returns what the times and counts of the record do not tell. */
  private Set<Oddity> oddities(boolean cachedTwice, int hidden) {
    int tokens = timeline.outputTokens();
    boolean isImplausible = tokens > 0 && timeline.isImplausible(tokens - hidden);
    boolean lacksText = attempt.keepsResponse() && timeline.chunks() > 0 && timeline.isBlank();
    Set<Oddity> oddities = Set.of();
    oddities = withIf(timeline.hasZeroUsage(), Oddity.ZERO_USAGE, oddities);
    oddities = withIf(timeline.hasInvalidUsage(), Oddity.INVALID_USAGE, oddities);
    oddities = withIf(cachedTwice, Oddity.CACHED_TWICE, oddities);
    oddities = withIf(isImplausible, Oddity.IMPLAUSIBLE_USAGE, oddities);
    oddities = withIf(timeline.repeatsItself(), Oddity.CUMULATIVE, oddities);
    oddities = withIf(lacksText, Oddity.NO_TEXT, oddities);
    boolean isBody = timeline.chunks() > 0 && !timeline.streamed() && !asksForStream();
    oddities = withIf(isBody, Oddity.ONE_BODY, oddities);
    return withIf(isFromOtherServer(), Oddity.OTHER_SERVER, oddities);
  }

  /**
   * Returns whether the request accepts a stream, as those of built-in turns do, or asks for it.
   */
  private boolean asksForStream() {
    Request request = tx.request().clientRequest();
    String accepted = request.getHeaders().get(HttpHeaderNames.ACCEPT);
    if (accepted != null && accepted.contains("event-stream")) {
      return true;
    }
    String body = request.getBody() == null ? null : Credentials.text(request.getBody());
    return body != null && STREAM.matcher(body).find();
  }

  /** Returns a set with one more oddity if that holds; most responses have none. */
  private static Set<Oddity> withIf(boolean holds, Oddity oddity, Set<Oddity> oddities) {
    if (!holds) {
      return oddities;
    }
    Set<Oddity> more = EnumSet.of(oddity);
    more.addAll(oddities);
    return more;
  }
}
