package dev.gatlingllm.bench.compare;

import static dev.gatlingllm.bench.result.JmhJson.forks;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.bench.result.JmhJson;
import dev.gatlingllm.cli.Main;
import dev.gatlingllm.fuzz.DamagedBytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompareCommandTest {

  private static final double[] SLOW = {400, 404, 398, 402};
  private static final double[] FAST = {300, 304, 298, 302};

  @TempDir Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private String slow;
  private String fast;

  @BeforeEach
  void writeResults() {
    slow = results("slow.json", "8", SLOW);
    fast = results("fast.json", "8", FAST);
  }

  private String results(String file, String users, double[] scores) {
    JmhJson json =
        new JmhJson().benchmark("load.Chat", "users", users).primary("ms", forks(scores));
    json.secondary("ttft·p99", "ms", forks(scores)).secondary("cacheHitPercent", "%", forks(FAST));
    return json.write(folder.resolve(file)).toString();
  }

  private int run(String... arguments) {
    return Main.of(new CompareCommand()).setOut(writer(out)).setErr(writer(err)).execute(arguments);
  }

  private static PrintWriter writer(ByteArrayOutputStream bytes) {
    return new PrintWriter(bytes, true, StandardCharsets.UTF_8);
  }

  private String printed() {
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void failsOnlyIfAMetricGotWorse() {
    assertThat(run(slow, fast)).isZero();
    assertThat(run(slow, slow)).isZero();
    assertThat(run(fast, slow)).isEqualTo(1);
    assertThat(run(fast, slow, "--threshold", "50")).isZero();
    assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  @Test
  void printsChangesAndExpectedFalseAlarms() {
    run(slow, fast);

    assertThat(printed())
        .contains("Chat (users=8)")
        .containsPattern("ttft·p99 +401 +301 +ms +-24\\.9 % +-2\\d\\.\\d to -2\\d\\.\\d % +better")
        .containsPattern("cacheHitPercent +301 +301 +% +0\\.0 % +.* no difference shown")
        .contains("0 worse, 2 better, 1 no difference shown.")
        .contains("3 comparisons at 99.9 %")
        .contains("about 0.003 of them");
  }

  @Test
  void failsIfInconclusiveOnlyOnRequest() {
    String noisy = results("noisy.json", "8", new double[] {200, 600, 350, 500, 410, 330});

    assertThat(run(slow, noisy)).isZero();
    assertThat(printed()).contains("Inconclusive: no benchmark is shown to be worse, but 2 of 3");
    assertThat(run(slow, noisy, "--fail-if-inconclusive")).isEqualTo(1);
    assertThat(run(slow, slow, "--fail-if-inconclusive")).isZero();
  }

  @Test
  void comparesMetricsChosenByName() {
    run(fast, slow, "--metrics", "^cache");

    assertThat(printed()).contains("cacheHitPercent").doesNotContain("ttft");
    assertThat(run(fast, slow, "--metrics", "^cache")).isZero();
  }

  @Test
  void markdownShowsChangesFirst() throws IOException {
    Path file = folder.resolve("new/folder/out.md");

    assertThat(run(fast, slow, "--markdown", file.toString())).isEqualTo(1);

    assertThat(file)
        .content()
        .startsWith("### Benchmarks got worse\n")
        .contains(
            "| <code>Chat (users=8)</code> | <code>ttft·p99</code> | 301 ms | 401 ms | +33.2 %")
        .contains("**worse** |\n\n<details>");
    assertThat(Files.readString(file).split("<details>")[1])
        .contains("cacheHitPercent")
        .doesNotContain("ttft");
  }

  @Test
  void escapesHostileNamesInMarkdown() throws IOException {
    String name = "8|<img src=x>@everyone\n# `x`[y](z)";
    Path file = folder.resolve("out.md");

    run(
        results("a.json", name, SLOW),
        results("b.json", name, FAST),
        "--markdown",
        file.toString());

    assertThat(Files.readString(file))
        .doesNotContain("<img", "@everyone", "`x`", "[y]", "8|", "\n#  ")
        .contains("&#60;img");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "one.json | Missing required parameter: 'NEW'",
        "one.json two.json three.json | Unknown argument three.json",
        "one.json two.json --confidence 10 | --confidence must be from 50 to below 100 percent",
        "one.json two.json --confidence high | 'high' is not a double",
        "one.json two.json --threshold -1 | --threshold must be at least 0, got -1.0",
        "one.json two.json --metrics ( | --metrics: Unclosed group",
        "one.json two.json --metric ttft | Unknown option --metric; did you mean --metrics?",
        "one.json two.json | one.json cannot be read: no such file"
      })
  void explainsInvalidArguments(String arguments, String problem) {
    assertThat(run(arguments.split(" "))).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains(problem);
  }

  @Test
  void printsWarnings() throws IOException {
    Path markdown = folder.resolve("out.md");
    JmhJson json = new JmhJson().benchmark("load.Chat", "users", "8");
    String drifting =
        json.primary("ms", new double[] {300, 330, 361, 390, 421})
            .write(folder.resolve("drifting.json"))
            .toString();

    run(fast, drifting, "--markdown", markdown.toString());

    String doubt = "New: Chat (users=8), score: it rises by 33.5 % from the first iteration";
    assertThat(printed()).contains("Warnings:\n- " + doubt);
    assertThat(markdown)
        .content()
        .contains("<details><summary>Warnings: 1</summary>\n\n- " + doubt);
  }

  @Test
  void warnsOfForksThatFailed() {
    String failed =
        new JmhJson()
            .benchmark("load.Chat", "users", "8")
            .planned(5)
            .primary("ms", forks(FAST))
            .write(folder.resolve("failed.json"))
            .toString();

    assertThat(run(fast, failed)).isZero();

    assertThat(printed())
        .contains("New: Chat (users=8), score: iterations or forks without a value: 1")
        .contains("0 worse, 1 inconclusive.");
  }

  @Test
  void showsNamesOfAStrangersFileOnOneLine() {
    String name = "8\u001b[31m\n\u202eforged";

    run(results("a.json", name, SLOW), results("b.json", name, FAST));

    assertThat(printed())
        .contains("Chat (users=8[31m forged)")
        .doesNotContain("\u001b", "\u202e", "\nforged");
  }

  @Test
  void namesFileAndMetricOfAScoreThatIsTooGreat() {
    String great = results("great.json", "8", new double[] {1e308, 2e307, 1e308, 1e307});

    assertThat(run(slow, great)).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("great.json: a score of Chat (users=8)'s primaryMetric must be from -1")
        .contains("got 1.0E308");
  }

  @Property
  void explainsWhatIsWrongWithAnyFile(
      @ForAll("results") byte[] before, @ForAll("results") byte[] now) throws IOException {
    Path folder = Files.createTempDirectory("results");
    Path one = Files.write(folder.resolve("one.json"), before);
    Path two = Files.write(folder.resolve("two.json"), now);
    try {
      out.reset();
      err.reset();
      int status = run(one.toString(), two.toString());

      assertThat(status).isBetween(0, 2);
      String problem = err.toString(StandardCharsets.UTF_8);
      assertThat(status == 2).isEqualTo(!problem.isEmpty());
      assertThat(problem + printed()).doesNotContain("\u001b", "\u202e", "\0");
    } finally {
      Files.delete(one);
      Files.delete(two);
      Files.delete(folder);
    }
  }

  @Provide
  Arbitrary<byte[]> results() throws IOException {
    Path file = Files.createTempFile("results", ".json");
    try {
      JmhJson json = new JmhJson();
      json.benchmark("load.Chat", "users", "8").primary("ms", forks(SLOW));
      json.secondary("ttft·p99", "ms", forks(SLOW)).secondary("cacheHitPercent", "%", forks(FAST));
      String whole = Files.readString(json.write(file));
      String pooled = whole.replaceFirst("\\{(?=\"scoreUnit)", "{\"pooled\":true,");
      return DamagedBytes.of(whole, pooled, pooled.replace("[400.0]", "[]"));
    } finally {
      Files.delete(file);
    }
  }

  @Test
  void failsIfNothingCanBeCompared() {
    assertThat(run(slow, results("other.json", "64", FAST))).isEqualTo(2);
    assertThat(printed()).contains("Chat (users=64) is in the new file only.");
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("Nothing could be decided");
  }

  @Test
  void failsIfAllIsInconclusive() {
    String two =
        new JmhJson()
            .benchmark("load.Chat", "users", "8")
            .primary("ms", new double[] {100, 101, 102}, new double[] {100, 101, 102})
            .write(folder.resolve("two.json"))
            .toString();

    assertThat(run(two, slow)).isEqualTo(2);
    assertThat(printed()).contains("inconclusive: fewer than 3 forks with a value");
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("Nothing could be decided", "at least 3 forks (-f) on both sides");
  }

  @Test
  void helpListsTheOptions() {
    assertThat(run("--help")).isZero();
    assertThat(printed()).contains("--confidence", "--threshold", "--markdown", "--metrics");
  }
}
