package dev.gatlingllm.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatlingllm.text.Redactor;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetricsEndpointsTest {

  @Test
  void readsAutoOffAndUrls() {
    assertThat(MetricsEndpoints.parse("auto").isAuto()).isTrue();
    assertThat(MetricsEndpoints.parse("OFF").isAuto()).isFalse();
    assertThat(MetricsEndpoints.parse("OFF").urls()).isEmpty();
    assertThat(MetricsEndpoints.parse("http://a:8000/metrics, https://[::1]:9400/x?y=1").urls())
        .containsExactly("http://a:8000/metrics", "https://[::1]:9400/x?y=1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "on", "a:8000/metrics", "ftp://a/metrics", "http://", "http://a/ b"})
  void rejectsWhatIsNoUrl(String text) {
    assertThatThrownBy(() -> MetricsEndpoints.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("auto, off, or URLs of metrics such as");
  }

  @Test
  void rejectsMoreUrlsThanItReads() {
    String many =
        IntStream.range(0, 65).mapToObj(i -> "http://a" + i).collect(Collectors.joining(","));

    assertThatThrownBy(() -> MetricsEndpoints.parse(many)).hasMessageContaining("up to 64");
  }

  @Test
  void hidesAndMasksPasswordsAndKeys() {
    MetricsEndpoints endpoints =
        MetricsEndpoints.parse(
            "http://scraper:pa55-of-metrics@a:8000/metrics?token=t0k-of-metrics");

    assertThat(endpoints).hasToString("http://a:8000/metrics");
    assertThat(Redactor.ofProcess().redact("it said pa55-of-metrics and t0k-of-metrics"))
        .doesNotContain("pa55-of-metrics", "t0k-of-metrics");
  }
}
