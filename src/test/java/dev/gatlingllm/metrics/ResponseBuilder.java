package dev.gatlingllm.metrics;

import static dev.gatlingllm.metrics.Response.UNKNOWN;

import dev.gatlingllm.metrics.Response.Outcome;
import dev.gatlingllm.metrics.Response.OutputTokensSource;
import dev.gatlingllm.metrics.Response.Status;
import dev.gatlingllm.metrics.Response.Timing;
import dev.gatlingllm.metrics.Response.Turn;
import dev.gatlingllm.metrics.Response.Usage;
import dev.gatlingllm.metrics.Response.Who;
import dev.gatlingllm.stream.Failure;
import java.util.Set;

/** Makes responses of which a test says only what it is about; everything else is unknown. */
public final class ResponseBuilder {

  private Who who;
  private Turn turn = Turn.NONE;
  private long writtenEpochMillis;
  private long writtenNanos;
  private long endNanos;
  private long[] chunkNanos = {};
  private int[] chunkChoices = {};
  private long finishNanos;
  private long ttfoNanos = UNKNOWN;
  private long scheduleDelayNanos = UNKNOWN;
  private boolean newConnection;
  private long connectNanos = UNKNOWN;
  private boolean resent;
  private Status status;
  private int inputTokens = UNKNOWN;
  private int cachedTokens = UNKNOWN;
  private int outputTokens = UNKNOWN;
  private int reasoningTokens = UNKNOWN;
  private int hiddenTokens;
  private OutputTokensSource outputTokensSource;
  private Failure failure;
  private boolean conversationBroken;
  private String finishReason;
  private String responseId;
  private String replica;
  private Set<Oddity> oddities = Set.of();

  private ResponseBuilder(String scenario, String request, long user) {
    who = new Who(scenario, request, user, null, UNKNOWN, null, null);
  }

  /** Starts the response to a request of a virtual user, outside of a conversation. */
  public static ResponseBuilder to(String scenario, String request, long user) {
    return new ResponseBuilder(scenario, request, user);
  }

  public ResponseBuilder conversation(String id, int group) {
    return who(id, group, who.model(), who.api());
  }

  private ResponseBuilder who(String conversation, int group, String model, String api) {
    who = new Who(who.scenario(), who.request(), who.user(), conversation, group, model, api);
    return this;
  }

  /** Sets the model that was asked. */
  public ResponseBuilder model(String name) {
    return who(who.conversation(), who.group(), name, who.api());
  }

  /** Sets the API of the request. */
  public ResponseBuilder api(String key) {
    return who(who.conversation(), who.group(), who.model(), key);
  }

  public ResponseBuilder turn(Turn turn) {
    this.turn = turn;
    return this;
  }

  /** Sets when the request was written and when the response ended. */
  public ResponseBuilder times(long writtenEpochMillis, long writtenNanos, long endNanos) {
    this.writtenEpochMillis = writtenEpochMillis;
    this.writtenNanos = writtenNanos;
    this.endNanos = endNanos;
    return this;
  }

  /** Sets the {@link System#nanoTime()} of each output-bearing chunk; the array is kept. */
  public ResponseBuilder chunks(long... nanos) {
    chunkNanos = nanos;
    return this;
  }

  /** Sets the choice of each chunk; the array is kept. */
  public ResponseBuilder choices(int... ofChunks) {
    chunkChoices = ofChunks;
    return this;
  }

  /** Sets why the model stopped, and the {@link System#nanoTime()} at which it said so. */
  public ResponseBuilder finish(String reason, long nanos) {
    finishReason = reason;
    finishNanos = nanos;
    return this;
  }

  /** Sets how many tokens of the output were reasoning, and how many of them were never sent. */
  public ResponseBuilder reasoning(int tokens, int hidden) {
    reasoningTokens = tokens;
    hiddenTokens = hidden;
    return this;
  }

  public ResponseBuilder ttfo(long nanos) {
    ttfoNanos = nanos;
    return this;
  }

  public ResponseBuilder scheduleDelay(long nanos) {
    scheduleDelayNanos = nanos;
    return this;
  }

  /** Sets the time to open a connection, or UNKNOWN of a kept one. */
  public ResponseBuilder connect(long nanos) {
    newConnection = nanos >= 0;
    connectNanos = nanos;
    return this;
  }

  public ResponseBuilder resent(boolean writtenTwice) {
    resent = writtenTwice;
    return this;
  }

  /** Sets how it ended, where that is not told by the failure. */
  public ResponseBuilder status(Status ended) {
    status = ended;
    return this;
  }

  public ResponseBuilder promptTokens(int input, int cached) {
    inputTokens = input;
    cachedTokens = cached;
    return this;
  }

  public ResponseBuilder output(int tokens, OutputTokensSource source) {
    outputTokens = tokens;
    outputTokensSource = source;
    return this;
  }

  public ResponseBuilder failure(Failure reason) {
    failure = reason;
    return this;
  }

  /** Sets why the response failed: the label, and what happened, which may be null. */
  public ResponseBuilder failure(String kind, String message) {
    return failure(new Failure(kind, message));
  }

  public ResponseBuilder conversationBroken(boolean broken) {
    conversationBroken = broken;
    return this;
  }

  public ResponseBuilder finishReason(String reason) {
    finishReason = reason;
    return this;
  }

  public ResponseBuilder responseId(String id) {
    responseId = id;
    return this;
  }

  public ResponseBuilder replica(String name) {
    replica = name;
    return this;
  }

  public ResponseBuilder oddities(Oddity... noted) {
    oddities = Set.of(noted);
    return this;
  }

  public Response build() {
    return new Response(
        who,
        turn,
        new Timing(
            writtenEpochMillis,
            writtenNanos,
            endNanos,
            chunkNanos,
            chunkChoices,
            finishNanos,
            ttfoNanos,
            scheduleDelayNanos,
            newConnection,
            connectNanos,
            resent),
        new Usage(
            inputTokens,
            cachedTokens,
            outputTokens,
            reasoningTokens,
            hiddenTokens,
            outputTokensSource),
        new Outcome(
            status != null ? status : failure == null ? Status.OK : Status.KO,
            failure,
            conversationBroken,
            finishReason,
            responseId,
            replica),
        oddities);
  }
}
