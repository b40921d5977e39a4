package dev.gatlingllm.metrics;

import dev.gatlingllm.metrics.Response.OutputTokensSource;
import dev.gatlingllm.metrics.Response.Status;
import dev.gatlingllm.stream.Failure;

/** A response in the making, for tests. Times are milliseconds since an arbitrary origin. */
final class TestResponse {

  /** Close to where {@link System#nanoTime()} wraps, which must not matter. */
  static final long ORIGIN = Long.MAX_VALUE - 1_000_000_000L;

  private String scenario = "support chat";
  private String request = "answer";
  private long user = 1;
  private String conversation = "c1";
  private int group = 0;
  private int turn = 1;
  private double written;
  private double end;
  private double[] chunks = {};
  private int[] choices = {};
  private Double firstOutput;
  private Failure failure;
  private Status status;
  private boolean resent;
  private int input = -1;
  private int expected = -1;
  private int reusable = -1;
  private int attempt = 1;
  private int dropped;
  private boolean broken;
  private int cached = -1;
  private int output = -1;
  private OutputTokensSource source = OutputTokensSource.USAGE;
  private int hidden;
  private double scheduleDelay = -1e-6;
  private double connect = -1e-6;
  private boolean last;
  private boolean afterTools;
  private int messages = -1;
  private String finishReason = "length";
  private String api;
  private int maxTokens = Response.UNKNOWN;
  private String model;
  private String replica;
  private Oddity[] oddities = {};

  private TestResponse(double written, double end) {
    this.written = written;
    this.end = end;
  }

  static TestResponse between(double written, double end) {
    return new TestResponse(written, end);
  }

  /** One token in each chunk, the last of which ends the response. */
  static TestResponse streamed(double written, double... chunks) {
    return between(written, chunks[chunks.length - 1]).chunks(chunks).output(chunks.length);
  }

  static long nanos(double millis) {
    return ORIGIN + Math.round(millis * 1e6);
  }

  TestResponse model(String name) {
    model = name;
    return this;
  }

  TestResponse replica(String name) {
    replica = name;
    return this;
  }

  TestResponse scenario(String name) {
    scenario = name;
    return this;
  }

  TestResponse request(String name) {
    request = name;
    return this;
  }

  TestResponse conversation(long user, String id) {
    this.user = user;
    conversation = id;
    return this;
  }

  TestResponse attempt(int number) {
    attempt = number;
    return this;
  }

  TestResponse dropped(int tokens) {
    dropped = tokens;
    return this;
  }

  TestResponse breaking() {
    broken = true;
    return this;
  }

  TestResponse group(int group) {
    this.group = group;
    return this;
  }

  TestResponse turn(int turn) {
    this.turn = turn;
    return this;
  }

  TestResponse chunks(double... millis) {
    chunks = millis;
    return this;
  }

  TestResponse choices(int... ofChunks) {
    choices = ofChunks;
    return this;
  }

  TestResponse firstOutput(double millis) {
    firstOutput = millis;
    return this;
  }

  TestResponse failed(String kind, String message) {
    failure = new Failure(kind, message);
    return this;
  }

  /** Under way when the load was stopped, at its end. */
  TestResponse cut() {
    status = Status.CUT;
    return this;
  }

  /** Abandoned by its user, at its end. */
  TestResponse abandoned() {
    status = Status.ABANDONED;
    return this;
  }

  /** A turn that was never sent. */
  TestResponse unsent() {
    status = Status.UNSENT;
    return failed("context window", "does not fit");
  }

  /** A request that could not be built. */
  TestResponse notBuilt() {
    status = Status.UNSENT;
    return failed("not built", "No attribute named 'messages' is defined");
  }

  TestResponse resent() {
    resent = true;
    return this;
  }

  TestResponse input(int tokens) {
    input = tokens;
    return this;
  }

  TestResponse expected(int tokens, int reusableTokens) {
    expected = tokens;
    reusable = reusableTokens;
    return this;
  }

  TestResponse cached(int tokens) {
    cached = tokens;
    return this;
  }

  TestResponse output(int tokens) {
    output = tokens;
    return this;
  }

  /** Sets how many of its tokens were reasoning that was never sent. */
  TestResponse hidden(int tokens) {
    hidden = tokens;
    return this;
  }

  TestResponse source(OutputTokensSource countedBy) {
    source = countedBy;
    return this;
  }

  TestResponse scheduleDelay(double millis) {
    scheduleDelay = millis;
    return this;
  }

  /** Sets the time to open a connection for the request. */
  TestResponse connect(double millis) {
    connect = millis;
    return this;
  }

  /** Marks the last turn of the conversation. */
  TestResponse last() {
    last = true;
    return this;
  }

  /** Marks a turn that carries results of tools. */
  TestResponse afterTools() {
    afterTools = true;
    return this;
  }

  TestResponse messages(int number) {
    messages = number;
    return this;
  }

  TestResponse api(String key) {
    api = key;
    return this;
  }

  TestResponse maxTokens(int tokens) {
    maxTokens = tokens;
    return this;
  }

  TestResponse finishReason(String words) {
    finishReason = words;
    return this;
  }

  TestResponse oddities(Oddity... noted) {
    oddities = noted;
    return this;
  }

  Response build() {
    long[] chunkNanos = new long[chunks.length];
    for (int i = 0; i < chunks.length; i++) {
      chunkNanos[i] = nanos(chunks[i]);
    }
    return ResponseBuilder.to(scenario, request, user)
        .conversation(conversation, group)
        .model(model)
        .api(api)
        .turn(
            new Response.Turn(
                turn, attempt, expected, reusable, dropped, messages, maxTokens, last, afterTools))
        .times(Math.round(written), nanos(written), nanos(end))
        .chunks(chunkNanos)
        .choices(choices)
        .ttfo(firstOutput == null ? Response.UNKNOWN : nanos(firstOutput) - nanos(written))
        .scheduleDelay(Math.round(scheduleDelay * 1e6))
        .connect(Math.round(connect * 1e6))
        .failure(failure)
        .status(status)
        .resent(resent)
        .conversationBroken(broken)
        .finishReason(finishReason)
        .replica(replica)
        .oddities(oddities)
        .promptTokens(input, cached)
        .output(output, source)
        .reasoning(hidden == 0 ? Response.UNKNOWN : hidden, hidden)
        .build();
  }
}
