package dev.gatlingllm.benchmarks;

import java.io.IOException;
import java.nio.file.Path;

/** Shows the cost of streams and tokens by number of streams. */
final class ScalePage {

  private final String machine;
  private final String heap;
  private final MarkdownTable table =
      new MarkdownTable(
          "streams, placement",
          "tokens/s",
          "CPU-s per million tokens",
          "event loop",
          "recorder",
          "B per token",
          "KB per stream",
          "delay p50",
          "delay p99",
          "true ICL p99",
          "GC ms");
  private final LoadMatrix matrix = new LoadMatrix("Scale");

  ScalePage(String machine, String heap) {
    this.machine = machine;
    this.heap = heap;
  }

  void add(Placement placement, Run run) {
    TimingErrors errors = run.errors();
    int streams = run.load().streams();
    table.add(
        Numbers.whole(streams) + ", " + placement.name(),
        Numbers.whole(run.tokensPerSecond()),
        run.cpuPerMillion(),
        run.loopCpuPerMillion(),
        run.recorderCpuPerMillion(),
        Numbers.whole(run.loopBytesPerToken()),
        run.memoryPerStream() / 1024,
        errors.delay().millis(0.5),
        errors.delay().millis(0.99),
        errors.trueIcl().millis(0.99),
        Numbers.whole(run.used().gcMillis()));
    matrix.add(
        streams,
        placement,
        LoadMatrix.metric("CPU per token", "µs", run.cpuPerMillion()),
        LoadMatrix.metric("memory per stream", "KB", run.memoryPerStream() / 1024),
        LoadMatrix.metric("delay p99", "ms", errors.delay().millis(0.99)),
        LoadMatrix.metric("tokens", "1/s", run.tokensPerSecond()));
  }

  String table() {
    return table
        + "\n"
        + "As many tokens a second in all, whatever the streams; a heap of "
        + heap
        + "; the client has one event loop. CPU: of all threads. Delay: from the"
        + " server's writing a token to the client's noticing it, in ms.\n"
        + machine
        + "\n";
  }

  void writeCharts(Path file) throws IOException {
    matrix.write(file);
  }
}
