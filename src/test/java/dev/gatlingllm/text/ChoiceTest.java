package dev.gatlingllm.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ChoiceTest {

  private enum Shape {
    ROUND,
    TWO_SIDED,
    SQUARE
  }

  @Test
  void keysAreInCamelCase() {
    assertThat(Choice.key(Shape.TWO_SIDED)).isEqualTo("twoSided");
    assertThat(Choice.parse(Shape.class, " twosided ")).isEqualTo(Shape.TWO_SIDED);
  }

  @Test
  void listsTheKeysIfNoneMatches() {
    assertThatThrownBy(() -> Choice.parse(Shape.class, "flat"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("must be round, twoSided or square, got flat");
  }
}
