package dev.gatlingllm.observe.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.gatlingllm.settings.SettingException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OtlpHeadersTest {

  private static Map<String, String> of(String headers) {
    return OtlpHeaders.of(Map.of("OTEL_EXPORTER_OTLP_HEADERS", headers));
  }

  @Test
  void readsPairsWithEncodedValues() {
    assertThat(of("Authorization=Bearer%20a+b%3D, x-scope-orgid = 7,"))
        .containsOnly(entry("Authorization", "Bearer a+b="), entry("x-scope-orgid", "7"));
    assertThat(OtlpHeaders.of(Map.of())).isEmpty();
  }

  @Test
  void headersForMetricsGoBeforeThoseForAll() {
    assertThat(
            OtlpHeaders.of(
                Map.of(
                    "OTEL_EXPORTER_OTLP_HEADERS",
                    "key=all",
                    "OTEL_EXPORTER_OTLP_METRICS_HEADERS",
                    "key=metrics")))
        .containsOnly(entry("key", "metrics"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"hunter2hunter2", "=hunter2hunter2", "key=hunter2hunter2%zz"})
  void anInvalidTextIsNotShown(String headers) {
    assertThatThrownBy(() -> of(headers))
        .isInstanceOf(SettingException.class)
        .hasMessageStartingWith("OTEL_EXPORTER_OTLP_HEADERS must be name=value pairs")
        .hasMessageNotContaining("hunter2");
  }
}
