package dev.gatlingllm.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** What a figure was measured on, in one line: no name of the machine, no path of it. */
final class Machine {

  private static final Path CPUS = Path.of("/proc/cpuinfo");

  private Machine() {}

  static String describe() {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return String.format(
        Locale.ROOT,
        "%s, %d processors, %.0f GB; %s %s; Java %s; load average before the run %.2f",
        cpu(),
        system.getAvailableProcessors(),
        system.getTotalMemorySize() / 1e9,
        System.getProperty("os.name"),
        System.getProperty("os.version"),
        Runtime.version(),
        system.getSystemLoadAverage());
  }

  private static String cpu() {
    try {
      return Files.readAllLines(CPUS).stream()
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    } catch (IOException notLinux) {
      return System.getProperty("os.arch");
    }
  }
}
