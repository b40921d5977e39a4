package dev.gatlingllm.gatling;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.metrics.Oddity;
import dev.gatlingllm.metrics.Response;
import dev.gatlingllm.metrics.Response.OutputTokensSource;
import dev.gatlingllm.stream.Failure;
import dev.gatlingllm.stream.ResponseReader;
import dev.gatlingllm.text.Redactor;
import io.gatling.core.session.Session;
import io.gatling.core.session.Session$;
import io.gatling.http.client.RequestBuilder;
import io.gatling.http.client.uri.Uri;
import io.gatling.http.engine.tx.HttpTx;
import io.gatling.http.request.HttpRequest;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpMethod;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import scala.Option;

class PendingResponseTest {

  private static final Session SESSION = Session$.MODULE$.apply("chat", 7, null);

  private final long due = System.nanoTime() - 5_000;
  private final PendingResponse pending = new PendingResponse(tx(), Attempt.ofRequest(due, null));
  private final ResponseReader reader = new ResponseReader(pending.timeline, Integer.MAX_VALUE);

  static HttpTx tx() {
    return tx(HttpMethod.POST, "http://llm.example/v1");
  }

  private static HttpTx tx(HttpMethod method, String uri) {
    return tx(method, uri, "Authorization", "Bearer sk-12345");
  }

  private static HttpTx tx(HttpMethod method, String uri, String header, String value) {
    HttpRequest request =
        HttpRequest.apply(
            "answer",
            new RequestBuilder("answer", method, Uri.create(uri), null)
                .addHeader(header, value)
                .build(),
            null);
    return HttpTx.apply(SESSION, request, null, Option.empty(), 0);
  }

  private void receive(String... events) {
    pending.markWritten();
    reader.onHead(200, "text/event-stream");
    long at = pending.timeline.writtenNanos();
    for (String event : events) {
      at += 10;
      reader.onBytes(Unpooled.wrappedBuffer(("data: " + event + "\n\n").getBytes(UTF_8)), at);
    }
    reader.onEnd(at + 5);
  }

  private static String delta(String field) {
    return delta(field, "a");
  }

  private static String delta(String field, String text) {
    return "{\"id\":\"c1\",\"choices\":[{\"delta\":{\"%s\":\"%s\"}}]}".formatted(field, text);
  }

  @Test
  void recordsWhatTheServerCounted() {
    pending.newConnection = true;
    receive(
        delta("reasoning"),
        delta("content"),
        "{\"choices\":[{\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":9,"
            + "\"completion_tokens\":4,\"prompt_tokens_details\":{\"cached_tokens\":8}}}",
        "[DONE]");

    Response response = pending.succeeded(SESSION);

    assertThat(response.who())
        .isEqualTo(new Response.Who("chat", "answer", 7, null, -1, null, null));
    assertThat(response.turn()).isEqualTo(new Response.Turn(0, 1, -1, -1, -1, -1));
    assertThat(response.usage())
        .isEqualTo(new Response.Usage(9, 8, 4, -1, 0, OutputTokensSource.USAGE));
    assertThat(response.outcome()).isEqualTo(new Response.Outcome(null, false, "stop", "c1"));
    assertThat(response.timing().ttftNanos()).isEqualTo(10);
    assertThat(response.timing().ttfoNanos()).isEqualTo(20);
    assertThat(response.timing().e2eNanos()).isEqualTo(45);
    assertThat(response.timing().scheduleDelayNanos())
        .isEqualTo(response.timing().writtenNanos() - due);
    assertThat(response.timing().newConnection()).isTrue();
  }

  @Test
  void clockOfARedirectedRequestStartsAtTheFirstWrite() {
    pending.timeline.written(due + 400);
    pending.markConnected();
    pending.timeline.written(due + 1_000);
    PendingResponse followUp = new PendingResponse(tx(), pending);
    followUp.markConnected();
    followUp.markWritten();
    new ResponseReader(followUp.timeline, Integer.MAX_VALUE).onEnd(due + 9_000);

    Response response = followUp.failed(SESSION, false);
    assertThat(response.timing().e2eNanos()).isEqualTo(8_000);
    assertThat(response.timing().scheduleDelayNanos()).isEqualTo(1_000);
    assertThat(response.timing().connectNanos()).isNotNegative().isEqualTo(pending.connectNanos);
  }

