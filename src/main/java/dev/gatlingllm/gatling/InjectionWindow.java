package dev.gatlingllm.gatling;

import static java.util.stream.Collectors.joining;

import dev.gatlingllm.metrics.Window;
import dev.gatlingllm.report.RunInfo.Load;
import io.gatling.core.CoreComponents;
import io.gatling.core.controller.inject.InjectionProfile;
import io.gatling.core.controller.inject.closed.ClosedInjectionProfile;
import io.gatling.core.controller.inject.closed.ClosedInjectionStep;
import io.gatling.core.controller.inject.closed.CompositeClosedInjectionStep;
import io.gatling.core.controller.inject.closed.CompositeClosedInjectionStepLike;
import io.gatling.core.controller.inject.open.AtOnceOpenInjection;
import io.gatling.core.controller.inject.open.CompositeOpenInjectionStep;
import io.gatling.core.controller.inject.open.CompositeOpenInjectionStepLike;
import io.gatling.core.controller.inject.open.HeavisideOpenInjection;
import io.gatling.core.controller.inject.open.OpenInjectionProfile;
import io.gatling.core.controller.inject.open.OpenInjectionStep;
import io.gatling.core.controller.inject.open.RampOpenInjection;
import io.gatling.core.scenario.SimulationParams;
import io.gatling.core.structure.PopulationBuilder;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.collection.Iterator;
import scala.collection.immutable.Seq;
import scala.concurrent.duration.FiniteDuration;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Reads from a simulation's injection profiles which part of its run is measured if it does not say
 * so itself.
 *
 * <p>The load of a closed model, and of an open model that states users per second, lasts as long
 * as its injection: it is measured from the moment when all users of the first step are active to
 * the end of the injection. Where the last step of each population states a number of users, as
 * {@code atOnceUsers} and {@code rampUsers} do, the load lasts until these are done, so the window
 * has no end of its own.
 */
final class InjectionWindow {

  private static final Logger LOGGER = LoggerFactory.getLogger(InjectionWindow.class);

  /** The part of the injection that the start of the load may take. */
  private static final int LARGEST_START = 10;

  /** A replay may have one step for each user. */
  private static final int MAX_SHOWN = 10;

  private InjectionWindow() {}

  /**
   * The injection of one population.
   *
   * @param idle before its first users, unless the run begins before them
   * @param allActive when all users of its first step are active
   * @param length from its first step to its last
   * @param lasting whether the load ends with it
   */
  private record Injection(Duration idle, Duration allActive, Duration length, boolean lasting) {}

  /**
   * The injection of all populations, since the run begins.
   *
   * @param allActive when all users of the first steps are active
   * @param end of the last step
   * @param length of the load, which {@code maxDuration} may end
   * @param lasting whether the load ends with its length, or with its users
   * @param byInjection whether it would so without {@code maxDuration}
   */
  private record Plan(
      Duration allActive, Duration end, Duration length, boolean lasting, boolean byInjection) {}

  /**
   * Returns the window of a simulation; without an end where its profiles cannot be read.
   *
   * @param stated the warm-up, if the simulation states one
   */
  static Window of(CoreComponents core, Optional<Duration> stated) {
    try {
      return of(simulation(core), stated);
    } catch (ReflectiveOperationException | RuntimeException unknown) {
      LOGGER.warn("The run is measured to its last response: {}", unknown.toString());
      return Window.openEnded(stated.orElse(Duration.ZERO));
    }
  }

  /**
   * Returns the profile of each population, such as {@code chat: constantConcurrentUsers(8, 20
   * seconds)}; empty where they cannot be read.
   */
  static List<String> describe(CoreComponents core) {
    try {
      return describe(simulation(core));
    } catch (ReflectiveOperationException | RuntimeException unknown) {
      LOGGER.debug("The injection profiles are not recorded", unknown);
      return List.of();
    }
  }

  /**
   * Returns when the users of an open load arrive, ascending, since the beginning of the run, as
   * its steps plan it: without any where several populations have times of their own. Empty if the
   * load is not open or unknown.
   */
  static Optional<java.util.Iterator<Duration>> arrivals(CoreComponents core) {
    try {
      return arrivals(simulation(core));
    } catch (ReflectiveOperationException | RuntimeException unknown) {
      LOGGER.debug("Arrivals are not recorded", unknown);
      return Optional.empty();
    }
  }

