package dev.gatlingllm.gatling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatling.core.CoreComponents;
import io.gatling.core.actor.ActorSystem;
import io.gatling.core.config.GatlingConfiguration;
import io.gatling.http.protocol.HttpProtocol;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoopGroup;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import scala.Option;
import scala.Tuple2;
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
  void startsAnotherRunWhenTheFirstSimulationHasEnded() {
    TokenRun run = prepare(first);

    first.close();

    assertThat(prepare(second)).isNotSameAs(run);
  }
}
