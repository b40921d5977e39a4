package dev.gatlingllm.gatling;

import io.gatling.core.CoreComponents;
import io.gatling.core.config.GatlingConfiguration;
import io.gatling.core.protocol.Protocol;
import io.gatling.core.protocol.ProtocolComponents;
import io.gatling.core.protocol.ProtocolKey;
import io.gatling.core.scenario.SimulationParams;
import io.gatling.core.session.Session;
import io.gatling.core.structure.PopulationBuilder;
import io.gatling.core.structure.ScenarioContext;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Function1;
import scala.runtime.BoxedUnit;

/**
 * Numbers the virtual users of a workload from 0. In a simulation with one population, a user's
 * number follows from Gatling's user id, so that it is the same on every run. With several
 * populations, which share these ids, users are numbered in the order in which they start; two that
 * start in the same instant may swap their numbers.
 *
 * <p>Gatling calls the components of a population's protocols when a user starts, before the first
 * step of the scenario. So this is a protocol, though one without messages or settings.
 */
final class UserNumbers {

  private static final Logger LOGGER = LoggerFactory.getLogger(UserNumbers.class);
  private static final ProtocolKey<Protocol, Population> KEY = new Key();
  private static final AtomicInteger CREATED = new AtomicInteger();

  private final String variable = SessionVariables.PRIVATE + "user." + CREATED.getAndIncrement();
  private final AtomicLong next = new AtomicLong();

  /** Numbers the users of a population as well. */
  void register(ScenarioContext context) {
    context.protocolComponentsRegistry().components(KEY).workloads.add(this);
  }

  /** Gives a user its number. */
  Session assign(Session session, boolean onlyPopulation) {
    long number = onlyPopulation ? session.userId() - 1 : next.getAndIncrement();
    return session.set(variable, number);
  }

  /** Returns the number of a user of a registered population. */
  long of(Session session) {
    return new io.gatling.javaapi.core.Session(session).getLong(variable);
  }

  private static final class Key implements ProtocolKey<Protocol, Population> {

    private static final Protocol NO_SETTINGS = new Protocol() {};

    @Override
    @SuppressWarnings("unchecked")
    public Class<Protocol> protocolClass() {
      return (Class<Protocol>) NO_SETTINGS.getClass();
    }

    @Override
    public Protocol defaultProtocolValue(GatlingConfiguration configuration) {
      return NO_SETTINGS;
    }

    @Override
    public Function1<Protocol, Population> newComponents(CoreComponents core) {
      return protocol -> new Population(isOnlyPopulation(core));
    }
  }

  /** Returns whether the simulation has one population, or false where that is unknown. */
  private static boolean isOnlyPopulation(CoreComponents core) {
    try {
      SimulationParams simulation = InjectionWindow.simulation(core);
      return PopulationBuilder.flatten(simulation.rootPopulationBuilders()).size() == 1;
    } catch (ReflectiveOperationException | RuntimeException unknown) {
      LOGGER.warn("Users are numbered in the order of their start: {}", unknown.toString());
      return false;
    }
  }

  /** The workloads that one population runs. */
  private static final class Population implements ProtocolComponents {

    private final boolean only;
    private final Set<UserNumbers> workloads = new CopyOnWriteArraySet<>();

    private Population(boolean only) {
      this.only = only;
    }

    @Override
    public Function1<Session, Session> onStart() {
      return session -> {
        Session numbered = session;
        for (UserNumbers workload : workloads) {
          numbered = workload.assign(numbered, only);
        }
        return numbered;
      };
    }

    @Override
    public Function1<Session, BoxedUnit> onExit() {
      return ProtocolComponents.NoopOnExit();
    }
  }
}
