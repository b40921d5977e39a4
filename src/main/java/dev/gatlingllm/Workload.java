package dev.gatlingllm;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.OpenInjectionStep;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** What virtual users say. */
public interface Workload {

  /** A step that gives each virtual user its conversation: user k always gets conversation k. */
  ChainBuilder pinned();

  /** The same conversations for {@code feed(…)}, in order of arrival. */
  Iterator<Map<String, Object>> feeder();

  /**
   * When users arrive, for {@code injectOpen(…)}, if the workload says so.
   *
   * @param load what comes later is no part of it
   * @return empty where the simulation decides
   */
  default List<OpenInjectionStep> arrivals(Duration load) {
    return List.of();
  }
}