  @ParameterizedTest
  @CsvSource({
    "200, false",
    "400, true",
    "408, false",
    "413, true",
    "424, false",
    "429, true",
    "499, false",
    "500, false",
    "503, true"
  })
  void isRefusedBeforeAModelReadsThePrompt(int status, boolean refused) {
    pending.written = true;
    reader.onHead(status, null);
    reader.onEnd(9);

    assertThat(pending.isRefused()).isEqualTo(refused);
  }

  @Test
  void theTimeInAThrottleIsNoDelay() {
    receive("{}");
    long late = pending.succeeded(SESSION).timing().scheduleDelayNanos();
    pending.heldNanos = 2_000;

    assertThat(pending.succeeded(SESSION).timing().scheduleDelayNanos()).isEqualTo(late - 2_000);
  }

  @Test
  void saysThatARedirectLostTheBody() {
    PendingResponse followUp =
        new PendingResponse(tx(HttpMethod.GET, "http://llm.example/v2"), pending);
    ResponseReader reader = new ResponseReader(followUp.timeline, Integer.MAX_VALUE);
    reader.onHead(405, null);
    reader.onEnd(9);

    assertThat(followUp.describeFailure())
        .isEqualTo("http 405: Method Not Allowed; a redirect had turned the request into a GET");
    assertThat(new PendingResponse(tx(), pending).describeFailure()).isNull();
  }

  @ParameterizedTest
  @CsvSource({"Accept, true", "Authorization, false", "api-key, false"})
  void saysThatARefusedRequestHadNoKey(String header, boolean says) {
    PendingResponse refused =
        new PendingResponse(
            tx(HttpMethod.POST, "http://llm.example/v1", header, "text"),
            Attempt.ofRequest(due, null));
    ResponseReader reader = new ResponseReader(refused.timeline, Integer.MAX_VALUE);
    reader.onHead(401, null);
    reader.onEnd(9);

    assertThat(refused.describeFailure())
        .isEqualTo(
            "http 401: Unauthorized"
                + (says ? "; the request had no key: set LLM_API_KEY in the environment" : ""));
  }

  @ParameterizedTest
  @CsvSource({
    "http, true, Premature close, true",
    "http, false, Premature close, false",
    "http, true, reset, false",
    "https, true, Premature close, false"
  })
  void saysThatAServerThatClosesANewPlainConnectionMayExpectTls(
      String scheme, boolean may, String problem, boolean says) {
    PendingResponse closed =
        new PendingResponse(
            tx(HttpMethod.POST, scheme + "://llm.example/v1"), Attempt.ofRequest(due, null));
    closed.mayExpectTls = may;
    new ResponseReader(closed.timeline, Integer.MAX_VALUE).onTransportFailure(problem, null, 9);

    assertThat(closed.describeFailure())
        .isEqualTo(
            "connection: "
                + problem
                + (says ? "; if the server expects https, its URL must begin with https://" : ""));
  }

  @ParameterizedTest
  @CsvSource({"/v1/v1/chat/completions, true", "/v1/chat/completions, false"})
  void saysThatABaseUrlHasThePathTwice(String path, boolean says) {
    PendingResponse unknown =
        new PendingResponse(
            tx(HttpMethod.POST, "http://llm.example" + path), Attempt.ofRequest(due, null));
    ResponseReader reader = new ResponseReader(unknown.timeline, Integer.MAX_VALUE);
    reader.onHead(404, null);
    reader.onEnd(9);

    assertThat(unknown.describeFailure())
        .isEqualTo(
            "http 404: Not Found"
                + (says ? "; the base URL must be without /v1, as each turn adds its path" : ""));
  }

  @Test
  void namesTheTargetOfARedirectThatIsNotFollowed() {
    pending.location = "https://other.example/v1?key=sk-12345";
    reader.onHead(307, null);
    reader.onEnd(9);

    assertThat(pending.failure())
        .isEqualTo(
            new Failure(
                "http 307",
                "Temporary Redirect; a redirect to https://other.example/v1?key=[redacted], which"
                    + " is not followed"));
  }

  @Test
  void notesAResponseOfAnotherServer() {
    PendingResponse followUp =
        new PendingResponse(tx(HttpMethod.POST, "http://other.example/v1"), pending);

    assertThat(followUp.succeeded(SESSION).oddities()).containsExactly(Oddity.OTHER_SERVER);
    new ResponseReader(followUp.timeline, Integer.MAX_VALUE).onTransportFailure("reset", null, 9);
    assertThat(followUp.describeFailure())
        .isEqualTo(
            "connection: reset; a redirect had led to http://other.example, where no credentials"
                + " are sent, nor a body that holds one");
  }