  static Optional<java.util.Iterator<Duration>> arrivals(SimulationParams simulation)
      throws ReflectiveOperationException {
    List<PopulationBuilder> populations =
        list(PopulationBuilder.flatten(simulation.rootPopulationBuilders()));
    if (!populations.stream()
        .allMatch(users -> users.injectionProfile() instanceof OpenInjectionProfile)) {
      return Optional.empty();
    }
    if (populations.size() > 1) {
      return Optional.of(Collections.emptyIterator());
    }
    List<?> steps = list((Seq<?>) field(populations.get(0).injectionProfile(), "steps"));
    Iterator<FiniteDuration> times = Iterator.empty();
    for (int step = steps.size() - 1; step >= 0; step--) {
      times = ((OpenInjectionStep) steps.get(step)).chain(times);
    }
    var all = times.buffered();
    Duration begin =
        all.isEmpty() || steps.stream().anyMatch(InjectionWindow::beginsRun)
            ? Duration.ZERO
            : duration(all.head());
    return Optional.of(CollectionConverters.asJava(all.map(time -> duration(time).minus(begin))));
  }

  /** Returns whether a step begins the run with the load; otherwise its first user does. */
  private static boolean beginsRun(Object step) {
    return step instanceof ArrivalsInjection
        || (step instanceof ShardOfArrivals share
            && (share.shard().count() > 1
                || share.whole().stream().anyMatch(InjectionWindow::beginsRun)));
  }

  static List<String> describe(SimulationParams simulation) throws ReflectiveOperationException {
    List<String> profiles = new ArrayList<>();
    for (PopulationBuilder population : list(simulation.rootPopulationBuilders())) {
      describe(population, profiles);
    }
    return profiles;
  }

  private static void describe(PopulationBuilder population, List<String> profiles)
      throws ReflectiveOperationException {
    List<?> given = list((Seq<?>) field(population.injectionProfile(), "steps"));
    List<?> steps = given.stream().flatMap(InjectionWindow::stepsOfAllShards).toList();
    String shown =
        steps.stream().limit(MAX_SHOWN).map(InjectionWindow::name).collect(joining(", "));
    String more = steps.size() > MAX_SHOWN ? ", … (" + steps.size() + " steps)" : "";
    String shared =
        given.stream()
            .filter(step -> step instanceof ShardOfArrivals share && share.shard().count() > 1)
            .map(step -> Load.SHARED + ((ShardOfArrivals) step).shard().count() + " shards")
            .findFirst()
            .orElse("");
    profiles.add(population.scenarioBuilder().name() + ": " + shown + more + shared);
    for (Seq<PopulationBuilder> children : list(population.children())) {
      for (PopulationBuilder child : list(children)) {
        describe(child, profiles);
      }
    }
  }

  private static Stream<?> stepsOfAllShards(Object step) {
    return step instanceof ShardOfArrivals share ? share.whole().stream() : Stream.of(step);
  }

  /** Returns a step as the DSL names it: its class is named after the method. */
  private static String name(Object step) {
    String name = step.toString().replaceFirst("(Open|Closed)?Injection(?=\\()", "");
    return Character.toLowerCase(name.charAt(0)) + name.substring(1).replace(",", ", ");
  }

  /** Returns whether a load goes on for a time, as its profiles plan it; false if not known. */
  static boolean lasts(CoreComponents core, Duration time) {
    try {
      return lasts(simulation(core), time);
    } catch (ReflectiveOperationException | RuntimeException unknown) {
      LOGGER.debug("The length of the load is not known", unknown);
      return false;
    }
  }

  static boolean lasts(SimulationParams simulation, Duration time)
      throws ReflectiveOperationException {
    Plan plan = plan(simulation);
    return plan.byInjection() && plan.length().compareTo(time) >= 0;
  }

  static Window of(SimulationParams simulation, Optional<Duration> stated)
      throws ReflectiveOperationException {
    Plan plan = plan(simulation);
    Duration warmUp = stated.orElse(shorter(plan.allActive(), plan.end().dividedBy(LARGEST_START)));
    return plan.lasting() && plan.length().compareTo(warmUp) > 0
        ? Window.of(warmUp, List.of(plan.length().minus(warmUp)))
        : Window.openEnded(warmUp);
  }

