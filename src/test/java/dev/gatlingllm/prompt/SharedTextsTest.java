package dev.gatlingllm.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SharedTextsTest {

  private final SharedTexts<Object> texts = new SharedTexts<>();

  @Test
  void aGroupSharesOneObjectAsLongAsAConversationHasIt() {
    Object first = texts.get(1, Object::new);

    assertThat(texts.get(1, Object::new)).isSameAs(first);
    assertThat(texts.get(2, Object::new)).isNotSameAs(first);
  }
}
