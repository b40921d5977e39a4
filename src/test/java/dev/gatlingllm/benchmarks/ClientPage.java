package dev.gatlingllm.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Compares the costs of clients at one load with those of the first, or of two builds. */
final class ClientPage {

  private final Placement placement;
  private final ServerPace pace;
  private final int streams;
  private final Map<String, List<Run>> runs = new LinkedHashMap<>();
  private final Map<ClientKind, CostRatio> ratios = new EnumMap<>(ClientKind.class);

  ClientPage(Placement placement, ServerPace pace, int streams) {
    this.placement = placement;
    this.pace = pace;
    this.streams = streams;
  }

  void add(Build build, Run run) {
    runs.computeIfAbsent(build.nameOf(run.load().kind()), unseen -> new ArrayList<>()).add(run);
  }

  /** Adds a round of one client with two builds, one after the other. */
  void addPair(Build build, Run run, Build other, Run otherRun) {
    add(build, run);
    add(other, otherRun);
    ratios
        .computeIfAbsent(run.load().kind(), unseen -> new CostRatio())
        .add(run.cpuPerMillion(), otherRun.cpuPerMillion());
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
            "JIT",
            "rest",
            "JIT quiet after",
            "B per token",
            "KB per stream",
            "delay p50",
            "delay p99");
    double first = Double.NaN;
    for (Map.Entry<String, List<Run>> entry : runs.entrySet()) {
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
          median(of, Run::compilerCpuPerMillion),
          median(of, Run::restCpuPerMillion),
          quietAfter(of),
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
        + table
        + "\nCPU: of all threads of the client, the virtual machine's compilers (JIT) included, in"
        + " the measured "
        + runs.values().iterator().next().get(0).load().seconds()
        + " s. JIT quiet after: seconds from the first response until the compilers stayed below 2"
        + " % of a processor in any ten seconds; the worst round.\n"
        + ratios();
  }

  private static String range(List<Run> runs) {
    double[] costs = runs.stream().mapToDouble(Run::cpuPerMillion).sorted().toArray();
    return Numbers.shortly(costs[0]) + "–" + Numbers.shortly(costs[costs.length - 1]);
  }

  private String ratios() {
    StringBuilder lines = new StringBuilder();
    ratios.forEach(
        (client, ratio) ->
            lines.append("\n- ").append(client).append(": this build costs ").append(ratio));
    return lines + (ratios.isEmpty() ? "" : "\n");
  }

  private static String quietAfter(List<Run> runs) {
    double worst = 0;
    for (Run run : runs) {
      double after = run.notes().compilerQuietAfter();
      if (Double.isNaN(after)) {
        return "not in " + (run.notes().compilerNanos().size() - 1) + " s";
      }
      worst = Math.max(worst, after);
    }
    return Numbers.whole(worst) + " s";
  }

  private static double median(List<Run> runs, ToDoubleFunction<Run> figure) {
    double[] figures = runs.stream().mapToDouble(figure).toArray();
    Arrays.sort(figures);
    return figures[figures.length / 2];
  }
}
