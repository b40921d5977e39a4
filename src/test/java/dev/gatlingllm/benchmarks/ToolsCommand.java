package dev.gatlingllm.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Measures what different load generators cost with the same streams of the same server:
 *
 * <pre>{@code
 * mvn test-compile exec:java@tools
 * mvn test-compile exec:java@tools -Dexec.args="--vllm-functions endpoint_request_func.py"
 * }</pre>
 *
 * Those that are not installed are left out. The cost is the processor time of all threads of the
 * process. Programs other than Gatling are measured after ten seconds; they have no JIT compiler.
 */
@Command(name = "tools", header = "Measures what different load generators cost.")
public final class ToolsCommand implements Callable<Integer> {

  @Mixin private RoundOptions options = new RoundOptions(60, 20, 3);

  @Option(
      names = "--streams",
      paramLabel = "NUMBER",
      description = "open at once (default: ${DEFAULT-VALUE})")
  private int streams = 128;

  @Option(
      names = "--tools",
      split = ",",
      paramLabel = "NAME",
      description = "to compare with the first (default: ${DEFAULT-VALUE})")
  private List<ToolKind> tools = List.of(ToolKind.values());

  @Option(
      names = "--python",
      paramLabel = "PROGRAM",
      description =
          "the interpreter that has aiohttp, and vllm if installed (default: ${DEFAULT-VALUE})")
  private String python = "python3";

  @Option(
      names = "--vllm-functions",
      paramLabel = "FILE",
      description =
          "vLLM's vllm/benchmarks/lib/endpoint_request_func.py, for where the package is not"
              + " installed (default: none)")
  private @Nullable Path vllmFunctions;

  private ToolsCommand() {}

  /** Runs the load generators and prints a table; exits with 2 for invalid arguments. */
  public static void main(String[] arguments) {
    LoadOptions.run(new ToolsCommand(), arguments);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    System.out.println(Machine.describe());
    Path folder = Files.createTempDirectory("gatling-llm-tools");
    try {
      ToolProcess programs = new ToolProcess(folder, python, vllmFunctions);
      List<ToolKind> present = new ArrayList<>();
      List<String> missing = new ArrayList<>();
      for (ToolKind tool : tools) {
        if (tool.client() != null || programs.isInstalled(tool)) {
          present.add(tool);
        } else {
          missing.add(tool.toString());
        }
      }
      for (Placement placement : options.placements()) {
        System.out.println("\n" + compared(placement, present, programs));
      }
      if (!missing.isEmpty()) {
        System.out.println("Left out, not installed: " + String.join(", ", missing));
      }
    } finally {
      Folders.delete(folder);
    }
    return 0;
  }

  private String compared(Placement placement, List<ToolKind> present, ToolProcess programs)
      throws IOException, InterruptedException {
    ServerPace pace = ServerPace.even(streams);
    Map<ToolKind, List<ToolCost>> costs = new EnumMap<>(ToolKind.class);
    try (ServerProcess server = new ServerProcess(placement, pace)) {
      for (int round = 0; round < options.rounds(); round++) {
        for (ToolKind tool : present) {
          ClientKind client = tool.client();
          Load load = options.load(client == null ? ClientKind.PLAIN : client, streams);
          costs
              .computeIfAbsent(tool, unseen -> new ArrayList<>())
              .add(
                  client == null
                      ? programs.run(tool, server, placement, load, pace)
                      : ToolCost.of(Run.of(server, placement, load)));
        }
      }
    }
    return streams + " streams, " + placement.name() + "; " + pace + ":\n\n" + table(costs);
  }

  /** Returns the costs as a table: of each its median round, and the ratio to the first. */
  static String table(Map<ToolKind, List<ToolCost>> costs) {
    MarkdownTable table = new MarkdownTable("client", "tokens/s", "CPU-s per million", "× first");
    double first = Double.NaN;
    for (Map.Entry<ToolKind, List<ToolCost>> entry : costs.entrySet()) {
      List<ToolCost> sorted = new ArrayList<>(entry.getValue());
      sorted.sort(Comparator.comparingDouble(ToolCost::cpuPerMillion));
      ToolCost median = sorted.get(sorted.size() / 2);
      first = Double.isNaN(first) ? median.cpuPerMillion() : first;
      table.add(
          entry.getKey() + ": " + entry.getKey().work(),
          Numbers.whole(median.tokensPerSecond()),
          median.cpuPerMillion(),
          median.cpuPerMillion() / first);
    }
    return table.toString();
  }
}
