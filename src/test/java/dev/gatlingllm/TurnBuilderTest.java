package dev.gatlingllm;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TurnBuilderTest {

  @Test
  void namesTheMethodThatGotAFileInPlaceOfASchema() {
    assertThatThrownBy(() -> LlmDsl.chatTurn("answer").jsonSchema("schema.json"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("jsonSchema must be a JSON schema, not a file's name, got schema.json");
  }
}