  @Test
  void countsChunksWhereTheServerDoesNotCount() {
    receive(delta("content"), delta("content"), "[DONE]");

    assertThat(pending.succeeded(SESSION).usage())
        .isEqualTo(new Response.Usage(-1, -1, 2, -1, 0, OutputTokensSource.CHUNKS));
    assertThat(pending.wantsTokenizer()).isTrue();
  }

  @Test
  void notesAUsageOfZeroBesideOutput() {
    receive(
        delta("content"),
        "{\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":0}}",
        "[DONE]");

    Response response = pending.succeeded(SESSION);
    assertThat(response.oddities()).containsExactly(Oddity.ZERO_USAGE);
    assertThat(response.usage().outputTokens()).as("the chunks").isEqualTo(1);
  }

  @Test
  void countsTheChunksWhereTheStreamBrokeOffAfterAnEarlyUsage() {
    receive(
        "{\"choices\":[{\"delta\":{\"role\":\"assistant\"}}],\"usage\":{\"completion_tokens\":1}}",
        delta("content"),
        delta("content"),
        delta("content"));

    Response response = pending.failed(SESSION, false);
    assertThat(response.outcome().failureKind()).isEqualTo("truncated");
    assertThat(response.usage().outputTokens()).isEqualTo(3);
    assertThat(response.usage().outputTokensSource()).isEqualTo(OutputTokensSource.CHUNKS);
  }

  @Test
  void notesChunksThatRepeatTheTextSoFar() {
    String piece = "{\"choices\":[{\"delta\":{\"content\":\"%s\"}}]}";
    receive(
        piece.formatted("Once upon"),
        piece.formatted("Once upon a time there"),
        piece.formatted("Once upon a time there was a server"),
        "[DONE]");

    assertThat(pending.succeeded(SESSION).oddities()).containsExactly(Oddity.CUMULATIVE);
  }

  @Test
  void doesNotTokenizeIfTheTextIsIncomplete() {
    receive(delta("reasoning"), delta("content"), "[DONE]");

    assertThat(pending.wantsTokenizer()).isFalse();
  }

  private int textTokens(String... events) {
    receive(events);
    return pending.textTokens(pending.succeeded(SESSION));
  }

  private static String end(String usage) {
    return "{\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":{" + usage + "}}";
  }

  private static String counts(int output, int reasoning) {
    return "\"completion_tokens\":"
        + output
        + ",\"completion_tokens_details\":{\"reasoning_tokens\":"
        + reasoning
        + "}";
  }

  @Test
  void leavesTheEndOfTheSequenceOutOfTheText() {
    assertThat(textTokens(delta("content"), delta("content"), end("\"completion_tokens\":3")))
        .isEqualTo(2);
  }

  @Test
  void leavesReasoningOutOfTheText() {
    assertThat(textTokens(delta("reasoning"), delta("content"), end(counts(40, 28)))).isEqualTo(12);
  }

  @Test
  void leavesHiddenReasoningOutOfTheText() {
    assertThat(textTokens(delta("content"), delta("content"), end(counts(1_002, 1_000))))
        .isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'type':'response.reasoning_summary_text.delta','delta':'a'}",
        "{'choices':[{'delta':{'reasoning_details':[{'type':'reasoning.summary','summary':'a'}]}}]}",
      })
  void leavesReasoningOutThatCameAsASummary(String summary) {
    receive(
        summary.replace('\'', '"'),
        summary.replace('\'', '"'),
        delta("content"),
        delta("content"),
        delta("content"),
        end(counts(1_003, 1_000)));
    Response response = pending.succeeded(SESSION);

    assertThat(response.usage().hiddenTokens()).isEqualTo(1_000);
    assertThat(response.tpotNanos()).as("from the first chunk of content").isEqualTo(10);
  }

  /** Of several tokens in each chunk. */
  @ParameterizedTest
  @CsvSource({
    "<think>, true",
    "</think>, true",
    "<seed:think>, true",
    "[THINK], true",
    "<|channel|>, true",
    "' <think>', true",
    "one</thought>, true",
    "think, false",
    "<thinker>, false",
    // a text about tags
    "one <think> two </think>, false"
  })
  void knowsReasoningInTextByItsTags(String tag, boolean isText) {
    receive(
        delta("content", tag), delta("content", " so"), delta("content", "."), end(counts(13, 8)));
    Response response = pending.succeeded(SESSION);

    assertThat(response.usage().hiddenTokens()).isEqualTo(isText ? 0 : 8);
    assertThat(response.shownTokens()).isEqualTo(isText ? 13 : 5);
  }

  @Test
  void takesReasoningThatCameAsTextForText() {
    receive(delta("content"), delta("content"), delta("content"), end(counts(3, 2)));
    Response response = pending.succeeded(SESSION);

    assertThat(response.usage().hiddenTokens()).isZero();
    assertThat(pending.textTokens(response)).isEqualTo(3);
    assertThat(response.tpotNanos()).isEqualTo(10);
  }

  @Test
  void hasNoTextTokensIfAllWasReasoning() {
    assertThat(textTokens(delta("reasoning"), end("\"completion_tokens\":40"))).isZero();
  }

  @Test
  void cannotTellTheTextFromReasoningThatNobodyCounted() {
    assertThat(textTokens(delta("reasoning"), delta("content"), end("\"completion_tokens\":40")))
        .isEqualTo(Response.UNKNOWN);
  }

  @Test
  void cannotTellTheTextFromCallsOfTools() {
    String call =
        "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"name\":\"f\","
            + "\"arguments\":\"{}\"}}]}}]}";
    assertThat(textTokens(delta("content"), call, end("\"completion_tokens\":9")))
        .isEqualTo(Response.UNKNOWN);
  }

  @Test
  void cannotTellTheTextOfOneOfSeveralChoices() {
    String other = "{\"choices\":[{\"index\":1,\"delta\":{\"content\":\"b\"}}]}";
    assertThat(textTokens(delta("content"), other, end("\"completion_tokens\":2")))
        .isEqualTo(Response.UNKNOWN);
    assertThat(pending.wantsTokenizer()).isFalse();
  }

  @Test
  void namesTheResponsesOwnFailureBeforeThatOfAChecks() {
    Credentials.mask(pending.tx.request().clientRequest(), Redactor.ofProcess());
    pending.gatlingsMessage = "status.find.is(200), but actually found 500";
    receive("{\"error\":{\"message\":\"bad key sk-12345\",\"type\":\"auth\"}}");

    assertThat(pending.failure()).isEqualTo(new Failure("error frame auth", "bad key [redacted]"));
    assertThat(pending.describeFailure()).isEqualTo("error frame auth: bad key [redacted]");
  }

  @Test
  void namesAFailedCheckOfTheUsers() {
    pending.gatlingsMessage = "jmesPath(x).find.exists, found nothing";
    receive(delta("content"), "[DONE]");

    assertThat(pending.describeFailure()).isNull();
    assertThat(pending.failure())
        .isEqualTo(new Failure("check", "jmesPath(x).find.exists, found nothing"));
  }

  @ParameterizedTest
  @CsvSource({
    "a, 2147483647, IMPLAUSIBLE_USAGE",
    "a, 100, IMPLAUSIBLE_USAGE",
    "a, 19,",
    "é, 19,",
    "a, -1, INVALID_USAGE",
    "a, 1e10, INVALID_USAGE",
    "a, '\"7\"', INVALID_USAGE",
    "a, NaN, INVALID_USAGE",
    "a, null,",
  })
  void doubtsAUsageThatDoesNotFitTheOutput(String text, String tokens, Oddity oddity) {
    receive(
        delta("content").replace("\"a\"", '"' + text + '"'),
        "{\"choices\":[],\"usage\":{\"completion_tokens\":" + tokens + "}}",
        "[DONE]");

    assertThat(pending.succeeded(SESSION).oddities())
        .isEqualTo(oddity == null ? Set.of() : Set.of(oddity));
  }

  @Test
  void doubtsAUsageOfFewTokensForALongText() {
    String[] stream = new String[42];
    Arrays.fill(stream, delta("content").replace("\"a\"", '"' + "long text ".repeat(5) + '"'));
    stream[40] = "{\"choices\":[],\"usage\":{\"completion_tokens\":5}}";
    stream[41] = "[DONE]";
    receive(stream);

    assertThat(pending.succeeded(SESSION).oddities()).containsExactly(Oddity.IMPLAUSIBLE_USAGE);
  }

  @Test
  void believesInReasoningThatIsReportedAndNotSent() {
    receive(
        delta("content"),
        "{\"choices\":[],\"usage\":{\"completion_tokens\":500,"
            + "\"completion_tokens_details\":{\"reasoning_tokens\":499}}}",
        "[DONE]");

    assertThat(pending.succeeded(SESSION).oddities()).isEmpty();
  }
}
