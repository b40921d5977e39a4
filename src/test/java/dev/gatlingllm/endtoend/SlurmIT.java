package dev.gatlingllm.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatlingllm.benchmarks.GatlingHost;
import dev.gatlingllm.benchmarks.ShortRun;
import dev.gatlingllm.endtoend.GatlingFork.Run;
import dev.gatlingllm.endtoend.SlurmCluster.Ended;
import dev.gatlingllm.metrics.Percentile;
import dev.gatlingllm.server.SimulatedServer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The batch script of {@code examples/slurm}, submitted to a Slurm of this machine, and a run of
 * the same load by one load generator.
 */
@Tag("recipe")
class SlurmIT {

  private static final int SHARDS = 4;
  private static final Path SCRIPT = Path.of("examples/slurm/load-test.sbatch").toAbsolutePath();

  /** For the jobs of all tests, which run side by side. */
  private static final int NODES = SHARDS + 2 + 2;

  @TempDir static Path folder;
  private static String javaOptions;
  private static Path project;
  private static SimulatedServer server;
  private static RecordingProxy proxy;
  private static SlurmCluster slurm;
  private static Future<Job> failing;
  private static Future<Job> killed;

  @BeforeAll
  static void startCluster() throws IOException, InterruptedException {
    assumeThat(SlurmCluster.missingPrograms())
        .as("missing programs of Slurm (Debian: munge slurmctld slurmd slurm-client)")
        .isEmpty();
    javaOptions =
        "-Xmx256m "
            + String.join(" ", ShortRun.OPTIONS)
            + " "
            + String.join(" ", GatlingHost.archive());
    project = Files.createDirectory(folder.resolve("project"));
    Files.writeString(
        Files.createDirectory(project.resolve("target")).resolve("classpath"), classPath());
    server = SimulatedServer.start(settings -> settings.tokenizer(GatlingFork.TOKENIZER));
    proxy = RecordingProxy.to(server.baseUrl());
    slurm = SlurmCluster.start(Files.createDirectory(folder.resolve("slurm")), NODES);
    failing = submitted(Map.of("MEAN_TOKENS", "2"));
    killed = submitted(Map.of("KILLED_TASK", "1"));
  }

  private static String classPath() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  @AfterAll
  static void endAll() throws IOException {
    if (slurm != null) {
      slurm.close();
    }
    if (proxy != null) {
      proxy.close();
    }
    if (server != null) {
      server.close();
    }
  }

  private static Future<Job> submitted(Map<String, String> variables) {
    FutureTask<Job> job = new FutureTask<>(() -> submit(2, server.baseUrl(), variables));
    new Thread(job, "job").start();
    return job;
  }

  /** The load of all runs. */
  private static Map<String, String> settings(String baseUrl) {
    return Map.of(
        "LLM_BASE_URL", baseUrl,
        "LLM_TOKENIZER", GatlingFork.TOKENIZER.name(),
        "LLM_SERVER_METRICS", "off",
        "LLM_RATE", "4",
        "LLM_DURATION", "5s",
        "LLM_WARMUP", "0s");
  }

  /** Submits the script as a user does, and waits for the end of the job. */
  private static Job submit(int shards, String baseUrl, Map<String, String> variables)
      throws IOException, InterruptedException {
    Map<String, String> environment = new HashMap<>(settings(baseUrl));
    environment.put(
        "PATH",
        Path.of(System.getProperty("java.home"), "bin")
            + File.pathSeparator
            + System.getenv("PATH"));
    environment.put("JDK_JAVA_OPTIONS", javaOptions);
    environment.put("READY_AFTER", "10s");
    environment.putAll(variables);
    Ended sbatch =
        slurm.run(
            project,
            environment,
            "sbatch",
            "--parsable",
            "--cpus-per-task=1",
            "--nodes=" + shards,
            "--ntasks=" + shards,
            SCRIPT.toString(),
            ShardedChat.class.getName());
    assertThat(sbatch.exit()).as(sbatch.output()).isZero();
    String id = sbatch.output().strip();
    return new Job(
        slurm.exitCodeOf(id),
        Files.readString(project.resolve("slurm-" + id + ".out")),
        project.resolve("reports").resolve("slurm-" + id));
  }

  /** A job that has ended: its exit code, what it printed, and the folder of its results. */
  private record Job(int exit, String output, Path results) {

    Run merged() {
      return new Run(exit, output, results.resolve("merged"));
    }

    List<Run> shards() throws IOException {
      try (Stream<Path> folders = Files.walk(results, 2)) {
        return folders
            .filter(run -> results.relativize(run).toString().matches("shard-\\d/shardedchat-\\d+"))
            .sorted()
            .map(run -> new Run(0, "", run))
            .toList();
      }
    }
  }

