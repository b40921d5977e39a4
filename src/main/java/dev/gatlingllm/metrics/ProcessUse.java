package dev.gatlingllm.metrics;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What this process has used since its start. Immutable. A reading takes some microseconds.
 *
 * @param atNanos {@link System#nanoTime()} of the reading
 * @param cpuNanos CPU time over all cores, or −1 if the platform does not report it
 * @param cores cores that the process may use
 * @param gcPauseMillis time that garbage collections stopped the process
 */
public record ProcessUse(long atNanos, long cpuNanos, int cores, long gcPauseMillis) {

  private static final OperatingSystemMXBean SYSTEM = ManagementFactory.getOperatingSystemMXBean();

  private static final List<GarbageCollectorMXBean> PAUSING =
      ManagementFactory.getGarbageCollectorMXBeans().stream()
          .filter(collector -> pauses(collector.getName()))
          .toList();

  /** Returns whether a collector stops the program; G1, ZGC and Shenandoah list others, too. */
  static boolean pauses(String collector) {
    return !collector.contains("Cycles") && !collector.contains("Concurrent");
  }

  /** Takes a reading. */
  static ProcessUse now() {
    return new ProcessUse(
        System.nanoTime(),
        SYSTEM instanceof com.sun.management.OperatingSystemMXBean system
            ? system.getProcessCpuTime()
            : -1,
        SYSTEM.getAvailableProcessors(),
        PAUSING.stream().mapToLong(collector -> Math.max(0, collector.getCollectionTime())).sum());
  }

  /** Returns how many files and connections the process may have open; −1 if unknown. */
  public static long maxFileDescriptors() {
    return SYSTEM instanceof com.sun.management.UnixOperatingSystemMXBean unix
        ? unix.getMaxFileDescriptorCount()
        : -1;
  }

  /** Returns the CPU use since an earlier reading in percent of all cores, or null if unknown. */
  @Nullable Double cpuPercentSince(ProcessUse earlier) {
    return cpuNanos < 0 || earlier.cpuNanos < 0
        ? null
        : 100.0 * (cpuNanos - earlier.cpuNanos) / (atNanos - earlier.atNanos) / cores;
  }
}
