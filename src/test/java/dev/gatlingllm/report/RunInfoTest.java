package dev.gatlingllm.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunInfoTest {

  @ParameterizedTest
  @CsvSource({
    "http://gpu-box:8000, http://gpu-box:8000",
    "https://me:secret@gpu-box/llm, https://gpu-box/llm",
    "https://gpu-box/llm?key=secret#secret, https://gpu-box/llm",
    "http://[::1]:8000, http://[::1]:8000",
    "http://me:secret@gpu_box:8000, http://gpu_box:8000",
    "http://me:se cret@gpu-box,",
    ","
  })
  void removesSecretsFromTheBaseUrl(String configured, String kept) {
    assertThat(new RunInfo.Target(configured, null, null, null).baseUrl()).isEqualTo(kept);
  }
}
