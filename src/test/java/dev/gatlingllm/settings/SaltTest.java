package dev.gatlingllm.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Properties;
import org.junit.jupiter.api.Test;

class SaltTest {

  private static long salted(String salt, long seed) {
    Properties properties = new Properties();
    if (salt != null) {
      properties.setProperty("llm.salt", salt);
    }
    return LlmSettings.read(SaltTest.class.getClassLoader(), properties).salted(seed);
  }

  @Test
  void mixesIntoEverySeedAndIsTheSameOnEveryRun() {
    assertThat(salted(null, 3)).isEqualTo(3);
    assertThat(salted("fork 1", 3))
        .isEqualTo(salted("fork 1", 3))
        .isNotEqualTo(3)
        .isNotEqualTo(salted("fork 2", 3))
        .isNotEqualTo(salted("fork 1", 4));
  }
}
