package dev.gatlingllm.report;

import dev.gatlingllm.metrics.ProcessUse;
import dev.gatlingllm.metrics.RunSummary;
import dev.gatlingllm.metrics.RunSummary.FailureCount;
import dev.gatlingllm.stream.Failure;
import java.util.ArrayList;
import java.util.List;

/** Finds out whether limits of this machine made requests fail before they reached the server. */
final class MachineLimits {

  private MachineLimits() {}

  /** Returns a warning for each limit that a run on this machine met. */
  static List<Finding> check(RunSummary run) {
    List<Finding> met = new ArrayList<>();
    FailureCount files = run.failures().get(Failure.OUT_OF_FILE_DESCRIPTORS);
    if (files != null) {
      long limit = ProcessUse.maxFileDescriptors();
      met.add(
          Finding.warning(
              "out-of-file-descriptors",
              "%,d request{s} failed in the load generator, before reaching the server: it had no"
                  + " free file descriptor for another connection%s. Each connection takes one."
                  + " Raise the limit (ulimit -n 65536, or LimitNOFILE in systemd and"
                  + " default-ulimits in Docker), use fewer users, or several load generators.",
              files.count(),
              limit < 0 ? "" : " (ulimit -n is %d)".formatted(limit)));
    }
    FailureCount ports = run.failures().get(Failure.OUT_OF_PORTS);
    if (ports != null) {
      met.add(
          Finding.warning(
              "out-of-ports",
              "%,d request{s} failed in the load generator, before reaching the server: it had no"
                  + " free local port for another connection. A closed connection holds its port"
                  + " for a minute. Keep connections open (keep-alive on the server,"
                  + " shareConnections), widen net.ipv4.ip_local_port_range, use several addresses"
                  + " (localAddresses), or several load generators.",
              ports.count()));
    }
    return met;
  }
}
