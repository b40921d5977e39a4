package dev.gatlingllm.observe;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.observe.MetricsText.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetricsTextTest {

  private static List<Sample> read(String text) {
    List<Sample> samples = new ArrayList<>();
    new MetricsText().read(text, samples::add);
    return samples;
  }

  private static Sample only(String line) {
    assertThat(read(line)).hasSize(1);
    return read(line).get(0);
  }

  @Test
  void readsNameLabelsAndValue() {
    Sample sample = only("vllm:num_requests_running{engine=\"0\",model_name=\"a b\"} 3.0");

    assertThat(sample.name()).isEqualTo("vllm:num_requests_running");
    assertThat(sample.labels()).isEqualTo(Map.of("engine", "0", "model_name", "a b"));
    assertThat(sample.value()).isEqualTo(3);
  }

  @Test
  void readsSpacesBetweenLabelsAndATrailingComma() {
    assertThat(only("x { a = \"1\" , b=\"2\", } 7").labels()).isEqualTo(Map.of("a", "1", "b", "2"));
  }

  @Test
  void readsEscapesInLabels() {
    assertThat(only("x{a=\"say \\\"hi\\\"\\n\\\\ }{,=\"} 1").labels().get("a"))
        .isEqualTo("say \"hi\"\n\\ }{,=");
  }

  @ParameterizedTest
  @CsvSource({"1e+06,1000000", "+Inf,Infinity", "-Inf,-Infinity", "NaN,NaN", "0.5,0.5"})
  void readsNumbersAsTheFormatsWriteThem(String text, Double value) {
    assertThat(only("x " + text).value()).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"untyped", "unknown"})
  void knowsACounterWithoutATypeByItsName(String type) {
    assertThat(read("# TYPE x_total " + type + "\nx_total 5").get(0).isCounter()).isTrue();
    assertThat(read("# TYPE x " + type + "\nx 5").get(0).isCounter()).isFalse();
  }

  @Test
  void ignoresTimestampsAndExemplars() {
    assertThat(only("x_total 12 1700000000.123 # {trace_id=\"abc\"} 1.0").value()).isEqualTo(12);
  }

  @Test
  void endsAtTheEndOfOpenMetrics() {
    assertThat(read("x 1\n# EOF\nx 2\n")).hasSize(1);
  }

  @Test
  void tellsCountersByTypeOfTheFamilyOrByName() {
    assertThat(only("# TYPE x counter\nx 1").isCounter()).isTrue();
    assertThat(only("# TYPE x gauge\nx_total 1").isCounter()).isFalse();
    assertThat(only("# TYPE x histogram\nx_sum 1").isCounter()).isTrue();
    assertThat(only("# TYPE x counter\nx_total 1").isCounter()).isTrue();
    assertThat(only("x_count 1").isCounter()).isTrue();
    assertThat(only("x 1").isCounter()).isFalse();
  }

  @Test
  void leavesOutBucketsQuantilesAndTimesOfCreation() {
    assertThat(read("x_bucket{le=\"0.5\"} 1\ny{quantile=\"0.9\"} 1\nz_created 1.7e9\nx_sum 4"))
        .extracting(Sample::name)
        .containsExactly("x_sum");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{\"iter\": 1}",
        "<html>not found</html>",
        "x{a=\"1} 2",
        "x{a} 2",
        "x{a=\"1\" b=\"2\"} 2",
        "x",
        "x one",
        "9x 1",
        "x{a=\"\\"
      })
  void rejectsWhatIsNoMetric(String text) {
    assertThat(read(text)).isEmpty();
    assertThat(new MetricsText().read(text, sample -> {})).isFalse();
  }

  @Test
  void skipsBrokenLinesAmongGoodOnes() {
    assertThat(read("x 1\nbroken{\ny 2\nz 3"))
        .extracting(Sample::name)
        .containsExactly("x", "y", "z");
  }

  @Test
  void readsNoMoreSamplesThanItsLimit() {
    assertThat(read("x 1\n".repeat(MetricsText.MAX_SAMPLES + 5))).hasSize(MetricsText.MAX_SAMPLES);
  }

  @Test
  void skipsALineLongerThanItsLimit() {
    assertThat(read("x{a=\"" + "a".repeat(100_000) + "\"} 1\ny 2"))
        .extracting(Sample::name)
        .containsExactly("y");
  }

  /** A text and the next one of the same endpoint. */
  static Stream<Arguments> nextTexts() {
    String text =
        "# TYPE x gauge\nx{a=\"1\"} 1\nx{a=\"2\"} 2.5 1700000000\ny_bucket{le=\"1\"} 3\ny_sum 4\n";
    return Stream.of(
            text.replace("} 1\n", "} 17\n").replace("2.5", "1e+06").replace("sum 4", "sum +Inf"),
            text.replace("} 1\n", "}  1\n").replace("sum 4", "sum "),
            text.replace("} 1\n", "} one\n"),
            text.replace("x{a=\"2\"}", "x{a=\"3\"}"),
            text.replace("x{a=\"2\"}", "z 5\nx{a=\"2\"}"),
            text.replace("# TYPE x gauge", "# TYPE x counter"),
            text.replace("# TYPE x gauge\n", ""),
            text.replace("y_bucket", "# EOF\ny_bucket"),
            text.replace("_bucket{le=\"1\"}", "_bucket_total"),
            text.substring(0, text.length() - 3),
            text.strip(),
            "",
            "no metrics")
        .map(next -> Arguments.of(text, next));
  }

  @ParameterizedTest
  @MethodSource("nextTexts")
  void readsTheNextTextOfAnEndpointAsIfItWereTheFirst(String text, String next) {
    MetricsText endpoint = new MetricsText();
    endpoint.read(text, sample -> {});
    List<Sample> samples = new ArrayList<>();
    boolean isMetrics = endpoint.read(next, samples::add);

    assertThat(samples).isEqualTo(read(next));
    assertThat(isMetrics).isEqualTo(new MetricsText().read(next, sample -> {}));
  }

  /** Lines that depend on each other, and near misses. */
  private static final List<String> LINES =
      List.of(
          "# TYPE x gauge",
          "# TYPE x counter",
          "# TYPE y gauge",
          "# HELP x of all",
          "# EOF",
          "",
          "x 1",
          "x 2.5",
          "x  2",
          "x one",
          "x",
          "x_total 3",
          "y_sum 4",
          "y_sum +Inf",
          "y_sum 5 1700000000",
          "y_bucket{le=\"1\"} 3",
          "y_bucket{le=\"1\"}4",
          "y{a=\"1\"} 5",
          "y{a=\"1\"}6",
          "y{quantile=\"0.5\"} 7",
          "x_created 8");

  @Property(tries = 2_000)
  void readsEachTextOfAnEndpointAsIfItWereTheFirst(
      @ForAll @Size(min = 2, max = 4)
          List<@Size(max = 6) List<@IntRange(max = 20) Integer>> texts) {
    MetricsText endpoint = new MetricsText();
    for (List<Integer> lines : texts) {
      String text = lines.stream().map(LINES::get).collect(joining("\n"));
      List<Sample> samples = new ArrayList<>();
      boolean isMetrics = endpoint.read(text, samples::add);

      assertThat(samples).isEqualTo(read(text));
      assertThat(isMetrics).isEqualTo(new MetricsText().read(text, sample -> {}));
    }
  }

  @Property(tries = 500)
  void anyTextIsReadWithoutAnException(@ForAll String text) {
    assertThat(read("x{a=\"" + text).size()).isLessThanOrEqualTo(text.length() + 1);
  }
}
