package dev.gatlingllm.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrometheusTextTest {

  @Test
  void writesHelpTypeAndModel() {
    var text = new PrometheusText("a \"model\"\\b");
    text.gauge("usage", "A share.", 0.5);

    assertThat(text)
        .hasToString(
            """
            # HELP usage A share.
            # TYPE usage gauge
            usage{model_name="a \\"model\\"\\\\b"} 0.5
            """);
  }

  @Test
  void bucketsAreCumulativeWithInclusiveBounds() {
    var histogram = new PrometheusText.BucketHistogram(0.25, 0.5);
    histogram.add(0.25);
    histogram.add(0.375);
    histogram.add(8);
    var text = new PrometheusText("m");
    text.histogram("h", "Seconds.", histogram);

    assertThat(text.toString())
        .endsWith(
            """
            h_bucket{model_name="m",le="0.25"} 1
            h_bucket{model_name="m",le="0.5"} 2
            h_bucket{model_name="m",le="+Inf"} 3
            h_sum{model_name="m"} 8.625
            h_count{model_name="m"} 3
            """);
  }
}
