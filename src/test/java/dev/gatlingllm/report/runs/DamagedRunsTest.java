package dev.gatlingllm.report.runs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatlingllm.fuzz.DamagedBytes;
import dev.gatlingllm.metrics.HistogramLogs;
import dev.gatlingllm.report.KeptRun;
import dev.gatlingllm.report.Load;
import dev.gatlingllm.report.RequestsFile;
import dev.gatlingllm.report.StateFile;
import dev.gatlingllm.report.TokensJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;

/**
 * Files of a run with random damage are read, or rejected with a message that names the file. A
 * property with few tries writes whole runs.
 */
class DamagedRunsTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final byte[] STATE;
  private static final byte[] TOKENS;
  private static final byte[] REQUESTS;
  private static final byte[] HISTOGRAMS;
  private static final byte[] UNFINISHED;

  static {
    try {
      Path folder = Files.createTempDirectory("runs");
      Load.leave(folder, Load.responses(3), response -> true, true, true);
      STATE = small(unzipped(folder.resolve(StateFile.FILE_NAME)));
      REQUESTS = Files.readAllBytes(folder.resolve(RequestsFile.FILE_NAME));
      HISTOGRAMS = Files.readAllBytes(folder.resolve("ttft.hlog"));
      TOKENS = listed(TokensJson.write(KeptRun.in(folder).orElseThrow().report(), folder));
      Load.leave(folder, Load.responses(1), response -> true, true, false);
      UNFINISHED = Files.readAllBytes(folder.resolve(StateFile.FILE_NAME));
      delete(folder);
    } catch (IOException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private Path results;
  private Path run;

  @BeforeProperty
  void makeFolder() throws IOException {
    results = Files.createTempDirectory("damaged");
    run = Files.createDirectory(results.resolve("run"));
  }

  @AfterProperty
  void deleteFolder() throws IOException {
    delete(results);
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static byte[] unzipped(Path file) throws IOException {
    try (var zipped = new GZIPInputStream(Files.newInputStream(file))) {
      return zipped.readAllBytes();
    }
  }

  /** Returns a state with few histograms, which take most of the time. */
  private static byte[] small(byte[] state) throws IOException {
    JsonNode json = JSON.readTree(state);
    for (String map :
        List.of("byRequest", "breakdowns", "byGroup", "byTurn", "histograms", "steps")) {
      for (JsonNode found : json.findValues(map)) {
        if (found instanceof ObjectNode entries) {
          entries.retain(entries.properties().stream().map(Map.Entry::getKey).limit(1).toList());
        }
      }
    }
    return JSON.writeValueAsBytes(json);
  }

  /** Returns the parts of a tokens.json that the list of runs reads. */
  private static byte[] listed(Path tokens) throws IOException {
    ObjectNode json = (ObjectNode) JSON.readTree(tokens.toFile());
    return JSON.writeValueAsBytes(json.retain("run", "totals", "metrics", "coldWarm", "notes"));
  }

  private static byte[] zipped(byte[] bytes) {
    try {
      ByteArrayOutputStream file = new ByteArrayOutputStream();
      try (GZIPOutputStream zip = new GZIPOutputStream(file)) {
        zip.write(bytes);
      }
      return file.toByteArray();
    } catch (IOException impossible) {
      throw new AssertionError(impossible);
    }
  }

  @Provide
  static Arbitrary<byte[]> damagedStates() {
    return Arbitraries.oneOf(
        DamagedBytes.gzipped(List.of(STATE)), falsified(STATE).map(DamagedRunsTest::zipped));
  }

  @Provide
  static Arbitrary<byte[]> damagedTokens() {
    return Arbitraries.oneOf(DamagedBytes.of(List.of(TOKENS)), falsified(TOKENS));
  }

  @Provide
  static Arbitrary<byte[]> damagedRequests() {
    List<byte[]> lines =
        new String(REQUESTS, UTF_8).lines().map(line -> line.getBytes(UTF_8)).toList();
    return Arbitraries.oneOf(
        DamagedBytes.of(List.of(REQUESTS)),
        Arbitraries.of(lines).flatMap(DamagedRunsTest::falsified));
  }

  @Provide
  static Arbitrary<byte[]> damagedHistograms() {
    return DamagedBytes.of(List.of(HISTOGRAMS));
  }

  /** Returns well-formed JSON in which up to three values have others of any type. */
  private static Arbitrary<byte[]> falsified(byte[] json) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    Arbitrary<JsonNode> values =
        Arbitraries.of(
            nodes.nullNode(),
            nodes.numberNode(0),
            nodes.numberNode(-1),
            nodes.numberNode(1),
            nodes.numberNode(Integer.MAX_VALUE),
            nodes.numberNode(Long.MAX_VALUE),
            nodes.numberNode(Long.MIN_VALUE),
            nodes.numberNode(1e300),
            nodes.numberNode(-1e-300),
            nodes.numberNode(1L << 40),
            nodes.textNode(""),
            nodes.textNode("x"),
            nodes.textNode("NaN"),
            nodes.objectNode(),
            nodes.arrayNode(),
            nodes.objectNode().put("1000000000000", 1),
            nodes.booleanNode(true));
    Arbitrary<Integer> places = Arbitraries.integers().between(0, Integer.MAX_VALUE);
    return Combinators.combine(places, values)
        .as(DamagedRunsTest::change)
        .list()
        .ofMinSize(1)
        .ofMaxSize(3)
        .map(
            changes -> {
              try {
                JsonNode tree = JSON.readTree(json);
                changes.forEach(change -> change.in(tree));
                return JSON.writeValueAsBytes(tree);
              } catch (IOException impossible) {
                throw new AssertionError(impossible);
              }
            });
  }

  private interface Change {
    void in(JsonNode tree);
  }

  private static Change change(int place, JsonNode value) {
    return tree -> {
      List<Runnable> all = new ArrayList<>();
      collect(tree, value, all);
      all.get(place % all.size()).run();
    };
  }

  /** Collects the replacement of each value and of each name. */
  private static void collect(JsonNode in, JsonNode value, List<Runnable> all) {
    if (in instanceof ObjectNode object) {
      object
          .fieldNames()
          .forEachRemaining(
              name -> {
                all.add(() -> object.set(name, value));
                all.add(() -> object.set(value.asText(), object.remove(name)));
                collect(object.get(name), value, all);
              });
    } else if (in instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        int index = i;
        all.add(() -> array.set(index, value));
        collect(array.get(i), value, all);
      }
    }
  }

  /** Does what the command does. */
  private void merge() throws IOException, MergeException {
    Path merged = results.resolve("merged");
    try {
      Merge.of(List.of(Source.in(run))).writeTo(merged);
      delete(merged);
    } finally {
      try (Stream<Path> left = Files.list(results)) {
        assertThat(left).containsExactly(run);
      }
    }
  }

  @Property(tries = 30)
  void damagedStateIsShownOrNamed(@ForAll("damagedStates") byte[] state) throws Exception {
    Files.write(run.resolve(StateFile.FILE_NAME), state);
    try {
      merge();
    } catch (IOException | MergeException problem) {
      assertThat(problem).hasMessageContaining(run.toString());
    }
  }

  @Property(tries = 30)
  void damagedRequestsAreRecovered(@ForAll("damagedRequests") byte[] requests) throws Exception {
    Files.write(run.resolve(StateFile.FILE_NAME), UNFINISHED);
    Files.write(run.resolve(RequestsFile.FILE_NAME), requests);
    try {
      merge();
    } catch (MergeException problem) {
      assertThat(problem).hasMessageContaining("stopped before its first response");
    }
  }

  @Property
  void damagedHistogramsAreMergedAsFarAsTheyGo(@ForAll("damagedHistograms") byte[] histograms)
      throws IOException {
    Path log = Files.write(run.resolve("ttft.hlog"), histograms);
    HistogramLogs.merge(List.of(run), results);
    assertThat(log).exists();
  }

  @Property(tries = 60)
  void damagedTokensSpoilOneEntryOfTheList(@ForAll("damagedTokens") byte[] tokens)
      throws IOException {
    Files.write(run.resolve(TokensJson.FILE_NAME), tokens);
    RunsIndex.update(run);
    assertThat(results.resolve("index.html")).content().contains("\"folder\":\"run\"");
  }
}
