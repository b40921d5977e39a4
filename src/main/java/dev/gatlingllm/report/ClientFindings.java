package dev.gatlingllm.report;

import dev.gatlingllm.metrics.ClientHealth;
import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.RunSummary;
import dev.gatlingllm.metrics.Summary;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** Checks whether the load generator limited the run, and not the server. */
final class ClientFindings {

  /** Limit of the time that garbage collection stopped this process, in percent of the window. */
  static final double MAX_GC_PERCENT = 5;

  private final RunInfo info;
  private final RunSummary run;
  private final List<Finding> findings = new ArrayList<>();

  private ClientFindings(RunInfo info, RunSummary run) {
    this.info = info;
    this.run = run;
  }

  static List<Finding> of(RunInfo info, RunSummary run) {
    ClientFindings client = new ClientFindings(info, run);
    if (run.client() != null) {
      client.lag(run.client().eventLoopLag());
      client.processor(run.client());
      client.pauses(run.client());
    }
    client.scheduleDelay(run.overall().metrics().get(Figure.SCHEDULE_DELAY));
    return client.findings;
  }

  private void lag(Summary lag) {
    if (lag != null && lag.p99() > ClientHealth.MAX_LAG_P99) {
      findings.add(
          Finding.warning(
              "client-lag",
              "The load generator was a bottleneck: its event loops were %.0f ms late at p99 (at"
                  + " most %.0f ms). Latencies may be too high by as much. Use fewer users, a"
                  + " larger machine, or several load generators.",
              lag.p99(),
              lag.max()));
    }
  }

  private void processor(ClientHealth client) {
    if (client.cpuPercent() != null && client.cpuPercent() > ClientHealth.MAX_CPU_PERCENT) {
      findings.add(
          Finding.warning(
              "client-cpu",
              "The load generator used %.0f %% of all CPU cores. It may have caused the latencies"
                  + " itself.%s",
              client.cpuPercent(),
              serverIsHere()
                  ? " A simulated server in the same process shares these cores, so this run"
                      + " measures the machine more than the server."
                  : ""));
    }
  }

  private void pauses(ClientHealth client) {
    if (client.gcPauseMillis() != null
        && client.gcPauseMillis() > run.durationSeconds() * 10 * MAX_GC_PERCENT) {
      findings.add(
          Finding.warning(
              "client-gc",
              "Garbage collection stopped the load generator for %.0f ms of %.0f s; give it more"
                  + " memory (-Xmx).",
              client.gcPauseMillis(),
              run.durationSeconds()));
    }
  }

  private void scheduleDelay(Summary delay) {
    if (delay != null && delay.p99() > ClientHealth.MAX_SCHEDULE_DELAY_P99) {
      findings.add(
          Finding.warning(
              "schedule-delay",
              "Requests were sent up to %.0f ms (p99) after they were due: the load generator could"
                  + " not keep up, or connections were slow to open.",
              delay.p99()));
    }
  }

  /** Returns whether the server is on this machine, as the embedded server is. */
  private boolean serverIsHere() {
    if (info.target().baseUrl() == null) {
      return false;
    }
    String host = URI.create(info.target().baseUrl()).getHost();
    return host != null && (host.equals("localhost") || host.startsWith("127."));
  }
}
