package dev.gatlingllm.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatlingllm.prompt.ConversationScript.Question;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class SharedPrefixScriptsTest {

  private static final Tokenizer O200K = Tokenizers.resolve("o200k_base");
  private static final ExactText TEXT = ExactText.of(O200K);

  private static SharedPrefixShape shape(int groups, int conversationsPerGroup, long seed) {
    return new SharedPrefixShape(
        groups,
        conversationsPerGroup,
        Distribution.uniform(20, 40),
        Distribution.normal(12, 6).clamp(1, 30),
        Distribution.constant(8),
        Distribution.uniform(2, 5),
        seed);
  }

  private static SharedPrefixScripts scripts(int groups, int conversationsPerGroup, long seed) {
    return new SharedPrefixScripts(shape(groups, conversationsPerGroup, seed), TEXT);
  }

  private static List<Object> everythingSaid(ConversationScript script) {
    return List.of(
        script.id(),
        script.group(),
        script.systemPrompt(),
        IntStream.rangeClosed(1, script.turns()).mapToObj(script::question).toList());
  }

  @Property(tries = 50)
  void theSameSeedAndNumberSayTheSameInWhateverOrderTheyAreAsked(
      @ForAll long seed, @ForAll @LongRange(min = 0, max = 1_000_000) long number) {
    SharedPrefixScripts once = scripts(4, 0, seed);
    SharedPrefixScripts again = scripts(4, 0, seed);
    LongStream.range(0, 7).forEach(other -> everythingSaid(again.script(other)));

    assertThat(everythingSaid(again.script(number))).isEqualTo(everythingSaid(once.script(number)));
  }

  @Property(tries = 50)
  void everyPassageIsExactlyAsLongAsItSays(
      @ForAll long seed, @ForAll @LongRange(min = 0, max = 1000) long number) {
    ConversationScript script = scripts(3, 0, seed).script(number);

    assertThat(script.systemPrompt().tokens()).isBetween(20, 40);
    assertThat(O200K.count(script.systemPrompt().text())).isEqualTo(script.systemPrompt().tokens());
    for (int turn = 1; turn <= script.turns(); turn++) {
      Question question = script.question(turn);
      assertThat(question.passage().tokens()).isBetween(1, 30);
      assertThat(O200K.count(question.passage().text())).isEqualTo(question.passage().tokens());
    }
  }

  @Property(tries = 20)
  void groupsShareOneObjectAndDifferFromTheFirstToken(
      @ForAll @IntRange(min = 2, max = 20) int groups, @ForAll long seed) {
    SharedPrefixScripts scripts = scripts(groups, 0, seed);

    for (int group = 0; group < groups; group++) {
      assertThat(scripts.script(group).group()).isEqualTo(group);
      assertThat(scripts.script(group).systemPrompt())
          .isSameAs(scripts.script(group + 5L * groups).systemPrompt());
    }
    assertThat(LongStream.range(0, groups).mapToObj(scripts::script))
        .extracting(script -> O200K.encode(script.systemPrompt().text())[0])
        .doesNotHaveDuplicates();
  }

  @Test
  void freshConversationsNeverRepeat() {
    SharedPrefixScripts scripts = scripts(2, 0, 42);

    assertThat(LongStream.range(0, 500).mapToObj(scripts::script))
        .extracting(script -> script.question(1).passage().text())
        .doesNotHaveDuplicates();
  }

  @Test
  void aNumberOfConversationsPerGroupMakesLaterUsersRepeatTheFirst() {
    SharedPrefixScripts scripts = scripts(2, 3, 42);

    assertThat(everythingSaid(scripts.script(6))).isEqualTo(everythingSaid(scripts.script(0)));
    assertThat(LongStream.range(0, 60).mapToObj(scripts::script))
        .extracting(ConversationScript::id)
        .containsOnly(
            LongStream.range(0, 6).mapToObj(n -> "conversation-" + n).toArray(String[]::new));
  }

  @Test
  void anotherSeedSaysSomethingElse() {
    assertThat(scripts(2, 0, 1).script(0).systemPrompt().text())
        .isNotEqualTo(scripts(2, 0, 2).script(0).systemPrompt().text());
  }

  @Test
  void aTurnThatIsNotThereIsRefused() {
    ConversationScript script = scripts(1, 0, 42).script(0);

    assertThatThrownBy(() -> script.question(script.turns() + 1))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessageContaining("conversation-0 has the turns 1 to " + script.turns());
  }

  @Test
  void aConversationCanBeEndless() {
    SharedPrefixShape endless =
        new SharedPrefixShape(
            1,
            0,
            Distribution.constant(0),
            Distribution.constant(4),
            Distribution.constant(8),
            Distribution.constant(Integer.MAX_VALUE),
            42);
    ConversationScript script = new SharedPrefixScripts(endless, TEXT).script(0);

    assertThat(script.turns()).isEqualTo(Integer.MAX_VALUE);
    assertThat(script.systemPrompt()).isEqualTo(Passage.EMPTY);
    assertThat(script.question(1_000_000_000).passage().tokens()).isEqualTo(4);
  }
}
