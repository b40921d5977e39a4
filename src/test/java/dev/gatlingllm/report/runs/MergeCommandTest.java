package dev.gatlingllm.report.runs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatlingllm.cli.Main;
import dev.gatlingllm.metrics.Accumulators;
import dev.gatlingllm.metrics.Comparison;
import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.Indicator;
import dev.gatlingllm.metrics.Objectives;
import dev.gatlingllm.metrics.Response;
import dev.gatlingllm.metrics.Response.OutputTokensSource;
import dev.gatlingllm.metrics.ResponseBuilder;
import dev.gatlingllm.metrics.RunAccumulator;
import dev.gatlingllm.metrics.Window;
import dev.gatlingllm.report.Load;
import dev.gatlingllm.report.RunInfo;
import dev.gatlingllm.report.RunReport;
import dev.gatlingllm.report.StateFile;
import dev.gatlingllm.report.TokensJson;
import dev.gatlingllm.report.assertion.Asserted;
import dev.gatlingllm.report.assertion.Assertions;
import dev.gatlingllm.report.assertion.ResponseFilter;
import dev.gatlingllm.report.assertion.TestCase;
import dev.gatlingllm.report.assertion.TokenAssertion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MergeCommandTest {

  private static final List<Response> RESPONSES = Load.responses(300);

  @TempDir Path results;

  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private Path one;
  private Path other;

  /** The folders that each test gets copies of. */
  @TempDir static Path shards;

  @BeforeAll
  static void leaveTwoShards() throws IOException {
    Load.leave(shards.resolve("one"), RESPONSES, Load.ofShard(0, 2), true, true);
    Load.leave(shards.resolve("other"), RESPONSES, Load.ofShard(1, 2), true, true);
  }

  @BeforeEach
  void twoShards() throws IOException {
    one = copy("one");
    other = copy("other");
  }

  private Path copy(String shard) throws IOException {
    return copy(shard, shard);
  }

  private Path copy(String shard, String name) throws IOException {
    Path folder = Files.createDirectory(results.resolve(name));
    try (Stream<Path> files = Files.list(shards.resolve(shard))) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
    return folder;
  }

  private int merge(Object... arguments) {
    PrintWriter out = new PrintWriter(said, true);
    String[] words = new String[arguments.length];
    for (int i = 0; i < words.length; i++) {
      words[i] = arguments[i].toString();
    }
    return Main.of(new MergeCommand()).setOut(out).setErr(out).execute(words);
  }

  private static ObjectNode figures(Path folder) throws IOException {
    ObjectNode tokens =
        (ObjectNode) new ObjectMapper().readTree(folder.resolve(TokensJson.FILE_NAME).toFile());
    tokens.remove("notes");
    return tokens;
  }

  /** Sums in another order may differ in the last digits, and so in the last decimal written. */
  private static void assertSame(JsonNode actual, JsonNode expected) {
    boolean same =
        actual.equals(
            (one, other) ->
                one.equals(other)
                        || one.isNumber()
                            && other.isNumber()
                            && Math.abs(one.asDouble() - other.asDouble())
                                <= 0.0011 + 1e-6 * Math.abs(other.asDouble())
                    ? 0
                    : 1,
            expected);
    assertThat(same).as("%s should be %s", actual, expected).isTrue();
  }

  @Test
  void mergesTwoShardsIntoTheFiguresOfTheWholeLoad() throws Exception {
    Path merged = results.resolve("merged");
    assertThat(merge(one, other, "--into", merged)).as(said.toString()).isZero();

    Path whole = Files.createDirectory(results.resolve("whole"));
    RunAccumulator all = Load.recorded(RESPONSES, response -> true);
    TokensJson.write(new RunReport(Load.info(merged), all.summary()), whole);
    assertSame(figures(merged), figures(whole));
  }

  /** Behind one of two load generators, nothing comes for four seconds. */
  @Test
  void tellsOfTheStallOfOneRunWhichTheTokensOfTheOthersHide() throws Exception {
    List<Response> all = new ArrayList<>();
    for (int i = 0; i < 95; i++) {
      all.add(response(2L, 100 * i, 20));
      if (i < 41 || i > 88) {
        all.add(response(1L, 100 * i, 20));
      }
    }
    for (int i = 0; i < 4; i++) {
      all.add(response(1L, 4_200, 4_600 + i));
    }
    all.sort(Comparator.comparingLong(response -> response.timing().endNanos()));
    Path silent = Load.leave(results.resolve("silent"), all, ofUser(1), true, true);
    Path steady = Load.leave(results.resolve("steady"), all, ofUser(2), true, true);
    Path merged = results.resolve("merged");
    assertThat(merge(silent, steady, "--into", merged)).as(said.toString()).isZero();

    JsonNode tokens = new ObjectMapper().readTree(merged.resolve(TokensJson.FILE_NAME).toFile());
    assertThat(tokens.get("notes"))
        .filteredOn(note -> note.get("kind").asText().equals("stall"))
        .singleElement()
        .satisfies(
            note -> assertThat(note.get("text").asText()).startsWith("silent: While 4 requests"));
    assertThat(tokens.at("/verdict/level").asText()).isEqualTo("doubtful");
  }

  private static Predicate<Response> ofUser(long user) {
    return response -> response.who().user() == user;
  }

  private static Response response(long user, long writtenMillis, long ttftMillis) {
    long written = writtenMillis * 1_000_000;
    long first = written + ttftMillis * 1_000_000;
    return ResponseBuilder.to("support chat", "answer", user)
        .times(Load.START_MILLIS + writtenMillis, written, first + 20_000_000)
        .chunks(first, first + 10_000_000, first + 20_000_000)
        .promptTokens(100, 0)
        .output(3, OutputTokensSource.USAGE)
        .finishReason("stop")
        .build();
  }

  @Test
  void mergesTheShardsInAFolderThatItFindsItself() throws Exception {
    shard(1, one, new Assertions(List.of(), List.of()));
    shard(2, other, new Assertions(List.of(), List.of()));
    Path merged = results.resolve("merged");

    assertThat(merge("--wait", results + "/o*", "--expect", "2", "--into", merged)).isZero();
    assertThat(figures(merged).at("/totals/requests").asInt()).isPositive();
    assertThat(merge("--wait=1m", "--into", results.resolve("m"), "--expect", "2", results))
        .isEqualTo(1);
    assertThat(said.toString()).contains("merged is a merged run, and no shard");
  }

  @Test
  void tellsRunsApartWhoseFoldersHaveTheSameName() throws Exception {
    shard(1, one, Assertions.NONE);
    shard(2, other, Assertions.NONE);
    Path first = Files.move(one, Files.createDirectory(results.resolve("a")).resolve("run"));
    Path second = Files.move(other, Files.createDirectory(results.resolve("b")).resolve("run"));

    assertThat(merge(first, second, "--into", results.resolve("merged"))).isZero();
    assertThat(said.toString()).contains("merges 2 runs: a/run (shard 1/2), b/run (shard 2/2)");
    assertThat(Files.readAllLines(results.resolve("merged/requests.jsonl")))
        .anyMatch(line -> line.endsWith(",\"run\":\"a/run\"}"))
        .anyMatch(line -> line.endsWith(",\"run\":\"b/run\"}"));
  }

  @Test
  void judgesAssertionsOnTheWholeLoad() throws Exception {
    // each half of the load has about 113 tokens/s
    shard(1, one, assertions(atLeast(200)));
    shard(2, other, assertions(atLeast(200)));
    Path merged = results.resolve("merged");

    assertThat(merge(one, other, "--expect", "2", "--into", merged)).isZero();
    assertThat(said.toString()).contains("1 assertion holds");
    assertThat(merged.resolve("assertions.xml"))
        .content()
        .contains(
            "tests=\"1\" failures=\"0\"", "name=\"output tokens/s is at least 200 tokens/s\"");
  }

  @Test
  void failsIfAnAssertionFailsOnTheWholeAlone() throws Exception {
    TokenAssertion limit = new TokenAssertion(OUTPUT_RATE, Comparison.LESS, 150, 150);
    shard(1, one, assertions(limit));
    shard(2, other, assertions(limit));
    Path merged = results.resolve("merged");

    assertThat(merge(one, other, "--expect", "2", "--into", merged)).isEqualTo(2);
    assertThat(said.toString().replaceAll("\\s+", " "))
        .contains(
            "BAD. 1 assertion failed: output tokens/s is less than 150 tokens/s, but it is 226.1",
            "1 of 1 assertion failed");
    assertThat(merged.resolve("assertions.xml"))
        .content()
        .contains("failures=\"1\"", "<failure message=\"it is 226.1");
    assertThat(figures(merged).at("/verdict/text").asText()).startsWith("1 assertion failed");
    assertThat(merged.resolve("index.html")).content().contains("1 assertion failed");
  }

  @Test
  void failsIfAShardFailedAnAssertionOfGatlings() throws Exception {
    TestCase held = TestCase.held("Global: count of failed events is 0.0");
    shard(1, one, new Assertions(List.of(), List.of(held)));
    shard(2, other, new Assertions(List.of(), List.of(TestCase.failed(held.name(), "it is 3"))));
    Path merged = results.resolve("merged");

    assertThat(merge(one, other, "--expect", "2", "--into", merged)).isEqualTo(2);
    assertThat(said.toString().replaceAll("\\s+", " "))
        .contains(
            "1 assertion failed: other: Global: count of failed events is 0.0, but it is 3",
            "1 of 2 assertions failed");
    assertThat(merged.resolve("assertions.xml"))
        .content()
        .contains("name=\"one: Global: count of failed events is 0.0\"></testcase>")
        .contains(
            "name=\"other: Global: count of failed events is 0.0\"><failure message=\"it is 3\">");
  }

  @Test
  void judgesAssertionsAgainWhenAMergedRunIsMerged() throws Exception {
    Assertions asserted = assertions(atLeast(200));
    shard(1, one, asserted);
    shard(2, other, asserted);
    assertThat(merge(one, "--into", results.resolve("half"))).isEqualTo(2);

    assertThat(merge(results.resolve("half"), other, "--into", results.resolve("m"))).isZero();
    assertThat(said.toString()).contains("1 of 1 assertion failed", "1 assertion holds");
  }

  private static final Asserted OUTPUT_RATE =
      new Asserted.OfResponses(Indicator.of(Figure.OUTPUT_TOKENS_PER_SECOND), ResponseFilter.ALL);

  private static TokenAssertion atLeast(double tokensPerSecond) {
    return new TokenAssertion(
        OUTPUT_RATE, Comparison.GREATER_OR_EQUAL, tokensPerSecond, tokensPerSecond);
  }

  private static Assertions assertions(TokenAssertion onTokens) {
    return new Assertions(List.of(onTokens), List.of());
  }

  private static void shard(int index, Path folder, Assertions assertions) throws IOException {
    shard(index, 2, folder, assertions);
  }

  private static void shard(int index, int count, Path folder, Assertions assertions)
      throws IOException {
    RunAccumulator state = StateFile.read(folder).orElseThrow().state();
    StateFile.write(ShardInfos.shard(index, count).withAssertions(assertions), state, true, folder);
  }

  @ParameterizedTest
  @CsvSource({
    "2, 2, false, ''",
    "4, 4, true, 'of the shards, only 1, 2 are there'",
    "2, 3, true, 'one is there twice, or of another load'"
  })
  void warnsOfShardsThatAreNotAWholeLoad(int count, int others, boolean warned, String why)
      throws Exception {
    shard(1, count, one, new Assertions(List.of(), List.of()));
    shard(2, others, other, new Assertions(List.of(), List.of()));

    assertThat(merge(one, other, "--into", results.resolve("merged"))).isZero();
    assertThat(said.toString().replaceAll("\\s+", " ").contains("are not the " + count + " shards"))
        .isEqualTo(warned);
    assertThat(said.toString().replaceAll("\\s+", " ")).contains(why);
  }

  @Test
  void namesSettingsThatDiffer() throws Exception {
    settings(one, 1, "users", "8", "outputTokens", "64", "baseUrl", "http://a");
    settings(other, 2, "users", "16", "outputTokens", "64", "baseUrl", "http://b", "turns", "3");

    assertThat(merge(one, other, "--into", results.resolve("merged"))).isZero();
    assertThat(said.toString().replaceAll("\\s+", " "))
        .contains("The runs had different llm.users: 8 (one), 16 (other).")
        .doesNotContain("different llm.outputTokens", "different llm.baseUrl", "llm.turns");
  }

  private static void settings(Path folder, int index, String... settings) throws IOException {
    RunAccumulator state = StateFile.read(folder).orElseThrow().state();
    StateFile.write(ShardInfos.shard(index, 2, settings), state, true, folder);
  }

  @Test
  void namesTheLoadGeneratorsThatBeganLate() throws Exception {
    for (Path folder : List.of(one, other)) {
      long late = folder == one ? 400 : 3_200;
      String moment = Instant.ofEpochMilli(Load.START_MILLIS - late).toString();
      RunAccumulator state = StateFile.read(folder).orElseThrow().state();
      int index = folder == one ? 1 : 2;
      StateFile.write(ShardInfos.shard(index, 2, "startAt", moment), state, true, folder);
    }

    assertThat(merge(one, other, "--into", results.resolve("merged"))).isZero();
    assertThat(said.toString().replaceAll("\\s+", " "))
        .contains(
            "1 load generator began more than a second after llm.startAt: other (shard 2/2) by 3.2"
                + " s. Until then, the server had less load.");
  }

  @Test
  void mergesAMergedRunWithAThirdOne() throws Exception {
    List<Response> responses = Load.responses(200);
    Path a = Load.leave(results.resolve("a"), responses, Load.ofShard(0, 3), true, true);
    Path b = Load.leave(results.resolve("b"), responses, Load.ofShard(1, 3), true, true);
    Path c = Load.leave(results.resolve("c"), responses, Load.ofShard(2, 3), true, true);

    assertThat(merge(a, b, "--into", results.resolve("ab"))).isZero();
    assertThat(merge(results.resolve("ab"), c, "--into", results.resolve("abc"))).isZero();
    assertThat(merge(c, b, a, "--into", results.resolve("at once"))).isZero();

    ObjectNode stepwise = figures(results.resolve("abc"));
    ObjectNode atOnce = figures(results.resolve("at once"));
    ((ObjectNode) stepwise.get("run")).remove("id");
    ((ObjectNode) atOnce.get("run")).remove("id");
    assertSame(stepwise, atOnce);
  }

  @ParameterizedTest
  @CsvSource({"http://a:8000, true", "http://b:8000, false"})
  void knowsTheCostOnlyIfAllAskedTheSameServer(String url, boolean isKnown) throws Exception {
    for (Path folder : List.of(one, other)) {
      RunAccumulator state = StateFile.read(folder).orElseThrow().state();
      RunInfo info = ShardInfos.at(folder == one ? "http://a:8000" : url, folder == one ? 1 : 2);
      StateFile.write(info, Accumulators.ofOneGpu(state), true, folder);
    }

    assertThat(merge(one, other, "--into", results.resolve("merged"))).isZero();

    JsonNode totals = figures(results.resolve("merged")).get("totals");
    assertThat(totals.path("outputTokensPerSecondPerGpu").isNumber()).isEqualTo(isKnown);
    assertThat(totals.path("costPerMillionOutputTokens").isNumber()).isEqualTo(isKnown);
  }

  @Test
  void refusesARunThatIsInAMergedRunToo() throws Exception {
    assertThat(merge(one, other, "--into", results.resolve("both"))).isZero();

    assertThat(merge(results.resolve("both"), other, "--into", results.resolve("more"))).isOne();
    assertThat(said.toString())
        .contains(
            "other would count twice: it is in %s and in %s. Leave one of them out"
                .formatted(results.resolve("both"), other));
    assertThat(results.resolve("more")).doesNotExist();
  }

  @Test
  void refusesACopyOfARun() throws Exception {
    Path again = Files.createDirectories(results.resolve("backup/one"));
    Files.copy(one.resolve(StateFile.FILE_NAME), again.resolve(StateFile.FILE_NAME));

    assertThat(merge(one, again, "--into", results.resolve("merged"))).isOne();
    assertThat(said.toString()).contains("one would count twice");
    said.reset();
    Path renamed = copy("one", "renamed");
    assertThat(merge(one, renamed, "--into", results.resolve("merged"))).isOne();
    assertThat(said.toString())
        .contains("one would count twice: it is in %s and in %s".formatted(one, renamed));
  }

  @Test
  void findsAllShardsWhereSomeAreMergedAlready() throws Exception {
    Path third = copy("one", "third");
    shard(1, 3, one, Assertions.NONE);
    shard(2, 3, other, Assertions.NONE);
    shard(3, 3, third, Assertions.NONE);
    Path two = results.resolve("two");
    Path all = results.resolve("all");

    assertThat(merge(one, other, "--into", two)).isZero();
    assertThat(said.toString()).contains("are not the 3 shards");
    said.reset();

    assertThat(merge(two, third, "--into", all)).isZero();
    assertThat(said.toString()).doesNotContain("are not the 3 shards");
    assertThat(Files.readAllLines(all.resolve("requests.jsonl")))
        .extracting(line -> line.replaceAll(".*?,\"run\":", ""))
        .containsOnly("\"one\"}", "\"other\"}", "\"third\"}");
  }

  @Test
  void mergesRequestsInOrderOfCompletionWithTheirRun() throws Exception {
    merge(one, other, "--into", results.resolve("merged"));

    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(results.resolve("merged/requests.jsonl"))) {
      lines.add(new ObjectMapper().readTree(line));
    }
    assertThat(lines).hasSize(RESPONSES.size());
    assertThat(lines)
        .extracting(line -> line.get("responseId").asText())
        .containsExactlyElementsOf(
            RESPONSES.stream().map(response -> response.outcome().responseId()).toList());
    assertThat(lines)
        .allMatch(
            line ->
                line.get("run")
                    .asText()
                    .equals(line.get("user").asInt() % 2 == 0 ? "one" : "other"));
  }

  @Test
  void mergesHistogramLogs() throws Exception {
    merge(one, other, "--into", results.resolve("merged"));

    assertThat(sum(results.resolve("merged"))).isEqualTo(sum(one, other));
    assertThat(sum(one, other).getTotalCount()).isPositive();
  }

  private static Histogram sum(Path... folders) throws IOException {
    Histogram sum = new Histogram(3);
    for (Path folder : folders) {
      try (HistogramLogReader log = new HistogramLogReader(folder.resolve("ttft.hlog").toFile())) {
        double latest = 0;
        for (EncodableHistogram next; (next = log.nextIntervalHistogram()) != null; ) {
          sum.add((Histogram) next);
          assertThat(next.getStartTimeStamp() * 1.0).isGreaterThanOrEqualTo(latest);
          latest = next.getStartTimeStamp();
        }
      }
    }
    return sum;
  }

  @Test
  void writesAPageAndListsTheRun() throws Exception {
    Path merged = results.resolve("merged");
    assertThat(merge(one, other, "--into", merged)).isZero();

    assertThat(said.toString()).contains("Report: " + merged.resolve("index.html").toUri());
    assertThat(merged.resolve("index.html")).content().contains("\"id\":\"merged\"");
    assertThat(results.resolve("index.html")).content().contains("\"folder\":\"merged\"");
  }

  @Test
  void rejectsDifferentModels() throws Exception {
    StateFile file = StateFile.read(other).orElseThrow();
    StateFile.write(Load.info("other", "llama"), file.state(), true, other);

    assertThat(merge(one, other, "--into", results.resolve("merged"))).isEqualTo(1);
    assertThat(said.toString())
        .contains("different models", "Qwen/Qwen3-8B in one", "llama in other");
    assertThat(results.resolve("merged")).doesNotExist();
  }

  private static void startAt(long epochMillis, Path folder) throws IOException {
    RunAccumulator state = StateFile.read(folder).orElseThrow().state();
    StateFile.write(Load.info(folder), Accumulators.at(epochMillis, state), true, folder);
  }

  @Test
  void rejectsDifferentObjectives() throws Exception {
    RunAccumulator none =
        RunAccumulator.empty(
            Window.of(Duration.ofSeconds(2), List.of(Duration.ofSeconds(8))), Objectives.NONE);
    StateFile.write(Load.info(other), Accumulators.at(Load.START_MILLIS, none), true, other);

    assertThat(merge(one, other, "--into", results.resolve("merged"))).isEqualTo(1);
    assertThat(said.toString())
        .contains("different objectives of goodput: [ttft < 150 ms, tpot <= 110 ms] in one, []");
  }

  @Test
  void rejectsRunsOfDifferentTimes() throws Exception {
    startAt(Load.START_MILLIS + 3_600_000, other);

    assertThat(merge(one, other, "--into", results.resolve("merged"))).isEqualTo(1);
    assertThat(said.toString())
        .contains("not measured at the same time", "one until 2026-01-02T02:54");
  }

  @Test
  void saysToStartTheLoadAgainIfAShardCameLater() throws Exception {
    startAt(Load.START_MILLIS + 3_600_000, other);
    shard(1, one, new Assertions(List.of(), List.of()));
    shard(2, other, new Assertions(List.of(), List.of()));

    assertThat(merge(one, other, "--expect", "2", "--into", results.resolve("m"))).isEqualTo(1);
    assertThat(said.toString())
        .contains("not measured at the same time")
        .contains("Start the whole load again, all shards at the same llm.startAt");
  }

  @Test
  void warnsIfRunsHardlyOverlap() throws Exception {
    startAt(Load.START_MILLIS + 6_000, other);

    assertThat(merge(one, other, "--into", results.resolve("merged"))).isZero();
    assertThat(said.toString().replaceAll("\\s+", " "))
        .contains("windows of the load generators opened within 6.000 s of each other and closed")
        .contains("measured side by side for only 2.0 s of the 14.0 s");
  }

  @Test
  void recoversOneKilledRun() throws Exception {
    Path killed = Load.leave(results.resolve("killed"), RESPONSES, response -> true, true, false);

    assertThat(merge(killed, "--into", results.resolve("recovered"))).isZero();
    assertThat(figures(results.resolve("recovered")).at("/totals/requests").asInt()).isPositive();
    assertThat(said.toString()).contains("cut off before its end");
  }

  private Path killed(boolean chunkTimes) throws IOException {
    return Load.leave(results.resolve("killed"), RESPONSES, Load.ofShard(1, 2), chunkTimes, false);
  }

  @Test
  void namesTheOneOfSeveralRunsThatWasKilled() throws Exception {
    assertThat(merge(one, killed(true), "--into", results.resolve("merged"))).isZero();
    assertThat(said.toString()).contains("> killed: This run was cut off before its end");
  }

  @Test
  void hasNoGapsOfOneRunAloneWhereThoseOfAKilledOneAreUnknown() throws Exception {
    Path killed = killed(false);

    assertThat(merge(one, killed, "--into", results.resolve("merged"))).isZero();
    assertThat(merge(killed, one, "--into", results.resolve("other way round"))).isZero();
    for (String folder : List.of("merged", "other way round")) {
      ObjectNode merged = figures(results.resolve(folder));
      assertThat(merged.at("/metrics/icl").isNull()).as(folder).isTrue();
      assertThat(merged.at("/metrics/tpot").isNull()).as(folder).isFalse();
    }
  }

  @Test
  void saysWhyAKilledRunHasNoObjectives() throws Exception {
    Path killed = killed(false);
    RunAccumulator begun =
        RunAccumulator.empty(
            Window.of(Duration.ofSeconds(2), List.of(Duration.ofSeconds(8))),
            Objectives.parse("icl<50ms"));
    StateFile.write(Load.info(killed), begun, false, killed);

    assertThat(merge(one, killed, "--into", results.resolve("merged"))).isEqualTo(1);
    assertThat(said.toString())
        .contains("killed was killed. Without llm.chunkTimes, nobody knows its gaps");
  }

  @Test
  void namesADamagedFileAndLeavesNoFolder() throws Exception {
    Path state = other.resolve(StateFile.FILE_NAME);
    byte[] content = Files.readAllBytes(state);
    Files.write(state, Arrays.copyOf(content, content.length / 2));

    assertThat(merge(one, other, "--into", results.resolve("merged"))).isEqualTo(1);
    assertThat(said.toString())
        .contains(state + " cannot be read", "leave this run out")
        .doesNotContain("\tat ");
    assertThat(results).isDirectoryNotContaining("glob:**merged*");
  }

  @Test
  void mergesAHistogramLogUpToADamagedLine() throws Exception {
    Path log = other.resolve("ttft.hlog");
    byte[] content = Files.readAllBytes(log);
    Files.write(log, Arrays.copyOf(content, content.length - 20));

    assertThat(merge(one, other, "--into", results.resolve("merged"))).isZero();
    assertThat(said.toString()).contains(log + " is damaged");
    assertThat(sum(results.resolve("merged")).getTotalCount())
        .isGreaterThan(sum(one).getTotalCount());
  }

  @Test
  void leavesNoFolderIfAFileCannotBeWritten() throws Exception {
    Path merged = Files.createFile(results.resolve("merged")).resolve("below a file");

    assertThat(merge(one, other, "--into", merged)).isEqualTo(1);
    assertThat(said.toString())
        .contains("Cannot write the merged run to " + merged, "no folder can be made");
    assertThat(results).isDirectoryNotContaining("glob:**.part");
  }

  @Test
  void rejectsAFolderThatIsInUseBeforeItWaits() throws Exception {
    Path file = Files.createFile(results.resolve("file"));

    assertThat(merge("--wait", "--expect", "4", "--into", other, "nothing")).isEqualTo(1);
    assertThat(merge("--wait", "--expect", "4", "--into", file, "nothing")).isEqualTo(1);
    assertThat(said.toString())
        .contains(other + " is not empty", file + " is a file")
        .doesNotContain("Waiting");
  }

  @Test
  void namesRunsWithoutLinesOfRequests() throws Exception {
    shard(1, one, new Assertions(List.of(), List.of()));
    shard(2, other, new Assertions(List.of(), List.of()));
    Files.delete(other.resolve("requests.jsonl"));

    assertThat(merge(one, other, "--into", results.resolve("merged"))).isZero();
    assertThat(said.toString().replaceAll("\\s+", " "))
        .contains("requests.jsonl has no lines of other (shard 2/2): the file is missing there.");
  }

  @Test
  void explainsInvalidArguments() throws Exception {
    assertThat(merge(one, other, "--into")).isEqualTo(2);
    assertThat(merge(one, other)).isEqualTo(2);
    assertThat(merge("--into", results.resolve("merged"))).isEqualTo(2);
    assertThat(merge(one, "--into", results.resolve("merged"), "--over")).isEqualTo(2);
    assertThat(merge(one, one, "--into", results.resolve("merged"))).isEqualTo(1);
    assertThat(merge(one, results.resolve("nothing"), "--into", results.resolve("m"))).isEqualTo(1);
    Path empty = Files.createDirectory(results.resolve("empty"));
    assertThat(merge(one, empty, "--into", results.resolve("m"))).isEqualTo(1);
    assertThat(merge(empty + "/*", "--into", results.resolve("m"))).isEqualTo(1);
    assertThat(merge(one, "--into", other)).isEqualTo(1);
    assertThat(merge(one, "--wait", "--into", results.resolve("m"))).isEqualTo(2);
    assertThat(merge(one, "--expect", "0", "--into", results.resolve("m"))).isEqualTo(2);
    assertThat(merge(one, "--expect", "1000000", "--into", results.resolve("m"))).isEqualTo(2);
    assertThat(merge(one, "", "--into", results.resolve("m"))).isEqualTo(2);
    assertThat(merge("a[", "--into", results.resolve("m"))).isEqualTo(2);
    assertThat(said.toString())
        .contains(
            "Missing required parameter for option '--into' (FOLDER)",
            "Missing required option: '--into=FOLDER'",
            "Missing required parameter: 'RUNS'",
            "Unknown option --over",
            "is named twice",
            "nothing is not a folder",
            "tokens-state.json.gz is missing",
            "is not empty",
            "No folder matches " + empty + "/*",
            "--wait must be used together with --expect, got no --expect",
            "--expect must be from 1 to 999999, got 0",
            "--expect must be from 1 to 999999, got 1000000",
            "got an empty word",
            "RUNS must be folders or patterns such as 'runs/*', got a[: ");
  }

  @Test
  void printsHelp() throws Exception {
    assertThat(merge("--help")).isZero();
    assertThat(said.toString()).contains("RUNS...", "--into=FOLDER");
  }
}
