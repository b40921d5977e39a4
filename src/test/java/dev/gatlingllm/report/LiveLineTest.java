package dev.gatlingllm.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.metrics.LiveSummary;
import org.junit.jupiter.api.Test;

class LiveLineTest {

  @Test
  void showsThroughputLatencyAndFailures() {
    assertThat(LiveLine.of(new LiveSummary(5.01, "1", 12_345.6, 52.14, 1_310, 64, 71.24, 3)))
        .isEqualTo(
            "> last 5 s: 12,346 tokens/s | TTFT p50 52.1, p95 1,310 ms | 64 active | hit 71.2 %"
                + " | 3 KO");
  }

  @Test
  void omitsUnknownFigures() {
    assertThat(
            LiveLine.of(new LiveSummary(5, "warmup", 0, Double.NaN, Double.NaN, 8, Double.NaN, 0)))
        .isEqualTo("> warm-up, 5 s: 0 tokens/s | no first token | 8 active");
    assertThat(
            LiveLine.of(new LiveSummary(5, "drain", 1, Double.NaN, Double.NaN, 1, Double.NaN, 0)))
        .startsWith("> draining, 5 s: 1 tokens/s");
  }
}
