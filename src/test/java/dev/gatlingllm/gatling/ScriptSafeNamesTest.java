package dev.gatlingllm.gatling;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ScriptSafeNamesTest {

  @Test
  void escapesWhatCouldEndAStringOfScript() {
    assertThat(ScriptSafeNames.escaped("</script>\\\n\u2028 caf\u00e9"))
        .isEqualTo("\\u003c/script>\\u005c\\u000a\\u2028 caf\u00e9");
  }
}
