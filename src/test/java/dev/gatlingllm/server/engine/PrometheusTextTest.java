package dev.gatlingllm.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PrometheusTextTest {

  private final PrometheusText text = new PrometheusText();

  @Test
  void writesHelpTypeAndLabelsInAlphabeticalOrder() {
    text.withLabels(Map.of("model_name", "a \"model\"\\b", "engine", "0"))
        .gauge("usage", "A share.", 0.5, "kind", "x");

    assertThat(text)
        .hasToString(
            """
            # HELP usage A share.
            # TYPE usage gauge
            usage{engine="0",kind="x",model_name="a \\"model\\"\\\\b"} 0.5
            """);
  }

  @Test
  void writesTheSamplesOfANameTogether() {
    text.withLabels(Map.of("engine", "0")).counter("a_total", "A.", 1);
    text.gauge("b", "B.", 2);
    text.withLabels(Map.of("engine", "1")).counter("a_total", "A.", 3);

    assertThat(text)
        .hasToString(
            """
            # HELP a_total A.
            # TYPE a_total counter
            a_total{engine="0"} 1.0
            a_total{engine="1"} 3.0
            # HELP b B.
            # TYPE b gauge
            b 2.0
            """);
  }

  @Test
  void writesNumbersAsThePythonClientDoes() {
    text.gauge("a", "A.", 999_999);
    text.gauge("b", "B.", 1_000_000);
    text.gauge("c", "C.", 1_234_567.5);
    text.gauge("d", "D.", 0.0001);

    assertThat(text.toString().lines().filter(line -> !line.startsWith("#")))
        .containsExactly("a 999999.0", "b 1e+06", "c 1.2345675e+06", "d 0.0001");
  }

  @Test
  void addsTheTimeOfCreation() {
    text.withCreated(12).counter("a_total", "A.", 1);

    assertThat(text.toString())
        .endsWith(
            """
            # HELP a_created A.
            # TYPE a_created gauge
            a_created 12.0
            """);
  }

  @Test
  void bucketsAreCumulativeWithInclusiveBounds() {
    var histogram = new PrometheusText.BucketHistogram(0.25, 0.5);
    histogram.add(0.25);
    histogram.add(0.375);
    histogram.add(8);
    text.histogram("h", "Seconds.", histogram);

    assertThat(text.toString())
        .endsWith(
            """
            h_bucket{le="0.25"} 1.0
            h_bucket{le="0.5"} 2.0
            h_bucket{le="+Inf"} 3.0
            h_count 3.0
            h_sum 8.625
            """);
  }
}
