package dev.gatlingllm.gatling;

import static dev.gatlingllm.LlmDsl.gammaUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.constantConcurrentUsers;
import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.incrementConcurrentUsers;
import static io.gatling.javaapi.core.CoreDsl.nothingFor;
import static io.gatling.javaapi.core.CoreDsl.rampConcurrentUsers;
import static io.gatling.javaapi.core.CoreDsl.rampUsers;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.metrics.Window;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Simulation;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The part of a run that is measured if the simulation does not say so. */
class InjectionWindowTest {

  private static final ScenarioBuilder USERS = users("users");

  private static ScenarioBuilder users(String name) {
    return scenario(name).exec(exec(session -> session));
  }

  /** A simulation of given populations. */
  private static final class Load extends Simulation {
    private Load(int maxSeconds, PopulationBuilder... populations) {
      SetUp setUp = setUp(populations);
      if (maxSeconds > 0) {
        setUp.maxDuration(maxSeconds);
      }
    }
  }

  private static Window of(PopulationBuilder... populations) throws ReflectiveOperationException {
    return InjectionWindow.of(SimulationParameters.of(new Load(0, populations)), Optional.empty());
  }

  private static Window cut(int maxSeconds, PopulationBuilder population)
      throws ReflectiveOperationException {
    return InjectionWindow.of(
        SimulationParameters.of(new Load(maxSeconds, population)), Optional.empty());
  }

  private static Window between(long openMillis, long closeMillis) {
    return Window.of(
        Duration.ofMillis(openMillis), List.of(Duration.ofMillis(closeMillis - openMillis)));
  }

  private static Window from(long openMillis) {
    return Window.openEnded(Duration.ofMillis(openMillis));
  }

  @Test
  void constantConcurrencyIsMeasuredWhole() throws Exception {
    assertThat(of(USERS.injectClosed(constantConcurrentUsers(6).during(60))))
        .isEqualTo(between(0, 60_000));
  }

  @Test
  void knowsHowLongALoadLasts() throws Exception {
    assertThat(lasts(USERS.injectOpen(constantUsersPerSec(5).during(20)), 0, 20)).isTrue();
    assertThat(lasts(USERS.injectOpen(constantUsersPerSec(5).during(20)), 0, 21)).isFalse();
    assertThat(lasts(USERS.injectOpen(constantUsersPerSec(5).during(20)), 15, 20)).isFalse();
    assertThat(lasts(USERS.injectOpen(rampUsers(5).during(20)), 0, 20)).isFalse();
    assertThat(lasts(USERS.injectOpen(rampUsers(5).during(20)), 25, 20)).isFalse();
    assertThat(lasts(USERS.injectClosed(constantConcurrentUsers(5).during(20)), 0, 20)).isTrue();
  }

  private static boolean lasts(PopulationBuilder users, int maxSeconds, int seconds)
      throws ReflectiveOperationException {
    return InjectionWindow.lasts(
        SimulationParameters.of(new Load(maxSeconds, users)), Duration.ofSeconds(seconds));
  }

  @Test
  void measuresFromTheEndOfTheRamp() throws Exception {
    assertThat(
            of(
                USERS.injectClosed(
                    rampConcurrentUsers(1).to(9).during(5), constantConcurrentUsers(9).during(95))))
        .isEqualTo(between(5_000, 100_000));
  }

  @Test
  void aLongRampTakesATenthOfTheInjectionAtMost() throws Exception {
    assertThat(of(USERS.injectClosed(rampConcurrentUsers(1).to(9).during(60))))
        .isEqualTo(between(6_000, 60_000));
  }

  @Test
  void stairsBeginWithTheirFirstLevel() throws Exception {
    assertThat(
            of(
                USERS.injectClosed(
                    incrementConcurrentUsers(5).times(4).eachLevelLasting(10).startingFrom(5))))
        .isEqualTo(between(0, 40_000));
  }

  @Test
  void anArrivalRateIsMeasuredToTheEndOfTheInjection() throws Exception {
    assertThat(of(USERS.injectOpen(constantUsersPerSec(4).during(30))))
        .isEqualTo(between(3_000, 30_000));
  }

  @Test
  void aNumberOfUsersIsMeasuredUntilTheyAreDone() throws Exception {
    assertThat(of(USERS.injectOpen(atOnceUsers(8)))).isEqualTo(from(0));
    assertThat(of(USERS.injectOpen(nothingFor(1), atOnceUsers(3), rampUsers(5).during(19))))
        .isEqualTo(from(0));
    assertThat(of(USERS.injectOpen(rampUsers(50).during(20)))).isEqualTo(from(2_000));
  }

  @Test
  void aRateAfterANumberOfUsersIsMeasuredToTheEndOfTheInjection() throws Exception {
    assertThat(of(USERS.injectOpen(atOnceUsers(8), constantUsersPerSec(2).during(60))))
        .isEqualTo(between(0, 60_000));
    assertThat(of(USERS.injectOpen(constantUsersPerSec(2).during(60), rampUsers(8).during(40))))
        .isEqualTo(from(10_000));
  }

