package dev.gatlingllm.metrics;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.util.List;

/**
 * What this process has used since it was started. Immutable; made by any thread, in some
 * microseconds.
 *
 * @param atNanos {@link System#nanoTime()} of the reading
 * @param cpuNanos processor time over all cores, or −1 where the platform does not say
 * @param cores that the process may use
 * @param gcPauseMillis time that collections of garbage stopped it
 */
record ProcessUse(long atNanos, long cpuNanos, int cores, long gcPauseMillis) {

  private static final OperatingSystemMXBean SYSTEM = ManagementFactory.getOperatingSystemMXBean();

  private static final List<GarbageCollectorMXBean> PAUSING =
      ManagementFactory.getGarbageCollectorMXBeans().stream()
          .filter(collector -> pauses(collector.getName()))
          .toList();

  /** ZGC, Shenandoah and G1 list what they do beside the running program as collectors, too. */
  static boolean pauses(String collector) {
    return !collector.contains("Cycles") && !collector.contains("Concurrent");
  }

  static ProcessUse now() {
    return new ProcessUse(
        System.nanoTime(),
        SYSTEM instanceof com.sun.management.OperatingSystemMXBean system
            ? system.getProcessCpuTime()
            : -1,
        SYSTEM.getAvailableProcessors(),
        PAUSING.stream().mapToLong(collector -> Math.max(0, collector.getCollectionTime())).sum());
  }

  Double cpuPercentSince(ProcessUse earlier) {
    return cpuNanos < 0 || earlier.cpuNanos < 0
        ? null
        : 100.0 * (cpuNanos - earlier.cpuNanos) / (atNanos - earlier.atNanos) / cores;
  }
}
