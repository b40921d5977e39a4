package dev.gatlingllm.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Compares the costs of clients at one load with those of the first. */
final class ClientPage {

  private final Placement placement;
  private final ServerPace pace;
  private final int streams;
  private final Map<ClientKind, List<Run>> runs = new EnumMap<>(ClientKind.class);

  ClientPage(Placement placement, ServerPace pace, int streams) {
    this.placement = placement;
    this.pace = pace;
    this.streams = streams;
  }

  void add(Run run) {
    runs.computeIfAbsent(run.load().kind(), unseen -> new ArrayList<>()).add(run);
  }

  @Override
  public String toString() {
    MarkdownTable table =
        new MarkdownTable(
            "client",
            "tokens/s",
            "CPU-s per million",
            "× first",
            "range",
            "event loop",
            "recorder",
            "observers",
            "rest",
            "JIT, not in the sum",
            "B per token",
            "KB per stream",
            "delay p50",
            "delay p99");
    double first = Double.NaN;
    for (Map.Entry<ClientKind, List<Run>> entry : runs.entrySet()) {
      List<Run> of = entry.getValue();
      double cost = median(of, Run::cpuPerMillion);
      first = Double.isNaN(first) ? cost : first;
      table.add(
          entry.getKey(),
          Numbers.whole(median(of, Run::tokensPerSecond)),
          cost,
          cost / first,
          range(of),
          median(of, Run::loopCpuPerMillion),
          median(of, Run::recorderCpuPerMillion),
          median(of, Run::observersCpuPerMillion),
          median(of, Run::restCpuPerMillion),
          median(of, Run::compilerCpuPerMillion),
          Numbers.whole(median(of, Run::loopBytesPerToken)),
          Numbers.whole(median(of, Run::memoryPerStream) / 1024),
          median(of, run -> run.errors().delay().millis(0.5)),
          median(of, run -> run.errors().delay().millis(0.99)));
    }
    return streams
        + " streams, "
        + placement.name()
        + ", the client with one event loop; "
        + pace
        + ":\n\n"
        + table;
  }

  private static String range(List<Run> runs) {
    double[] costs = runs.stream().mapToDouble(Run::cpuPerMillion).sorted().toArray();
    return Numbers.shortly(costs[0]) + "–" + Numbers.shortly(costs[costs.length - 1]);
  }

  private static double median(List<Run> runs, ToDoubleFunction<Run> figure) {
    double[] figures = runs.stream().mapToDouble(figure).toArray();
    Arrays.sort(figures);
    return figures[figures.length / 2];
  }
}
