package dev.gatlingllm.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a {@link StreamingClient} in a process of its own. */
final class ClientProcess {

  /** Time to start, to receive the last responses and to stop, beyond the load itself. */
  private static final int PATIENCE_SECONDS = 180;

  private ClientProcess() {}

  /**
   * Runs a client to its end.
   *
   * @param placement where it runs, and with what options of the virtual machine
   * @param build the library that it uses
   * @param load what it does
   * @param baseUrl the server
   * @param folder an empty one, for what it leaves
   */
  static void run(Placement placement, Build build, Load load, String baseUrl, Path folder)
      throws IOException, InterruptedException {
    JavaProcess java =
        new JavaProcess(placement.clientCpus())
            .withClassPath(build.classPath())
            .with(placement.clientOptions());
    if (load.kind() != ClientKind.OBSERVED) {
      run(java.with("llm.serverMetrics", "off"), load, baseUrl, folder);
      return;
    }
    try (Observers observers = new Observers()) {
      run(observers.givenTo(java), load, baseUrl, folder);
    }
  }

  private static void run(JavaProcess java, Load load, String baseUrl, Path folder)
      throws IOException, InterruptedException {
    Path output = folder.resolve("output.txt");
    Process process =
        load.givenTo(java)
            .with(StreamingClient.FOLDER, folder)
            .with("llm.baseUrl", baseUrl)
            .running(
                "io.gatling.app.Gatling",
                "-s",
                StreamingClient.class.getName(),
                "-rf",
                folder.toString(),
                "-nr")
            .redirectOutput(output.toFile())
            .start();
    int patience = PATIENCE_SECONDS + load.warmUpSeconds() + load.seconds();
    try {
      if (!process.waitFor(patience, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException("the client failed: " + tail(output));
      }
    } finally {
      process.destroyForcibly();
    }
  }

  private static String tail(Path output) throws IOException {
    List<String> lines = Files.readAllLines(output, StandardCharsets.UTF_8);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
  }
}
