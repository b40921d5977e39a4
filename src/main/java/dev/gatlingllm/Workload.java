package dev.gatlingllm;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.OpenInjectionStep;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** The conversations of virtual users. Immutable; any thread may call any method. */
public interface Workload {

  /**
   * Returns a step that gives each virtual user its conversation: user k gets conversation k. Users
   * are those of all populations with this workload, in the order in which Gatling starts them.
   */
  ChainBuilder pinned();

  /** Returns the same conversations for {@code feed(…)}, in order of arrival. */
  Iterator<Map<String, Object>> feeder();

  /**
   * Returns when users arrive, for {@code injectOpen(…)}, if the workload decides it.
   *
   * @param load length of the load; later arrivals are ignored
   * @return empty if the simulation decides
   */
  default List<OpenInjectionStep> arrivals(Duration load) {
    return List.of();
  }
}
