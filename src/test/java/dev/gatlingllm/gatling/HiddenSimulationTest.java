package dev.gatlingllm.gatling;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatling.javaapi.core.Simulation;
import java.lang.reflect.Modifier;
import org.junit.jupiter.api.Test;

class HiddenSimulationTest {

  /** Counts how often it is created. */
  public abstract static class Hidden extends Simulation {

    static int created;

    protected Hidden() {
      created++;
    }
  }

  @Test
  void definesAConcreteSubclassThatGatlingCanCreateByName() throws Exception {
    Class<? extends Simulation> subclass = HiddenSimulation.define(Hidden.class);

    Simulation simulation =
        Class.forName(subclass.getName())
            .asSubclass(Simulation.class)
            .getConstructor()
            .newInstance();

    assertThat(simulation).isInstanceOf(Hidden.class);
    assertThat(Hidden.created).isEqualTo(1);
    assertThat(Modifier.isAbstract(subclass.getModifiers())).isFalse();
  }
}
