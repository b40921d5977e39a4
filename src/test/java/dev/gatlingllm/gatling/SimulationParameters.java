package dev.gatlingllm.gatling;

import io.gatling.core.scenario.SimulationParams;
import io.gatling.javaapi.core.Simulation;
import java.lang.reflect.Method;
import java.util.stream.Stream;

/** What Gatling makes of a simulation. */
final class SimulationParameters {

  private SimulationParameters() {}

  /** Before Gatling 3.15.1, the method also takes the configuration, of which it reads nothing. */
  static SimulationParams of(Simulation simulation) throws ReflectiveOperationException {
    Method params =
        Stream.of(Simulation.class.getMethods())
            .filter(method -> method.getName().equals("params"))
            .findAny()
            .orElseThrow();
    return (SimulationParams)
        (params.getParameterCount() == 1
            ? params.invoke(simulation, "load")
            : params.invoke(simulation, null, "load"));
  }
}
