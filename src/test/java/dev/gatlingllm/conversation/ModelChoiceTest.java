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
  void modelsAreAskedByTheirWeights() {
    ModelChoice choice = ModelChoice.parse("base=3,lora-a=1", Span.CONVERSATION);
    int base = 0;
    for (int seed = 0; seed < 4_000; seed++) {
      base += choice.of(seed, first()).equals("base") ? 1 : 0;
    }

    // 3,000 expected, standard deviation 27
    assertThat(base).isBetween(2_860, 3_140);
  }

  @Test
  void aConversationKeepsItsModelUnlessEachTurnDraws() {
    assertThat(askedIn20Turns(Span.CONVERSATION)).hasSize(1);
    assertThat(askedIn20Turns(Span.TURN)).containsExactlyInAnyOrder("a", "b");
    assertThat(askedIn20Turns(Span.CONVERSATION)).isEqualTo(askedIn20Turns(Span.CONVERSATION));
  }

  private static Set<String> askedIn20Turns(Span span) {
    ModelChoice choice = ModelChoice.parse("a=1,b=1", span);
    Set<String> asked = new HashSet<>();
    Turn turn = first();
    while (turn.number() < 20) {
      asked.add(choice.of(5, turn));
      turn = turn.failed().next();
    }
    return asked;
  }

  @Test
  void theNameIsWhatStandsBeforeTheLastEqualsSign() {
    assertThat(ModelChoice.parse("b=x=2, a=0.5", Span.TURN)).hasToString("a=0.5,b=x=2");
    assertThat(ModelChoice.only("m")).hasToString("m");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "base | has no weight",
        "base=x | give a number above 0",
        "base=0 | give a number above 0",
        "=1 | a model has no name",
        "a=1,a=2 | model a is named twice"
      })
  void aMistakeIsTold(String text, String remedy) {
    assertThatThrownBy(() -> ModelChoice.parse(text, Span.CONVERSATION))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(remedy);
  }
}
