package dev.gatlingllm.gatling;

import static io.gatling.javaapi.core.CoreDsl.rampUsers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatlingllm.LlmDsl;
import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.Response;
import dev.gatlingllm.metrics.Response.OutputTokensSource;
import dev.gatlingllm.metrics.ResponseBuilder;
import dev.gatlingllm.workload.Shard;
import io.gatling.core.CoreComponents;
import io.gatling.core.actor.ActorSystem;
import io.gatling.core.config.GatlingConfiguration;
import io.gatling.http.engine.tx.HttpTx;
import io.gatling.http.protocol.HttpProtocol;
import io.gatling.http.request.HttpRequest;
import io.gatling.http.request.HttpRequestConfig;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoopGroup;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import scala.Option;
import scala.Tuple2;
import scala.collection.Iterator;
import scala.concurrent.duration.FiniteDuration;
import scala.jdk.javaapi.CollectionConverters;

/** Simulations of one process run one after the other, never two at once. */
class TokenRunTest {

  private static final GatlingConfiguration CONFIGURATION =
      GatlingConfiguration.loadForTest(
          CollectionConverters.asScala(List.<Tuple2<String, ?>>of()).toSeq());

  private final EventLoopGroup loops = new DefaultEventLoop();
  private final ActorSystem first = new ActorSystem();
  private final ActorSystem second = new ActorSystem();

  /** Prepares the current run, as an action of a simulation does. */
  private TokenRun prepare(ActorSystem simulation) {
    TokenRun run = TokenRun.current();
    run.readObjectives();
    run.prepare(
        new CoreComponents(
            simulation, loops, null, Option.empty(), null, null, null, CONFIGURATION),
        HttpProtocol.apply(CONFIGURATION));
    return run;
  }

  @AfterEach
  void endAll() {
    first.close();
    second.close();
    loops.shutdownGracefully(0, 0, TimeUnit.SECONDS);
  }

  @Test
  void refusesASecondSimulationWhileTheFirstRuns() {
    prepare(first);

    assertThatThrownBy(() -> prepare(second))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is still running in this process");
  }

  @Test
  void isOneRunForAllRequestsOfASimulation() {
    assertThat(prepare(first)).isSameAs(prepare(first));
  }

  @Test
  void aShardOfAnOpenLoadBeginsWithTheLoadAndNotWithItsFirstUser() {
    TokenRun run = prepare(first);

    startLoad(Shard.WHOLE);
    assertThat(run.recorder().startEpochMillis()).isEmpty();

    startLoad(new Shard(2, 4));
    assertThat(run.recorder().startEpochMillis()).isPresent();
  }

  @Test
  void aLoadOfPlannedArrivalsBeginsBeforeItsFirstUser() {
    TokenRun run = prepare(first);
    Iterator<FiniteDuration> nothing = Iterator.empty();

    LlmDsl.poissonUsersPerSec(1).during(60).asScala().chain(nothing);
    assertThat(run.recorder().startEpochMillis()).isPresent();
  }

  @Test
  void numbersTheRandomArrivalsOfASimulation() {
    assertThat(prepare(first).nextArrivals()).isZero();
    assertThat(TokenRun.current().nextArrivals()).isEqualTo(1);

    first.close();
    assertThat(prepare(second).nextArrivals()).isZero();
  }

  /** Does what Gatling does first when it starts an open load. */
  private static void startLoad(Shard shard) {
    Iterator<FiniteDuration> nothing = Iterator.empty();
    ShardOfArrivals.of(List.of(rampUsers(8).during(60)), shard, 1).get(0).asScala().chain(nothing);
  }

  @Test
  void startsAnotherRunWhenTheFirstSimulationHasEnded() {
    TokenRun run = prepare(first);

    first.close();

    assertThat(prepare(second)).isNotSameAs(run);
  }

  private static PendingResponse sent(TokenRun run) {
    HttpRequestConfig config =
        new HttpRequestConfig(
            null,
            Option.empty(),
            false,
            Option.apply(false),
            false,
            null,
            false,
            StandardCharsets.UTF_8,
            null,
            null);
    HttpRequest request = PendingResponseTest.tx().request();
    HttpTx loud =
        HttpTx.apply(
            PendingResponseTest.tx().session(),
            HttpRequest.apply(request.requestName(), request.clientRequest(), config),
            null,
            Option.empty(),
            0);
    PendingResponse pending = new PendingResponse(loud, Attempt.ofRequest(System.nanoTime(), null));
    run.sent(pending);
    return pending;
  }

  private static Response twoChunks() {
    long now = System.nanoTime();
    return ResponseBuilder.to("chat", "answer", 1)
        .times(0, now, now + 3)
        .chunks(now + 1, now + 2)
        .output(2, OutputTokensSource.CHUNKS)
        .build();
  }

  private static CompletableFuture<Integer> record(TokenRun run, CompletableFuture<Integer> count) {
    Response response = twoChunks();
    return run.recordWhenCounted(
        sent(run), response, count, tokens -> TokenRun.withTokens(response, tokens));
  }

  private static long outputTokens(TokenRun run) {
    return run.recorder().summary().overall().totals().count(Figure.TOTAL_OUTPUT_TOKENS);
  }

  @Test
  void recordsTheCountOfAResponse() {
    TokenRun run = prepare(first);
    CompletableFuture<Integer> count = new CompletableFuture<>();
    record(run, count);

    count.complete(7);

    assertThat(outputTokens(run)).isEqualTo(7);
    first.close();
    assertThat(outputTokens(run)).as("recorded once").isEqualTo(7);
  }

  @Test
  void goesOnWhenTheResponseIsRecorded() {
    TokenRun run = prepare(first);
    CompletableFuture<Integer> count = new CompletableFuture<>();
    List<Long> recorded = new ArrayList<>();
    record(run, count).thenAccept(tokens -> recorded.add(outputTokens(run)));

    count.complete(7);

    assertThat(recorded).containsExactly(7L);
  }

  @Test
  void losesNoResponseThatIsStillBeingCounted() {
    TokenRun run = prepare(first);
    CompletableFuture<Integer> count = new CompletableFuture<>();
    record(run, count);

    first.close();
    count.complete(7);

    assertThat(outputTokens(run)).isEqualTo(2);
    assertThat(run.recorder().lateResponses()).isZero();
  }

  @Test
  void recordsAResponseThatCannotBeCounted() {
    TokenRun run = prepare(first);

    record(run, CompletableFuture.completedFuture(Response.UNKNOWN));

    assertThat(outputTokens(run)).isEqualTo(2);
  }
}
