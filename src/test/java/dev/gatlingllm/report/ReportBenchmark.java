package dev.gatlingllm.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What it costs to write what a run came to: {@code tokens.json}, and the data of the report's
 * first page; beside Jackson writing the same file from a tree that is there already.
 *
 * <pre>{@code
 * mvn -q test-compile exec:exec@jmh -Djmh.args="ReportBenchmark -prof gc -f 1 -wi 3 -i 3 -w 1 -r 1"
 * }</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ReportBenchmark {

  private static final ObjectMapper JSON = new ObjectMapper();

  private RunReport report;
  private JsonNode tree;

  /** Takes a busy run, measured already. */
  @Setup
  public void run() throws IOException {
    RunReport busy = SampleRun.busy();
    var summary = busy.summary();
    report = new RunReport(busy.info(), summary);
    tree = JSON.readTree(file());
  }

  /** The file. */
  @Benchmark
  public String file() throws IOException {
    StringWriter json = new StringWriter();
    TokensJson.write(report, json);
    return json.toString();
  }

  /** What the first page is drawn from. */
  @Benchmark
  public String page() {
    return new TokensPage(report).index();
  }

  /** As much of the same as is only writing. */
  @Benchmark
  public String jackson() throws JsonProcessingException {
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(tree);
  }
}
