package dev.gatlingllm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerMetricsReaderTest {

  private final ServerMetricsReader reader =
      new ServerMetricsReader("http://10.0.0.1:8000", "sk-12345");

  /** Returns what the connection would authorize itself with; null for nothing. */
  private String authorization(String url) throws IOException {
    return reader.authorization(new URL(url));
  }

  @Test
  void sendsTheKeyToTheServerUnderTest() throws IOException {
    assertThat(authorization("http://10.0.0.1:8000/metrics")).isEqualTo("Bearer sk-12345");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://10.0.0.2:8000/metrics",
        "http://10.0.0.1:9400/metrics",
        "https://10.0.0.1:8000/metrics",
        "http://10.0.0.1/metrics"
      })
  void sendsTheKeyToNobodyElse(String url) throws IOException {
    assertThat(authorization(url)).isNull();
  }

  @Test
  void sendsUserAndPasswordOfTheUrlInsteadOfTheKey() throws IOException {
    String basic = Base64.getEncoder().encodeToString("scraper:p@ss".getBytes(UTF_8));

    assertThat(authorization("http://scraper:p%40ss@10.0.0.1:8000/metrics"))
        .isEqualTo("Basic " + basic);
  }
}