  private static Plan plan(SimulationParams simulation) throws ReflectiveOperationException {
    List<Injection> injections = new ArrayList<>();
    boolean lasting = false;
    boolean isFollowed = false;
    for (PopulationBuilder population : list(simulation.rootPopulationBuilders())) {
      Injection injection = injection(population.injectionProfile());
      injections.add(injection);
      lasting |= injection.lasting();
      isFollowed |= !population.children().isEmpty();
    }
    // a population that follows another one begins when the users of that one are done
    lasting &= !isFollowed;
    boolean byInjection = lasting;
    // the run begins with its first user
    Duration idle =
        injections.stream().map(Injection::idle).min(Duration::compareTo).orElse(Duration.ZERO);
    Duration injection = longest(injections.stream().map(Injection::length)).minus(idle);
    Duration length = injection;
    if (simulation.maxDuration().isDefined()) {
      Duration most = duration(simulation.maxDuration().get()).minus(idle);
      injection = shorter(most, injection);
      length = lasting ? injection : most;
      lasting = true;
    }
    Duration allActive = longest(injections.stream().map(Injection::allActive)).minus(idle);
    return new Plan(allActive, injection, length, lasting, byInjection);
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static Duration longest(Stream<Duration> durations) {
    return durations.max(Duration::compareTo).orElse(Duration.ZERO);
  }

  /** A profile that is neither open nor closed has no step, and so no end that is known. */
  private static Injection injection(InjectionProfile profile) throws ReflectiveOperationException {
    List<?> given =
        profile instanceof ClosedInjectionProfile || profile instanceof OpenInjectionProfile
            ? list((Seq<?>) field(profile, "steps"))
            : List.of();
    List<Step> steps = steps(given).toList();
    Duration idle = Duration.ZERO;
    Duration allActive = Duration.ZERO;
    Duration length = Duration.ZERO;
    boolean begun = false;
    boolean lasting = false;
    for (Step step : steps) {
      if (!begun && (step.isIdle || step.ramps)) {
        allActive = allActive.plus(step.duration);
      }
      if (!begun && step.isIdle) {
        idle = idle.plus(step.duration);
      }
      if (!step.isIdle) {
        begun = true;
        lasting = !step.byNumber;
      }
      length = length.plus(step.duration);
    }
    boolean beginsRun = given.stream().anyMatch(InjectionWindow::beginsRun);
    return new Injection(beginsRun ? Duration.ZERO : idle, allActive, length, lasting);
  }

  /**
   * A step of a profile.
   *
   * @param isIdle whether no user comes in it
   * @param ramps whether its users come one after another
   * @param byNumber whether it states how many users come, and not how many are active or come per
   *     second
   */
  private record Step(Duration duration, boolean isIdle, boolean ramps, boolean byNumber) {

    static Step of(ClosedInjectionStep step) {
      FiniteDuration length = step.duration();
      boolean ramps = step.valueAt(FiniteDuration.apply(0, length.unit())) != step.valueAt(length);
      return new Step(InjectionWindow.duration(length), false, ramps, false);
    }

    static Step of(OpenInjectionStep step) {
      boolean byNumber =
          step instanceof AtOnceOpenInjection
              || step instanceof RampOpenInjection
              || step instanceof HeavisideOpenInjection;
      return new Step(InjectionWindow.duration(step.duration()), step.users() == 0, true, byNumber);
    }
  }

  /** Takes composite steps apart. */
  private static Stream<Step> steps(List<?> steps) {
    return steps.stream().flatMap(InjectionWindow::steps);
  }

  private static Stream<Step> steps(Object step) {
    if (step instanceof CompositeClosedInjectionStepLike stairs) {
      return steps(list(stairs.composite().steps()));
    }
    if (step instanceof CompositeOpenInjectionStepLike stairs) {
      return steps(list(stairs.composite().steps()));
    }
    if (step instanceof CompositeClosedInjectionStep several) {
      return steps(list(several.steps()));
    }
    if (step instanceof CompositeOpenInjectionStep several) {
      return steps(list(several.steps()));
    }
    if (step instanceof ShardOfArrivals share) {
      return steps(share.whole());
    }
    return Stream.of(
        step instanceof OpenInjectionStep open
            ? Step.of(open)
            : Step.of((ClosedInjectionStep) step));
  }

  private static Duration duration(FiniteDuration duration) {
    return Duration.ofNanos(duration.toNanos());
  }

  private static <T> List<T> list(Seq<T> seq) {
    return CollectionConverters.asJava(seq);
  }

  /**
   * Returns the simulation that runs. Gatling passes it to its controller alone, and the controller
   * keeps it private.
   *
   * @throws ReflectiveOperationException if this version of Gatling keeps it elsewhere
   */
  static SimulationParams simulation(CoreComponents core) throws ReflectiveOperationException {
    return (SimulationParams) field(field(core.controller(), "actor"), "simulationParams");
  }

  private static Object field(Object owner, String name) throws ReflectiveOperationException {
    Field field = owner.getClass().getDeclaredField(name);
    field.setAccessible(true);
    return field.get(owner);
  }
}
