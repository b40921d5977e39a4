package dev.gatlingllm.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import dev.gatlingllm.report.Calibration;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/** Describes the machine in one line, without its name or paths. */
final class Machine {

  private Machine() {}

  static String describe() {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return String.format(
        Locale.ROOT,
        "%s, %d processors, %.0f GB; %s %s; Java %s; load average before the run %.2f",
        Calibration.ofThisMachine(0, 0, 0).processor(),
        system.getAvailableProcessors(),
        system.getTotalMemorySize() / 1e9,
        System.getProperty("os.name"),
        System.getProperty("os.version"),
        Runtime.version(),
        system.getSystemLoadAverage());
  }
}
