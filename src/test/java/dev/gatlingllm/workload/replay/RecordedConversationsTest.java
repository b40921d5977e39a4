package dev.gatlingllm.workload.replay;

import static dev.gatlingllm.settings.Setting.OUTPUT_TOKENS;
import static dev.gatlingllm.settings.Setting.REPLAY_LOOP;
import static dev.gatlingllm.workload.replay.Replays.TOKENIZER;
import static dev.gatlingllm.workload.replay.Replays.open;
import static dev.gatlingllm.workload.replay.Replays.sample;
import static dev.gatlingllm.workload.replay.Replays.script;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.Distribution;
import dev.gatlingllm.prompt.Passage;
import dev.gatlingllm.workload.ConversationScript;
import org.junit.jupiter.api.Test;

/** Replays recorded conversations. */
class RecordedConversationsTest {

  private static final String RESPONSE = "A smoky one, with a slice of lemon.";

  @Test
  void readsShareGpt() {
    Replay replay = open(sample("sharegpt.json"));
    ConversationScript tea = script(replay, 0);
    ConversationScript garlic = script(replay, 1);

    assertThat(replay.size()).isEqualTo(3);
    assertThat(replay.arrivals()).isEmpty();
    assertThat(tea.id()).isEqualTo("entry-1");
    assertThat(tea.turns()).isEqualTo(2);
    assertThat(tea.group()).isZero();
    assertThat(tea.systemPrompt()).isEqualTo(Passage.EMPTY);
    assertThat(tea.question(1).passage().text()).isEqualTo("Which tea goes with ] and \"rain\"?");
    assertThat(tea.response(1).text()).isEqualTo(RESPONSE);
    assertThat(garlic.group()).isEqualTo(1);
    assertThat(garlic.systemPrompt().text()).isEqualTo("You are a patient gardener.");
    assertThat(script(replay, 2).group()).isZero();
    assertThat(script(replay, 2).question(3).passage().text()).isEqualTo("Where does it end?");
  }

  @Test
  void countsTokensAndKeepsTheirIds() {
    ConversationScript tea = script(open(sample("sharegpt.json")), 0);
    Passage question = tea.question(1).passage();

    assertThat(question.tokens()).isEqualTo(TOKENIZER.count(question.text()));
    assertThat(question.tokenIds()).isEqualTo(TOKENIZER.encode(question.text()));
    assertThat(tea.question(1).outputTokens()).isEqualTo(TOKENIZER.count(RESPONSE));
  }

  @Test
  void joinsSuccessiveMessagesAndParts() {
    Replay replay = open(sample("messages.jsonl"));
    ConversationScript water = script(replay, 1);

    assertThat(water.id()).isEqualTo("line-3");
    assertThat(water.turns()).isEqualTo(1);
    assertThat(water.systemPrompt().text()).isEqualTo("Answer in one word.");
    assertThat(water.question(1).passage().text()).isEqualTo("Is water wet?\n\nBe honest.");
    assertThat(water.question(1).outputTokens()).as("its max_tokens").isEqualTo(5);
  }

  @Test
  void asksForDefaultLengthWithoutRecordedResponse() {
    ConversationScript roses = script(open(sample("messages.jsonl")), 0);

    assertThat(roses.turns()).isEqualTo(2);
    assertThat(roses.question(2).outputTokens()).isEqualTo(64);
    assertThat(roses.response(2)).isEqualTo(Passage.EMPTY);
  }

  @Test
  void prefersTheGivenLengthToTheRecordedOne() {
    Replay replay = open(sample("messages.jsonl").with(OUTPUT_TOKENS, Distribution.constant(11)));

    assertThat(script(replay, 0).question(1).outputTokens()).isEqualTo(11);
    assertThat(script(replay, 1).question(1).outputTokens()).isEqualTo(11);
  }

  @Test
  void groupsConversationsBySystemPrompt() {
    Replay replay = open(sample("messages.jsonl"));

    assertThat(script(replay, 0).group()).isZero();
    assertThat(script(replay, 1).group()).isEqualTo(1);
    assertThat(script(replay, 2).group()).isZero();
    assertThat(script(replay, 2).systemPrompt()).isSameAs(script(replay, 0).systemPrompt());
  }

  @Test
  void startsOverOnlyIfLooping() {
    Replay loop = open(sample("sharegpt.json"));
    Replay once = open(sample("sharegpt.json").with(REPLAY_LOOP, false));

    assertThat(script(loop, 4)).isEqualTo(script(loop, 1));
    assertThat(script(loop, 1).repeats()).isTrue();
    assertThat(once.script(2)).isPresent();
    assertThat(once.script(3)).isEmpty();
    assertThat(script(once, 1).repeats()).isFalse();
  }

  @Test
  void toStringOmitsTheText() {
    assertThat(script(open(sample("sharegpt.json")), 0).toString()).doesNotContain("tea", "lemon");
  }
}
