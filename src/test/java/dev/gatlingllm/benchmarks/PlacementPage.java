package dev.gatlingllm.benchmarks;

import java.io.IOException;
import java.nio.file.Path;

/** Builds the table and the charts of accuracy by placement, row by row. */
final class PlacementPage {

  private final String machine;
  private ServerPace pace;
  private final MarkdownTable table =
      new MarkdownTable(
          "streams, placement",
          "tokens/s",
          "TTFT error p50",
          "p99",
          "worst",
          "ICL error p50",
          "p99",
          "worst",
          "delay p99",
          "true ICL p99",
          "client CPU",
          "server CPU");
  private final LoadMatrix matrix = new LoadMatrix("Placement");

  PlacementPage(String machine) {
    this.machine = machine;
  }

  void add(Placement placement, ServerPace serverPace, Run run) {
    pace = serverPace;
    TimingErrors errors = run.errors();
    int streams = run.load().streams();
    table.add(
        Numbers.whole(streams) + ", " + placement.name(),
        Numbers.whole(run.tokensPerSecond()),
        errors.ttft().millis(0.5),
        errors.ttft().millis(0.99),
        errors.ttft().millis(1),
        errors.icl().millis(0.5),
        errors.icl().millis(0.99),
        errors.icl().millis(1),
        errors.delay().millis(0.99),
        errors.trueIcl().millis(0.99),
        Numbers.whole(100.0 * run.used().process() / run.used().nanos()) + " %",
        Numbers.whole(run.serverCpuPercent()) + " %");
    matrix.add(
        streams,
        placement,
        LoadMatrix.metric("TTFT error p50", "ms", errors.ttft().millis(0.5)),
        LoadMatrix.metric("TTFT error p99", "ms", errors.ttft().millis(0.99)),
        LoadMatrix.metric("ICL error p50", "ms", errors.icl().millis(0.5)),
        LoadMatrix.metric("ICL error p99", "ms", errors.icl().millis(0.99)),
        LoadMatrix.metric("delay p99", "ms", errors.delay().millis(0.99)),
        LoadMatrix.metric("tokens", "1/s", run.tokensPerSecond()));
  }

  String table() {
    return table
        + "\n"
        + "Measured − true, in ms, whatever the sign; "
        + pace
        + "; the client has one event loop.\n"
        + "Delay: from the server's writing a token to the client's noticing it."
        + " CPU: percent of one processor.\n"
        + machine
        + "\n";
  }

  void writeCharts(Path file) throws IOException {
    matrix.write(file);
  }
}
