package dev.gatlingllm.gatling;

import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.incrementUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.nothingFor;
import static io.gatling.javaapi.core.CoreDsl.rampUsers;
import static io.gatling.javaapi.core.CoreDsl.rampUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.core.CoreDsl.stressPeakUsers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gatlingllm.metrics.Window;
import dev.gatlingllm.workload.ArrivalPattern;
import dev.gatlingllm.workload.ArrivalRate;
import dev.gatlingllm.workload.PlannedArrivals;
import dev.gatlingllm.workload.Shard;
import io.gatling.javaapi.core.OpenInjectionStep;
import io.gatling.javaapi.core.Simulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import scala.collection.Iterator;
import scala.concurrent.duration.FiniteDuration;
import scala.jdk.javaapi.CollectionConverters;

/** The shards of an open load together have the arrivals of a single load generator. */
class ShardOfArrivalsTest {

  private static final long SEED = 5;

  private static Stream<List<OpenInjectionStep>> profiles() {
    return Stream.of(
        List.of(constantUsersPerSec(7.3).during(9)),
        List.of(constantUsersPerSec(0.5).during(60)),
        List.of(rampUsers(23).during(5)),
        List.of(rampUsersPerSec(1).to(9).during(7)),
        List.of(stressPeakUsers(41).during(6)),
        List.of(incrementUsersPerSec(2).times(3).eachLevelLasting(4).startingFrom(1)),
        List.of(constantUsersPerSec(11).during(8).randomized()),
        List.of(arrivals("ramp(1,9)", ArrivalPattern.POISSON)),
        List.of(nothingFor(2), arrivals("steps(9,1)", ArrivalPattern.gamma(0.3)), atOnceUsers(3)),
        List.of(arrivals("7.3", ArrivalPattern.CONSTANT)),
        List.of(
            nothingFor(3),
            atOnceUsers(2),
            rampUsersPerSec(2).to(6).during(5).randomized(),
            constantUsersPerSec(3).during(4)));
  }

  private static OpenInjectionStep arrivals(String rate, ArrivalPattern pattern) {
    return ArrivalsInjection.of(
        new PlannedArrivals(
            ArrivalRate.parse(rate).over(Duration.ofSeconds(1), Duration.ofSeconds(8)),
            pattern,
            SEED,
            0));
  }

  private static OpenInjectionStep share(List<OpenInjectionStep> steps, int index, int count) {
    return ShardOfArrivals.of(steps, new Shard(index, count), SEED).get(0);
  }

  /** Returns when users arrive, in the order of their numbers. */
  private static List<FiniteDuration> arrivals(OpenInjectionStep step) {
    Iterator<FiniteDuration> none = Iterator.empty();
    List<FiniteDuration> times = new ArrayList<>();
    CollectionConverters.asJava(step.asScala().chain(none)).forEachRemaining(times::add);
    return times;
  }

  @ParameterizedTest
  @MethodSource("profiles")
  void userKOfTheWholeArrivesInShardKModNAtTheSameTime(List<OpenInjectionStep> steps) {
    List<FiniteDuration> whole = arrivals(share(steps, 1, 1));
    for (int count : new int[] {2, 3, 4, 7}) {
      long users = 0;
      for (int index = 1; index <= count; index++) {
        List<FiniteDuration> own = arrivals(share(steps, index, count));
        for (int user = 0; user < own.size(); user++) {
          assertThat(own.get(user)).isEqualTo(whole.get(user * count + index - 1));
        }
        assertThat(share(steps, index, count).asScala().users()).isEqualTo(own.size());
        users += own.size();
      }
      assertThat(users).isEqualTo(whole.size()).isGreaterThan(20);
    }
  }

  @Test
  void oneShardAloneHasTheArrivalsOfTheStepsThemselves() {
    OpenInjectionStep steady = constantUsersPerSec(7.3).during(9);

    assertThat(arrivals(share(List.of(steady), 1, 1))).isEqualTo(arrivals(steady));
  }

