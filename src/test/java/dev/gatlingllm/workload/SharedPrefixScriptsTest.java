package dev.gatlingllm.workload;

import static dev.gatlingllm.settings.Setting.COMMON_PREFIX_TOKENS;
import static dev.gatlingllm.settings.Setting.CONSISTENCY;
import static dev.gatlingllm.settings.Setting.CONVERSATIONS_PER_GROUP;
import static dev.gatlingllm.settings.Setting.CONVERSATIONS_UNDER_WAY;
import static dev.gatlingllm.settings.Setting.GROUPS;
import static dev.gatlingllm.settings.Setting.IMAGES;
import static dev.gatlingllm.settings.Setting.IMAGE_TURNS;
import static dev.gatlingllm.settings.Setting.LENGTHS;
import static dev.gatlingllm.settings.Setting.OUTPUT_TOKENS;
import static dev.gatlingllm.settings.Setting.PRIVATE_CONTEXT_TOKENS;
import static dev.gatlingllm.settings.Setting.QUESTION_TOKENS;
import static dev.gatlingllm.settings.Setting.SEED;
import static dev.gatlingllm.settings.Setting.SYSTEM_PROMPT_TOKENS;
import static dev.gatlingllm.settings.Setting.TURNS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatlingllm.Distribution;
import dev.gatlingllm.Tokenizer;
import dev.gatlingllm.prompt.ExactText;
import dev.gatlingllm.prompt.Passage;
import dev.gatlingllm.prompt.Png;
import dev.gatlingllm.prompt.SyntheticImages;
import dev.gatlingllm.prompt.Tokenizers;
import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.workload.ConversationScript.Question;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedPrefixScriptsTest {

  private static final Tokenizer O200K = Tokenizers.resolve("o200k_base");
  private static final ExactText TEXT = ExactText.of(O200K);

  private static final LlmSettings DEFAULTS =
      LlmSettings.defaults()
          .with(SYSTEM_PROMPT_TOKENS, Distribution.uniform(20, 40))
          .with(QUESTION_TOKENS, Distribution.normal(12, 6).clamp(1, 30))
          .with(OUTPUT_TOKENS, Distribution.constant(8))
          .with(TURNS, Distribution.uniform(2, 5));

  private static LlmSettings settings(int groups, int conversationsPerGroup, long seed) {
    LlmSettings settings = DEFAULTS.with(GROUPS, groups).with(SEED, seed);
    return conversationsPerGroup == 0
        ? settings
        : settings.with(CONVERSATIONS_PER_GROUP, conversationsPerGroup);
  }

  private static SharedPrefixScripts scripts(LlmSettings settings) {
    return new SharedPrefixScripts(
        settings.sharedPrefixShape(),
        TEXT,
        new FeederColumns(Map.of(), 0, text -> new int[0]),
        Shard.WHOLE);
  }

  private static SharedPrefixScripts scripts(int groups, int conversationsPerGroup, long seed) {
    return scripts(settings(groups, conversationsPerGroup, seed));
  }

  private static List<Object> described(ConversationScript script) {
    return List.of(
        script.id(),
        script.group(),
        script.systemPrompt(),
        IntStream.rangeClosed(1, script.turns()).mapToObj(script::question).toList());
  }

  @Property(tries = 50)
  void dependsOnSeedAndNumberOnly(
      @ForAll long seed, @ForAll @LongRange(min = 0, max = 1_000_000) long number) {
    SharedPrefixScripts once = scripts(4, 0, seed);
    SharedPrefixScripts again = scripts(4, 0, seed);
    LongStream.range(0, 7).forEach(other -> described(again.find(other).orElseThrow()));

    assertThat(described(again.find(number).orElseThrow()))
        .isEqualTo(described(once.find(number).orElseThrow()));
  }

  @Property(tries = 50)
  void hasExactLengths(@ForAll long seed, @ForAll @LongRange(min = 0, max = 1000) long number) {
    ConversationScript script = scripts(3, 0, seed).find(number).orElseThrow();

    assertThat(script.systemPrompt().tokens()).isBetween(20, 40);
    assertThat(O200K.count(script.systemPrompt().text())).isEqualTo(script.systemPrompt().tokens());
    for (int turn = 1; turn <= script.turns(); turn++) {
      Question question = script.question(turn);
      assertThat(question.passage().tokens()).isBetween(1, 30);
      assertThat(O200K.count(question.passage().text())).isEqualTo(question.passage().tokens());
    }
  }

  @Property(tries = 20)
  void groupsDifferFromTheFirstTokenOn(
      @ForAll @IntRange(min = 2, max = 20) int groups, @ForAll long seed) {
    SharedPrefixScripts scripts = scripts(groups, 0, seed);

    ConversationScript[] first = new ConversationScript[groups];
    for (long number = 0; number < 6L * groups; number++) {
      ConversationScript script = scripts.find(number).orElseThrow();
      if (first[script.group()] == null) {
        first[script.group()] = script;
      }
      assertThat(script.systemPrompt()).isSameAs(first[script.group()].systemPrompt());
    }
    assertThat(LongStream.range(0, groups).mapToObj(number -> scripts.find(number).orElseThrow()))
        .extracting(script -> O200K.encode(script.systemPrompt().text())[0])
        .doesNotHaveDuplicates();
  }

  @Test
  void conversationsDoNotRepeatByDefault() {
    SharedPrefixScripts scripts = scripts(2, 0, 42);

    assertThat(LongStream.range(0, 500).mapToObj(number -> scripts.find(number).orElseThrow()))
        .extracting(script -> script.question(1).passage().text())
        .doesNotHaveDuplicates();
  }

  @Test
  void imagesAreInTheFirstQuestionOrInAllOfThem() {
    LlmSettings first = settings(2, 0, 42).with(IMAGES, Distribution.constant(2));
    ConversationScript script = scripts(first).find(5).orElseThrow();
    ConversationScript all =
        scripts(first.with(IMAGE_TURNS, Images.Turns.ALL)).find(5).orElseThrow();

    assertThat(script.images(1)).hasSize(2);
    assertThat(script.images(2)).isEmpty();
    assertThat(all.images(2)).hasSize(2);
    assertThat(
            Stream.of(
                script.images(1), all.images(2), scripts(first).find(6).orElseThrow().images(1)))
        .flatExtracting(images -> images)
        .extracting(SyntheticImages.Image::hash)
        .doesNotHaveDuplicates();
    assertThat(Png.of(scripts(first).find(5).orElseThrow().images(1).get(1)))
        .isEqualTo(Png.of(script.images(1).get(1)));
    assertThat(scripts(2, 0, 42).find(5).orElseThrow().images(1)).isEmpty();
  }

  @Test
  void shareOfConversationsRepeatsOnePrompt() {
    SharedPrefixScripts scripts = scripts(settings(3, 0, 42).with(CONSISTENCY, 0.25));
    List<ConversationScript> probes =
        LongStream.range(0, 2_000)
            .mapToObj(number -> scripts.find(number).orElseThrow())
            .filter(ConversationScript::isProbe)
            .toList();

    assertThat(probes).hasSizeBetween(400, 600);
    assertThat(probes).extracting(ConversationScript::id).doesNotHaveDuplicates();
    assertThat(probes)
        .allSatisfy(
            probe -> {
              assertThat(described(probe).subList(1, 4))
                  .isEqualTo(described(probes.get(0)).subList(1, 4));
              assertThat(probe.turns()).isEqualTo(1);
            });
    assertThat(O200K.count(probes.get(0).question(1).passage().text()))
        .isEqualTo(probes.get(0).question(1).passage().tokens());
    SharedPrefixScripts others = scripts(3, 0, 42);
    assertThat(LongStream.range(0, 2_000).mapToObj(number -> others.find(number).orElseThrow()))
        .noneMatch(ConversationScript::isProbe);
  }

  @Test
  void repeatsConversationsPerGroup() {
    SharedPrefixScripts scripts = scripts(2, 3, 42);

    Map<String, Object> seen = new HashMap<>();
    for (long number = 0; number < 60; number++) {
      ConversationScript script = scripts.find(number).orElseThrow();
      assertThat(script.repeats()).isTrue();
      Object before = seen.putIfAbsent(script.id(), described(script));
      assertThat(before).isIn(null, described(script));
    }
    assertThat(LongStream.range(0, 60).mapToObj(number -> scripts.find(number).orElseThrow()))
        .extracting(ConversationScript::id)
        .containsOnly(
            LongStream.range(0, 6).mapToObj(n -> "conversation-" + n).toArray(String[]::new));
  }

  @Test
  void differsByTheSeed() {
    assertThat(scripts(2, 0, 1).find(0).orElseThrow().systemPrompt().text())
        .isNotEqualTo(scripts(2, 0, 2).find(0).orElseThrow().systemPrompt().text());
  }

  @Test
  void rejectsInvalidTurn() {
    ConversationScript script = scripts(1, 0, 42).find(0).orElseThrow();

    assertThatThrownBy(() -> script.question(script.turns() + 1))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessageContaining("conversation-0 must have a turn from 1 to " + script.turns());
  }

  @Test
  void conversationsCanBeEndless() {
    LlmSettings endless =
        settings(1, 0, 42)
            .with(SYSTEM_PROMPT_TOKENS, Distribution.constant(0))
            .with(QUESTION_TOKENS, Distribution.constant(4))
            .with(TURNS, Distribution.constant(Integer.MAX_VALUE));
    ConversationScript script = scripts(endless).find(0).orElseThrow();

    assertThat(script.turns()).isEqualTo(Integer.MAX_VALUE);
    assertThat(script.systemPrompt()).isEqualTo(Passage.EMPTY);
    assertThat(script.question(1_000_000_000).passage().tokens()).isEqualTo(4);
  }

  @Property(tries = 20)
  void groupsShareTheCommonPrefixOnly(
      @ForAll @IntRange(min = 1, max = 60) int common, @ForAll long seed) {
    LlmSettings shape = settings(8, 0, seed).with(COMMON_PREFIX_TOKENS, common);
    SharedPrefixScripts scripts = scripts(shape);
    List<int[]> prompts =
        LongStream.range(0, 8)
            .mapToObj(number -> scripts.find(number).orElseThrow().systemPrompt())
            .peek(prompt -> assertThat(O200K.count(prompt.text())).isEqualTo(prompt.tokens()))
            .map(prompt -> O200K.encode(prompt.text()))
            .toList();

    assertThat(scripts.find(0).orElseThrow().commonTokens()).isEqualTo(common);
    assertThat(prompts)
        .allSatisfy(
            prompt ->
                assertThat(Arrays.copyOf(prompt, common))
                    .isEqualTo(Arrays.copyOf(prompts.get(0), common)));
    assertThat(prompts).extracting(prompt -> prompt[common]).doesNotHaveDuplicates();
  }

  @Property(tries = 20)
  void privateContextDiffersByConversation(@ForAll long seed) {
    LlmSettings shape =
        settings(2, 0, seed).with(PRIVATE_CONTEXT_TOKENS, Distribution.uniform(5, 50));
    SharedPrefixScripts scripts = scripts(shape);

    List<Passage> contexts =
        LongStream.range(0, 20)
            .mapToObj(number -> scripts.find(number).orElseThrow().context())
            .toList();

    assertThat(contexts).doesNotHaveDuplicates();
    assertThat(contexts)
        .allSatisfy(
            context -> {
              assertThat(context.tokens()).isBetween(5, 50);
              assertThat(O200K.count(context.text())).isEqualTo(context.tokens());
            });
  }

  @Test
  void agedConversationsAreSpreadOverTheirTurns() {
    int aged = 4_000;
    SharedPrefixScripts scripts =
        scripts(
            settings(2, 0, 42)
                .with(TURNS, Distribution.uniform(1, 3))
                .with(CONVERSATIONS_UNDER_WAY, (long) aged));
    List<ConversationScript> met =
        LongStream.range(0, aged).mapToObj(number -> scripts.find(number).orElseThrow()).toList();

    assertThat(met).allMatch(script -> script.firstTurn() >= 1);
    assertThat(met).allMatch(script -> script.firstTurn() <= script.turns());
    // lengths 1, 2 and 3 are met 1 : 2 : 3, and each of their turns alike
    for (int turns = 1; turns <= 3; turns++) {
      int length = turns;
      for (int turn = 1; turn <= turns; turn++) {
        int at = turn;
        assertThat(met)
            .filteredOn(script -> script.turns() == length && script.firstTurn() == at)
            .hasSizeBetween(aged / 6 - 120, aged / 6 + 120);
      }
    }
    assertThat(scripts.find(aged).orElseThrow().firstTurn()).isEqualTo(1);
  }

  @Property(tries = 30)
  void shardsTogetherEqualTheWhole(
      @ForAll @IntRange(min = 1, max = 6) int shards, @ForAll @IntRange(max = 3) int perGroup) {
    SharedPrefixScripts scripts = scripts(3, perGroup, 42);
    List<Object> whole =
        LongStream.range(0, 12L * shards)
            .<Object>mapToObj(number -> described(scripts.find(number).orElseThrow()))
            .toList();

    List<Object> together = new ArrayList<>();
    for (int own = 0; own < 12; own++) {
      for (int index = 1; index <= shards; index++) {
        long number = new Shard(index, shards).conversation(own);
        together.add(described(scripts(3, perGroup, 42).find(number).orElseThrow()));
      }
    }

    assertThat(together).isEqualTo(whole);
  }

  @Test
  void drawsLengthTriplesTogether(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("lengths.csv"), "5,10,20\n50,100,200\n");
    LlmSettings shape =
        settings(4, 0, 42)
            .with(LENGTHS, LengthTriples.read(file))
            .with(TURNS, Distribution.constant(30));
    SharedPrefixScripts scripts = scripts(shape);

    for (int turn = 1; turn <= 30; turn++) {
      Question question = scripts.find(0).orElseThrow().question(turn);
      assertThat(question.passage().tokens()).isIn(10, 100);
      assertThat(question.outputTokens()).isEqualTo(2 * question.passage().tokens());
      assertThat(scripts.find(0).orElseThrow().response(turn).tokens())
          .isEqualTo(question.outputTokens());
    }
    assertThat(scripts.find(0).orElseThrow().systemPrompt().tokens()).isIn(5, 50);
  }

  /** Later turns are written on event loops, which must not tokenize. */
  @Test
  void writesTurnsWithoutTokenizing() {
    AtomicInteger calls = new AtomicInteger();
    Tokenizer counting =
        new Tokenizer() {
          @Override
          public String name() {
            return "counting";
          }

          @Override
          public int[] encode(String text) {
            calls.incrementAndGet();
            return O200K.encode(text);
          }

          @Override
          public String decode(int... tokens) {
            return O200K.decode(tokens);
          }

          @Override
          public int vocabularySize() {
            return O200K.vocabularySize();
          }
        };
    SharedPrefixScripts scripts =
        new SharedPrefixScripts(
            settings(2, 0, 7).sharedPrefixShape(),
            ExactText.of(counting),
            new FeederColumns(Map.of(), 0, text -> new int[0]),
            Shard.WHOLE);
    calls.set(0);

    ConversationScript script = scripts.find(3).orElseThrow();
    script.systemPrompt();
    for (int turn = 1; turn <= script.turns(); turn++) {
      assertThat(script.question(turn).passage().tokenIds()).isNotEmpty();
      assertThat(script.response(turn).tokens()).isEqualTo(8);
    }

    assertThat(calls).hasValue(0);
  }
}
