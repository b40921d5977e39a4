package dev.gatlingllm.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatlingllm.conversation.ModelChoice.Span;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelChoiceTest {

  private static Turn first() {
    return Scripts.conversation(20, ConversationRules.DEFAULT).next();
  }

  @Test
  void drawsModelsByWeight() {
    ModelChoice choice =
        new ModelChoice(ModelChoice.parseWeights("base=3,lora-a=1"), Span.CONVERSATION);
    int base = 0;
    for (int seed = 0; seed < 4_000; seed++) {
      base += choice.of(seed, first()).equals("base") ? 1 : 0;
    }

    // 3,000 expected, standard deviation 27
    assertThat(base).isBetween(2_860, 3_140);
  }

  @Test
  void keepsTheModelOfAConversationUnlessDrawnPerTurn() {
    assertThat(askedIn20Turns(Span.CONVERSATION)).hasSize(1);
    assertThat(askedIn20Turns(Span.TURN)).containsExactlyInAnyOrder("a", "b");
    assertThat(askedIn20Turns(Span.CONVERSATION)).isEqualTo(askedIn20Turns(Span.CONVERSATION));
  }

  private static Set<String> askedIn20Turns(Span span) {
    ModelChoice choice = new ModelChoice(ModelChoice.parseWeights("a=1,b=1"), span);
    Set<String> asked = new HashSet<>();
    Turn turn = first();
    while (turn.number() < 20) {
      asked.add(choice.of(5, turn));
      turn = turn.failed().next();
    }
    return asked;
  }

  @Test
  void splitsAtTheLastEqualsSign() {
    assertThat(new ModelChoice(ModelChoice.parseWeights("b=x=2, a=0.5"), Span.TURN))
        .hasToString("a=0.5,b=x=2");
    assertThat(ModelChoice.only("m")).hasToString("m");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "base | models must be weights such as base=3,lora-a=1, got base",
        "base=x | models must be weights such as base=3,lora-a=1, got base=x",
        "base=0 | models must give base a weight above 0, got 0",
        "=1 | models must name every model, got a blank name",
        "a=1,a=2 | models must name each model once, got a twice"
      })
  void rejectsInvalidChoices(String text, String remedy) {
    assertThatThrownBy(() -> new ModelChoice(ModelChoice.parseWeights(text), Span.CONVERSATION))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(remedy);
  }
}
