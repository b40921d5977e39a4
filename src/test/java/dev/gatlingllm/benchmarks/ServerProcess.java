package dev.gatlingllm.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The process of a {@link BenchmarkServer}. Used by one thread. */
final class ServerProcess implements AutoCloseable {

  private static final int PATIENCE_SECONDS = 10;

  private final Process process;
  private final BufferedReader said;
  private final PrintStream orders;
  private final String baseUrl;

  /**
   * @param placement where it runs
   * @param pace times of its tokens
   */
  ServerProcess(Placement placement, ServerPace pace) throws IOException {
    process =
        new JavaProcess(placement.serverCpus())
            .running(BenchmarkServer.class, pace.arguments().toArray(String[]::new))
            .start();
    said =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    orders = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    baseUrl = expect(BenchmarkServer.READY).substring(BenchmarkServer.READY.length());
  }

  String baseUrl() {
    return baseUrl;
  }

  /** Returns the processor time used so far. */
  Duration cpu() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /** Returns the records of all requests that ended since the last call. */
  List<StreamMoments> truth(Path file) throws IOException {
    orders.println(file);
    expect(BenchmarkServer.WRITTEN);
    return StreamMoments.read(file);
  }

  private String expect(String beginning) throws IOException {
    StringBuilder all = new StringBuilder();
    for (String line; (line = said.readLine()) != null; ) {
      if (line.startsWith(beginning)) {
        return line;
      }
      all.append(line).append('\n');
    }
    throw new IOException("the server ended: " + all);
  }

  @Override
  public void close() throws IOException {
    orders.close();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    said.close();
  }
}