  @Test
  void endsWithTheLastPopulation() throws Exception {
    assertThat(
            of(
                USERS.injectClosed(constantConcurrentUsers(6).during(60)),
                users("others").injectOpen(constantUsersPerSec(1).during(90))))
        .isEqualTo(between(9_000, 90_000));
  }

  /** A user who primes the cache must not make the window as long as the last conversation. */
  @Test
  void endsWithTheInjectionAlsoBesideUsersThatAreCounted() throws Exception {
    assertThat(
            of(
                USERS.injectClosed(constantConcurrentUsers(6).during(60)),
                users("primer").injectOpen(atOnceUsers(1))))
        .isEqualTo(between(0, 60_000));
    assertThat(
            of(
                USERS.injectClosed(constantConcurrentUsers(6).during(60)),
                users("batch").injectOpen(rampUsers(40).during(90))))
        .isEqualTo(between(9_000, 90_000));
  }

  @Test
  void hasNoEndWhereOnePopulationFollowsAnother() throws Exception {
    assertThat(
            of(
                USERS
                    .injectClosed(constantConcurrentUsers(6).during(60))
                    .andThen(users("others").injectOpen(constantUsersPerSec(1).during(90)))))
        .isEqualTo(from(0));
  }

  @Test
  void takesAWarmUpThatTheSimulationStates() throws Exception {
    var load =
        SimulationParameters.of(
            new Load(0, USERS.injectClosed(constantConcurrentUsers(6).during(60))));

    assertThat(InjectionWindow.of(load, Optional.of(Duration.ofSeconds(20))))
        .isEqualTo(between(20_000, 60_000));
    assertThat(InjectionWindow.of(load, Optional.of(Duration.ofSeconds(70))))
        .isEqualTo(from(70_000));
  }

  @Test
  void namesTheInjectionProfileOfEachPopulation() throws Exception {
    var load =
        SimulationParameters.of(
            new Load(
                0,
                USERS.injectClosed(
                    rampConcurrentUsers(1).to(6).during(10), constantConcurrentUsers(6).during(60)),
                users("other")
                    .injectOpen(
                        atOnceUsers(3), rampUsers(9).during(4), constantUsersPerSec(2).during(5))
                    .andThen(users("last").injectOpen(atOnceUsers(1)))));

    assertThat(InjectionWindow.describe(load))
        .containsExactly(
            "users: rampConcurrentUsers(1, 6, 10 seconds), constantConcurrentUsers(6, 60 seconds)",
            "other: atOnce(3), ramp(9, 4 seconds), constantRate(2.0, 5 seconds)",
            "last: atOnce(1)");
  }

  @Test
  void planOfAnOpenLoadHasTheUsersOfAllSteps() throws Exception {
    var load =
        new Load(0, USERS.injectOpen(nothingFor(1), atOnceUsers(2), rampUsers(2).during(4)))
            .params("load");

    assertThat(InjectionWindow.arrivals(load).orElseThrow())
        .toIterable()
        .extracting(Duration::toMillis)
        .containsExactly(0L, 0L, 0L, 2_000L);
  }

  @Test
  void aPauseBeforeTheFirstUserIsNoPartOfTheRun() throws Exception {
    assertThat(of(USERS.injectOpen(nothingFor(10), constantUsersPerSec(5).during(20))))
        .isEqualTo(between(2_000, 20_000));
    assertThat(
            of(
                USERS.injectOpen(nothingFor(10), constantUsersPerSec(5).during(20)),
                users("others").injectOpen(nothingFor(4), constantUsersPerSec(5).during(40))))
        .isEqualTo(between(4_000, 40_000));
    assertThat(cut(25, USERS.injectOpen(nothingFor(10), constantUsersPerSec(5).during(20))))
        .isEqualTo(between(1_500, 15_000));
  }

  @Test
  void aPauseBeforeRandomArrivalsIsPartOfTheRunThatBeginsWithTheLoad() throws Exception {
    PopulationBuilder users =
        USERS.injectOpen(nothingFor(10), gammaUsersPerSec(5, 1_000).during(20));

    assertThat(of(users)).isEqualTo(between(3_000, 30_000));
    assertThat(InjectionWindow.arrivals(new Load(0, users).params("load")).orElseThrow().next())
        .isBetween(Duration.ofSeconds(10), Duration.ofSeconds(11));
  }

  @Test
  void closedLoadsAndSeveralPopulationsHaveNoPlan() throws Exception {
    var closed = new Load(0, USERS.injectClosed(constantConcurrentUsers(6).during(60)));
    var several =
        new Load(0, USERS.injectOpen(atOnceUsers(2)), users("others").injectOpen(atOnceUsers(2)));

    assertThat(InjectionWindow.arrivals(closed.params("load"))).isEmpty();
    assertThat(InjectionWindow.arrivals(several.params("load")).orElseThrow()).isExhausted();
  }

  @Test
  void endsWhereTheRunIsCut() throws Exception {
    assertThat(cut(40, USERS.injectClosed(constantConcurrentUsers(6).during(60))))
        .isEqualTo(between(0, 40_000));
    assertThat(cut(40, USERS.injectOpen(rampUsers(50).during(20))))
        .isEqualTo(between(2_000, 40_000));
  }
}
