package dev.gatlingllm.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs load generators that are other programs. Used by one thread. */
final class ToolProcess {

  /** Such a program needs no longer: it has no JIT compiler. */
  private static final int WARM_UP_SECONDS = 10;

  private final Path folder;
  private final String python;
  private final @Nullable Path vllmFunctions;

  /**
   * @param folder for scripts and outputs
   * @param python the interpreter
   * @param vllmFunctions vLLM's {@code endpoint_request_func.py}; null to import it from the
   *     package
   */
  ToolProcess(Path folder, String python, @Nullable Path vllmFunctions) throws IOException {
    this.folder = folder;
    this.python = python;
    this.vllmFunctions = vllmFunctions;
    for (String script : List.of("streams.py", "streams.lua")) {
      try (InputStream in = ToolProcess.class.getResourceAsStream(script)) {
        Files.copy(in, folder.resolve(script), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  /** Returns whether a program can run here. */
  boolean isInstalled(ToolKind tool) throws InterruptedException {
    List<String> command =
        tool == ToolKind.WRK ? List.of("wrk", "--version") : python(tool, List.of("version"));
    try {
      int status =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("version.txt").toFile())
              .start()
              .waitFor();
      // wrk prints its usage, too, and exits with 1
      return status == 0 || tool == ToolKind.WRK;
    } catch (IOException missing) {
      return false;
    }
  }

  private List<String> python(ToolKind tool, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(python);
    command.add(folder.resolve("streams.py").toString());
    command.add(tool == ToolKind.VLLM ? "vllm" : "aiohttp");
    command.addAll(arguments);
    if (tool == ToolKind.VLLM && vllmFunctions != null) {
      command.add(vllmFunctions.toString());
    }
    return command;
  }

  /** Runs a program with a load and returns its cost. */
  ToolCost run(ToolKind tool, ServerProcess server, Placement placement, Load load, ServerPace pace)
      throws IOException, InterruptedException {
    int warmUp = Math.min(WARM_UP_SECONDS, load.warmUpSeconds());
    double longestSeconds =
        (pace.firstTokenMillis() + pace.tokenMillis() * load.longestResponse()) / 1e3;
    int after = 2 + (int) Math.ceil(longestSeconds);
    Path output = folder.resolve(tool.name() + ".txt");
    Process process =
        new ProcessBuilder(
                command(tool, server, placement, load, warmUp + load.seconds() + 2 * after))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      TimeUnit.SECONDS.sleep(warmUp);
      long begin = System.nanoTime();
      long before = cpuNanos(process);
      TimeUnit.SECONDS.sleep(load.seconds());
      long used = cpuNanos(process) - before;
      long end = System.nanoTime();
      // the server reports responses that ended
      TimeUnit.SECONDS.sleep(after);
      if (!process.isAlive()) {
        throw new IOException(tool + " failed: " + Files.readString(output));
      }
      return ToolCost.of(server.truth(folder.resolve("truth.bin")), begin, end, used);
    } finally {
      process.destroy();
      process.waitFor();
    }
  }

  private List<String> command(
      ToolKind tool, ServerProcess server, Placement placement, Load load, int seconds) {
    List<String> command = new ArrayList<>();
    if (!placement.clientCpus().isEmpty()) {
      command.addAll(List.of("taskset", "-c", placement.clientCpus()));
    }
    String url = server.baseUrl() + "/v1/chat/completions";
    String shortest = Integer.toString(load.shortestResponse());
    String longest = Integer.toString(load.longestResponse());
    if (tool == ToolKind.WRK) {
      command.addAll(List.of("wrk", "-t1", "-c" + load.streams(), "-d" + seconds + "s"));
      command.addAll(List.of("--timeout", "600s", "-s", folder.resolve("streams.lua").toString()));
      command.addAll(List.of(url, "--", shortest, longest));
    } else {
      command.addAll(
          python(tool, List.of(url, Integer.toString(load.streams()), shortest, longest)));
    }
    return command;
  }

  /** Returns the processor time of all threads of a process so far, those that ended included. */
  private static long cpuNanos(Process process) {
    return process.info().totalCpuDuration().orElseThrow().toNanos();
  }
}