  @Test
  void fourShardsAreTheRunOfOneLoadGenerator() throws Exception {
    GatlingFork fork = new GatlingFork(Files.createDirectory(folder.resolve("single")));
    settings(proxy.baseUrl()).forEach(fork::withEnvironment);
    Run single = fork.run(ShardedChat.class);
    assertThat(single.exit()).as(single.output()).isZero();
    List<String> bodies = proxy.takeBodies();
    String meanTokens = single.tokens().at("/metrics/outputTokens/mean").asText();

    Job job = submit(SHARDS, proxy.baseUrl(), Map.of("MEAN_TOKENS", meanTokens));

    assertThat(job.exit()).as(job.output()).isZero();
    assertThat(proxy.takeBodies()).hasSizeGreaterThan(20).isEqualTo(bodies);
    assertThat(job.shards())
        .hasSize(SHARDS)
        .allSatisfy(shard -> assertThat(shard.requests()).isNotEmpty());
    assertThat(job.shards().get(2).tokens().at("/run/shard").toString())
        .contains("\"index\":3,\"count\":4,\"source\":\"SLURM_PROCID=2, SLURM_NTASKS=4 of step ");
    sameCounts(job.merged(), single);
    timesOfAllRequests(job.merged(), job.shards());
    judgedOnTheWhole(job, meanTokens);
  }

  private static void sameCounts(Run merged, Run single) throws IOException {
    JsonNode actual = merged.tokens();
    JsonNode expected = single.tokens();
    assertThat(turns(merged)).isEqualTo(turns(single));
    for (String figure :
        List.of(
            "/totals/requests",
            "/totals/ok",
            "/totals/ko",
            "/totals/conversations",
            "/totals/inputTokens",
            "/totals/outputTokens",
            "/totals/expectedReusablePercent",
            "/metrics/inputTokens",
            "/metrics/outputTokens",
            "/byTurn/1/totals/requests",
            "/byTurn/2/metrics/inputTokens",
            "/byGroup/1/totals/requests",
            "/byGroup/2/metrics/outputTokens")) {
      assertThat(actual.at(figure)).as(figure).isEqualTo(expected.at(figure));
      assertThat(actual.at(figure).isMissingNode()).as(figure).isFalse();
    }
  }

  /** Which turn of which conversation was sent, with the length of its prompt. */
  private static Set<String> turns(Run run) throws IOException {
    return run.requests().stream()
        .map(
            request ->
                Stream.of("conversation", "group", "turn", "inputTokens")
                    .map(field -> request.get(field).asText())
                    .collect(Collectors.joining(" ")))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static void timesOfAllRequests(Run merged, List<Run> shards) throws IOException {
    List<JsonNode> requests = new ArrayList<>();
    for (Run shard : shards) {
      requests.addAll(shard.requests());
    }
    for (String metric : List.of("ttft", "ttfo", "tpot", "e2e")) {
      double[] times =
          requests.stream()
              .map(request -> request.get(metric + "Millis"))
              .filter(time -> !time.isNull())
              .mapToDouble(JsonNode::asDouble)
              .sorted()
              .toArray();
      JsonNode figures = merged.tokens().at("/metrics/" + metric);
      assertThat(figures.get("count").asInt()).as(metric).isEqualTo(times.length);
      Map.of("min", 0, "p50", 50, "p75", 75, "p90", 90, "p95", 95, "max", 100)
          .forEach(
              (field, percentile) ->
                  assertThat(figures.get(field).asDouble())
                      .as(metric + " " + field)
                      .isCloseTo(
                          Percentile.of(percentile, times.length, rank -> times[(int) rank - 1]),
                          within(0.002 + 0.002 * times[times.length - 1])));
    }
  }

  /** The assertion holds for all shards together, and for no shard. */
  private static void judgedOnTheWhole(Job job, String meanTokens) throws IOException {
    assertThat(job.merged().texts().get("assertions.xml")).contains("failures=\"0\"");
    assertThat(job.shards())
        .allSatisfy(
            shard ->
                assertThat(shard.tokens().at("/metrics/outputTokens/mean").asText())
                    .isNotEqualTo(meanTokens));
  }

  @Test
  void assertionThatFailsOnTheWholeFailsTheJob() throws Exception {
    Job job = failing.get();

    assertThat(job.exit()).as(job.output()).isEqualTo(2);
    assertThat(job.output()).contains("output tokens mean is at most 2.001 tokens");
    assertThat(job.merged().texts().get("assertions.xml")).contains("failures=\"1\"");
  }

  @Test
  void killedShardFailsTheJob() throws Exception {
    Job job = killed.get();

    assertThat(job.exit()).as(job.output()).isEqualTo(1);
    assertThat(job.output())
        .contains(
            "A shard ended with exit code 137: see reports/slurm-",
            "Cannot merge: shard 2/2 is not complete: reports/slurm-");
    assertThat(job.merged().folder()).doesNotExist();
  }
}
