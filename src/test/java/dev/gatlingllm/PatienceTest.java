package dev.gatlingllm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatlingllm.prompt.SeededRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PatienceTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          20 tokens            | 20 | 20 | 0
          1 token              | 1  | 1  | 0
          uniform(5,50) tokens | 5  | 50 | 0
          uniform(-9,3) tokens | 1  | 3  | 0
          1500ms               | 0  | 0  | 1500
          beforeFirstToken     | 0  | 0  | 0
          """)
  void readsTokensTimesAndTheFirstToken(String text, int least, int most, long millis) {
    Patience patience = Patience.parse(text);

    assertThat(patience.time()).hasMillis(millis);
    SeededRandom random = SeededRandom.of(1);
    for (int i = 0; i < 100; i++) {
      assertThat(patience.drawTokens(random)).isBetween(least, most);
    }
    assertThat(Patience.parse(patience.toString())).hasToString(patience.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"20", "0 tokens", "-1 tokens", "soon", "tokens", "2 s s", ""})
  void saysWhatIsAllowed(String text) {
    assertThatThrownBy(() -> Patience.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must be");
  }
}
