package dev.gatlingllm.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.gatlingllm.Distribution;
import dev.gatlingllm.Tokenizer;
import dev.gatlingllm.prompt.ExactText;
import dev.gatlingllm.prompt.Tokenizers;
import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.settings.Setting;
import dev.gatlingllm.workload.Column.Order;
import dev.gatlingllm.workload.FeederColumns.Purpose;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FeederColumnsTest {

  private static final Tokenizer O200K = Tokenizers.resolve("o200k_base");
  private static final ExactText TEXT = ExactText.of(O200K);

  private static final LlmSettings SETTINGS =
      LlmSettings.defaults()
          .with(Setting.GROUPS, 2)
          .with(Setting.TURNS, Distribution.uniform(1, 4))
          .with(Setting.SYSTEM_PROMPT_TOKENS, Distribution.constant(5));

  private static Column column(Order order, String... values) {
    return new Column(
        "records.csv",
        "value",
        Arrays.stream(values).map(value -> Map.<String, Object>of("value", value)).toList(),
        order);
  }

  private static Column numbered(Order order, int size) {
    return column(
        order, IntStream.range(0, size).mapToObj(i -> "question " + i).toArray(String[]::new));
  }

  private static SharedPrefixScripts scripts(LlmSettings settings, Map<Purpose, Column> columns) {
    return new SharedPrefixScripts(
        settings.sharedPrefixShape(),
        TEXT,
        new FeederColumns(columns, settings.saltedSeed(), O200K::encode),
        settings.get(Setting.SHARD));
  }

  private static SharedPrefixScripts scripts(Map<Purpose, Column> columns) {
    return scripts(SETTINGS, columns);
  }

  /** The questions of the first conversations, in order. */
  private static List<String> questions(SharedPrefixScripts scripts, int conversations) {
    List<String> questions = new ArrayList<>();
    for (int number = 0; number < conversations; number++) {
      scripts
          .find(number)
          .ifPresent(
              script ->
                  IntStream.rangeClosed(1, script.turns())
                      .mapToObj(turn -> script.question(turn).passage().text())
                      .forEach(questions::add));
    }
    return questions;
  }

  @Test
  void aQueueGivesEachTurnTheNextRecordUntilAllAreTaken() {
    Column records = numbered(Order.QUEUE, 40);
    SharedPrefixScripts scripts = scripts(Map.of(Purpose.QUESTION, records));

    assertThat(questions(scripts, 100)).isEqualTo(records.distinctValues());
    assertThat(scripts.find(99)).isEmpty();
  }

  @Test
  void aCircularFeederStartsOver() {
    Column records = numbered(Order.CIRCULAR, 7);

    List<String> asked = questions(scripts(Map.of(Purpose.QUESTION, records)), 600);

    assertThat(asked).hasSizeGreaterThan(600);
    for (int i = 0; i < asked.size(); i++) {
      assertThat(asked.get(i)).isEqualTo("question " + i % 7);
    }
  }

  @Test
  void aShardDoesNotKnowWhatOthersAskedOfTheSameFeeder() {
    Map<Purpose, Column> asked = Map.of(Purpose.QUESTION, numbered(Order.CIRCULAR, 7));
    LlmSettings shard = SETTINGS.with(Setting.SHARD, new Shard(1, 2));

    assertThat(scripts(shard, asked).find(0).orElseThrow().tokensOfOtherShards()).isEmpty();
    assertThat(scripts(shard, Map.of()).find(0).orElseThrow().tokensOfOtherShards()).hasValue(0);
    assertThat(scripts(asked).find(0).orElseThrow().tokensOfOtherShards()).hasValue(0);
  }

  @Test
  void aShuffledFeederGivesEachRecordOnceInAnotherOrder() {
    Column records = numbered(Order.SHUFFLE, 40);

    assertThat(questions(scripts(Map.of(Purpose.QUESTION, records)), 100))
        .containsExactlyInAnyOrderElementsOf(records.distinctValues())
        .isNotEqualTo(records.distinctValues());
  }

  @Test
  void aRandomFeederRepeatsRecordsAndLeavesNoneOut() {
    Column records = numbered(Order.RANDOM, 10);

    List<String> asked = questions(scripts(Map.of(Purpose.QUESTION, records)), 100);

    assertThat(asked).containsAll(records.distinctValues()).hasSizeGreaterThan(100);
    assertThat(asked.subList(0, 10))
        .isNotEqualTo(asked.subList(10, 20))
        .isNotEqualTo(records.distinctValues());
  }

  @ParameterizedTest
  @EnumSource
  void conversationsDependOnTheirNumberAlone(Order order) {
    Map<Purpose, Column> columns = Map.of(Purpose.QUESTION, numbered(order, 50));
    List<String> inOrder = questions(scripts(columns), 20);
    SharedPrefixScripts backwards = scripts(columns);

    List<List<String>> asked = new ArrayList<>();
    for (long number = 19; number >= 0; number--) {
      ConversationScript script = backwards.find(number).orElse(null);
      asked.add(
          0,
          script == null
              ? List.of()
              : IntStream.rangeClosed(1, script.turns())
                  .mapToObj(turn -> script.question(turn).passage().text())
                  .toList());
    }

    assertThat(asked.stream().flatMap(List::stream).toList()).isEqualTo(inOrder);
  }

  @ParameterizedTest
  @EnumSource
  void columnsOfTheSameRecordsBelongTogether(Order order) {
    Column lengths =
        column(order, IntStream.range(0, 50).mapToObj(i -> (i + 1) + "").toArray(String[]::new));
    ConversationScript script =
        scripts(Map.of(Purpose.QUESTION, numbered(order, 50), Purpose.OUTPUT_TOKENS, lengths))
            .find(3)
            .orElseThrow();

    for (int turn = 1; turn <= script.turns(); turn++) {
      int record = script.question(turn).outputTokens() - 1;
      assertThat(script.question(turn).passage().text()).isEqualTo("question " + record);
    }
  }

  @Test
  void questionsComeWithAllColumnsOfTheirRecord() {
    Map<String, Object> record = Map.of("value", "Why?", "expected", "because");
    Column questions = new Column("records.csv", "value", List.of(record), Order.CIRCULAR);

    assertThat(
            scripts(Map.of(Purpose.QUESTION, questions)).find(2).orElseThrow().question(1).record())
        .isEqualTo(record);
    assertThat(scripts(Map.of()).find(2).orElseThrow().question(1).record()).isEmpty();
  }

  @Test
  void textsHaveTheirLengthInTokens() {
    ConversationScript script =
        scripts(
                Map.of(
                    Purpose.QUESTION, column(Order.CIRCULAR, " Why is the sky blue? "),
                    Purpose.SYSTEM_PROMPT, column(Order.QUEUE, "Be brief.", "Be brief, please.")))
            .find(0)
            .orElseThrow();

    assertThat(script.question(1).passage().text()).isEqualTo("Why is the sky blue?");
    assertThat(script.question(1).passage().tokens())
        .isEqualTo(O200K.count("Why is the sky blue?"));
    assertThat(script.systemPrompt().text()).startsWith("Be brief");
    assertThat(script.systemPrompt().tokens()).isEqualTo(O200K.count(script.systemPrompt().text()));
    assertThat(script.commonTokens()).as("Be brief").isEqualTo(2);
  }

  @Test
  void groupsAndModelsAreThoseOfTheConversationsRecord() {
    Column teams = column(Order.CIRCULAR, "sales", "law", "sales");
    Column models = column(Order.CIRCULAR, "small", "large", "tiny");
    SharedPrefixScripts scripts = scripts(Map.of(Purpose.GROUP, teams, Purpose.MODEL, models));

    assertThat(
            LongStream.range(0, 6)
                .mapToObj(number -> scripts.find(number).orElseThrow())
                .map(ConversationScript::group))
        .containsExactly(0, 1, 0, 0, 1, 0);
    assertThat(scripts.find(4).orElseThrow().model()).contains("large");
  }

  @Test
  void aQueueOfConversationsEndsWithItsRecords() {
    SharedPrefixScripts scripts = scripts(Map.of(Purpose.MODEL, column(Order.QUEUE, "a", "b")));

    assertThat(scripts.find(1)).isPresent();
    assertThat(scripts.find(2)).isEmpty();
  }

  @Test
  void repeatedConversationsAskTheSameQuestions() {
    SharedPrefixScripts scripts =
        scripts(
            SETTINGS.with(Setting.CONVERSATIONS_PER_GROUP, 2),
            Map.of(Purpose.QUESTION, numbered(Order.QUEUE, 1000)));

    assertThat(new HashSet<>(questions(scripts, 50)).size())
        .isEqualTo(questions(scripts, 4).size());
  }

  @Test
  void endlessConversationsGoRoundTheRecords() {
    LlmSettings endless = SETTINGS.with(Setting.TURNS, Setting.FOREVER);
    SharedPrefixScripts scripts =
        scripts(endless, Map.of(Purpose.QUESTION, numbered(Order.CIRCULAR, 3)));

    assertThat(
            IntStream.rangeClosed(1, 4)
                .mapToObj(t -> scripts.find(1).orElseThrow().question(t).passage()))
        .extracting(passage -> passage.text())
        .containsExactly("question 1", "question 2", "question 0", "question 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> scripts(endless, Map.of(Purpose.QUESTION, numbered(Order.QUEUE, 3))))
        .withMessage(
            "endless conversations need endless records; use circular() or random() of"
                + " records.csv");
  }

  @Test
  void saysWhichRecordIsInvalid() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> scripts(Map.of(Purpose.QUESTION, column(Order.QUEUE, "why?", " "))))
        .withMessage("record 2 of records.csv must have a text in column value, got a blank one");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> scripts(Map.of(Purpose.OUTPUT_TOKENS, column(Order.QUEUE, "12.5"))))
        .withMessage(
            "record 1 of records.csv must have a whole number of at least 1 in column value, got"
                + " 12.5");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> scripts(Map.of(Purpose.SYSTEM_PROMPT, column(Order.QUEUE, "one"))))
        .withMessageStartingWith(
            "llm.groups must be at most 1, one for each record of records.csv");
  }
}