  @Test
  void constantArrivalsOfAWholeRateAreThoseOfGatling() {
    List<FiniteDuration> times = arrivals(arrivals("7", ArrivalPattern.CONSTANT));
    List<FiniteDuration> gatlings = arrivals(constantUsersPerSec(7).during(9));

    assertThat(times).hasSameSizeAs(gatlings);
    for (int user = 0; user < times.size(); user++) {
      assertThat(times.get(user).toMillis()).isCloseTo(gatlings.get(user).toMillis(), within(1L));
    }
  }

  @Test
  void randomizedArrivalsDependOnTheSeedAndTheStep() {
    List<OpenInjectionStep> once = List.of(constantUsersPerSec(9).during(4).randomized());
    List<OpenInjectionStep> again = List.of(constantUsersPerSec(9).during(4).randomized());
    List<OpenInjectionStep> twice = List.of(once.get(0), again.get(0));

    List<FiniteDuration> first = arrivals(share(once, 1, 1));
    assertThat(arrivals(share(again, 1, 1))).isEqualTo(first);
    assertThat(arrivals(ShardOfArrivals.of(once, Shard.WHOLE, SEED + 1).get(0)))
        .isNotEqualTo(first);
    List<FiniteDuration> both = arrivals(share(twice, 1, 1));
    int users = first.size();
    assertThat(both.subList(0, users)).isEqualTo(first);
    assertThat(both.get(users).toNanos() - 4_000_000_000L).isNotEqualTo(first.get(0).toNanos());
  }

  @Test
  void laterStepsFollowAfterTheWholeLoad() {
    OpenInjectionStep share = share(List.of(rampUsers(8).during(10)), 4, 4);
    Iterator<FiniteDuration> later = arrivalsOf(atOnceUsers(1));
    List<FiniteDuration> times = new ArrayList<>();
    CollectionConverters.asJava(share.asScala().chain(later)).forEachRemaining(times::add);

    assertThat(times).hasSize(3);
    assertThat(times.get(2).toSeconds()).isEqualTo(10);
  }

  private static Iterator<FiniteDuration> arrivalsOf(OpenInjectionStep step) {
    Iterator<FiniteDuration> none = Iterator.empty();
    return step.asScala().chain(none);
  }

  /** A simulation of a share. */
  private static final class Load extends Simulation {
    private Load(List<OpenInjectionStep> steps, int index) {
      setUp(
          scenario("users")
              .exec(exec(session -> session))
              .injectOpen(ShardOfArrivals.of(steps, new Shard(index, 2), SEED)));
    }
  }

  @Test
  void windowAndDescriptionAreThoseOfTheWholeLoad() throws Exception {
    List<OpenInjectionStep> steps =
        List.of(
            nothingFor(2), rampUsersPerSec(1).to(9).during(8), constantUsersPerSec(9).during(30));
    for (int index = 1; index <= 2; index++) {
      var simulation = SimulationParameters.of(new Load(steps, index));

      assertThat(InjectionWindow.of(simulation, Optional.empty()))
          .isEqualTo(Window.of(Duration.ofSeconds(4), List.of(Duration.ofSeconds(36))));
      assertThat(InjectionWindow.describe(simulation))
          .containsExactly(
              "users: nothingFor(2 seconds), rampRate(1.0, 9.0, 8 seconds),"
                  + " constantRate(9.0, 30 seconds), shared by 2 shards");
    }
  }

  @Test
  void describesRandomArrivals() throws Exception {
    var simulation =
        new Load(List.of(arrivals("ramp(1,9)", ArrivalPattern.gamma(0.5))), 1).params("load");

    assertThat(InjectionWindow.describe(simulation))
        .containsExactly(
            "users: gamma(0.5) arrivals of 1 per second during 1 s then 1 to 9 per second during"
                + " 8 s, shared by 2 shards");
    assertThat(InjectionWindow.of(simulation, Optional.of(Duration.ofSeconds(1))))
        .isEqualTo(Window.of(Duration.ofSeconds(1), List.of(Duration.ofSeconds(8))));
  }
}
