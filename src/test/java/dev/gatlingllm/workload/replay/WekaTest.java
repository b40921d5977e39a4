package dev.gatlingllm.workload.replay;

import static dev.gatlingllm.settings.Setting.REPLAY_SPREAD;
import static dev.gatlingllm.settings.Setting.REPLAY_TIMING;
import static dev.gatlingllm.workload.replay.Replays.TOKENIZER;
import static dev.gatlingllm.workload.replay.Replays.open;
import static dev.gatlingllm.workload.replay.Replays.script;
import static dev.gatlingllm.workload.replay.Replays.shape;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.gatlingllm.ReplayTiming;
import dev.gatlingllm.conversation.BodyShape.PromptFormat;
import dev.gatlingllm.conversation.Conversation;
import dev.gatlingllm.conversation.ConversationRules;
import dev.gatlingllm.conversation.Conversations;
import dev.gatlingllm.conversation.Turn;
import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.settings.Setting;
import dev.gatlingllm.workload.ConversationScript;
import dev.gatlingllm.workload.ConversationScript.Parent;
import dev.gatlingllm.workload.ConversationScript.Pause;
import dev.gatlingllm.workload.Shard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Replays traces of coding agents: conversation a starts an agent, conversation b stands alone. */
class WekaTest {

  private static final Path FILE = Path.of("src/test/resources/cases/replay/weka.jsonl");

  @TempDir Path folder;

  /** Returns the prompt and the reusable tokens of each turn. */
  private static List<String> lengths(Replay replay, int user, Conversations conversations) {
    List<String> lengths = new ArrayList<>();
    Conversation conversation = conversations.begin(user, script(replay, user));
    while (conversation.hasNextTurn()) {
      Turn turn = conversation.next();
      assertThat(TOKENIZER.count(turn.questionText()))
          .isEqualTo(turn.promptTokens())
          .isEqualTo(script(replay, user).questionTokens(turn.number()));
      lengths.add(turn.promptTokens() + "/" + turn.markSent());
      conversation = turn.succeeded("not carried", 2, null);
    }
    return lengths;
  }

  @Test
  void sendsEachPromptAsItsIdsHaveIt() {
    Replay replay = open(shape(FILE));
    Conversations conversations =
        new Conversations("", 1, ConversationRules.DEFAULT, PromptFormat.TEXT);

    assertThat(lengths(replay, 0, conversations))
        .as("two blocks stay, then the history is reset")
        .containsExactly("200/0", "300/128", "100/0");
    assertThat(lengths(replay, 1, conversations))
        .as("the agent shares nothing with the conversation that starts it")
        .containsExactly("130/0", "140/128");
    assertThat(lengths(replay, 2, conversations))
        .as("ids are local to a conversation")
        .containsExactly("64/0");
    assertThat(lengths(replay, 3, conversations))
        .as("conversation a again")
        .containsExactly("200/200", "300/300", "100/100");
    assertThat(replay.description())
        .as("256 of 934 tokens")
        .isEqualTo(
            "Replaying weka.jsonl (weka): 2 conversations with 1 agent; a prefix cache without"
                + " limits could serve 27.4 % of input tokens; pauses as recorded");
  }

  /** All of them share ids, agents and other conversations included. */
  @Test
  void countsGlobalIdsOverTheWholeFile() throws IOException {
    Path file = folder.resolve("weka.jsonl");
    Files.writeString(file, Files.readString(FILE).replace("\"local\"", "\"global\""));

    assertThat(open(shape(file)).description())
        .as("256 + 128 + 64 of 934 tokens")
        .contains("could serve 48 % of input tokens");
  }

  @Test
  void asksForRecordedLengths() {
    Replay replay = open(shape(FILE));
    ConversationScript main = script(replay, 0);
    ConversationScript agent = script(replay, 1);

    assertThat(main.turns()).isEqualTo(3);
    assertThat(main.id()).isEqualTo("line-1");
    assertThat(main.question(2).outputTokens()).isEqualTo(20);
    assertThat(agent.id()).isEqualTo("line-1-agent-1");
    assertThat(agent.question(2).outputTokens()).as("recorded as 0").isEqualTo(1);
    assertThat(script(replay, 2).id()).isEqualTo("line-2");
  }

  @Test
  void startsAnAgentAtItsTimeInTheConversationOfItsParent() {
    LlmSettings settings = shape(FILE);

    assertThat(script(open(settings), 0).parent()).isEmpty();
    assertThat(script(open(settings), 1).parent()).contains(new Parent(1, Duration.ofSeconds(12)));
    assertThat(script(open(settings.with(Setting.REPLAY_SPEED, 4.0)), 1).parent())
        .contains(new Parent(1, Duration.ofSeconds(3)));
    assertThat(script(open(settings.with(Setting.SHARD, new Shard(2, 2))), 0).parent())
        .as("another shard has the parent")
        .contains(new Parent(0, Duration.ofSeconds(12)));
  }

  @Test
  void pausesAsRecordedOrAsTimesLeaveIt() {
    ConversationScript main = script(open(shape(FILE)), 0);

    assertThat(main.question(1).pause()).isEmpty();
    assertThat(main.question(2).pause())
        .as("second 9 after a response from second 0 to 4")
        .contains(new Pause(Duration.ofSeconds(5), Pause.Kind.THINK));
    assertThat(main.question(3).pause())
        .contains(new Pause(Duration.ofSeconds(7), Pause.Kind.TOOL));
  }

  @Test
  void theTimeBeforeResultsOfToolsIsThatOfTools() {
    Conversations conversations =
        new Conversations("", 1, ConversationRules.DEFAULT, PromptFormat.TEXT);
    Conversation conversation = conversations.begin(0, script(open(shape(FILE)), 0));
    List<Boolean> ofTools = new ArrayList<>();
    while (conversation.hasNextTurn()) {
      ofTools.add(conversation.next().hasResultsOfTools());
      conversation = conversation.next().succeeded("not carried", 2, null);
    }

    assertThat(ofTools).containsExactly(false, false, true);
  }

  @Test
  void sendsTurnsAtTheirTimesWhereAsked() {
    ConversationScript main = script(open(shape(FILE).with(REPLAY_TIMING, ReplayTiming.TIMES)), 0);

    assertThat(main.question(1).pause().orElseThrow().length()).isZero();
    assertThat(main.question(3).pause())
        .contains(new Pause(Duration.ofSeconds(30), Pause.Kind.TOOL, true));
  }

  @Test
  void spreadsWholeSecondsWhereAsked() {
    Replay replay = open(shape(FILE).with(REPLAY_SPREAD, true));
    Duration pause = script(replay, 0).question(3).pause().orElseThrow().length();

    assertThat(pause).isBetween(Duration.ofSeconds(7), Duration.ofSeconds(8));
    assertThat(pause.toNanosPart()).isPositive();
    assertThat(script(replay, 0).question(3).pause().orElseThrow().length()).isEqualTo(pause);
    assertThat(replay.description()).endsWith("whole seconds spread within the second");
  }

  @Test
  void readsAFolderWithAFileForEachConversation() throws Exception {
    List<String> lines = Files.readAllLines(FILE);
    Files.writeString(folder.resolve("2.json"), lines.get(0).replace(", ", ",\n  "));
    Files.writeString(folder.resolve("1.json"), lines.get(1).replace(", ", ",\r\n") + "\n");
    Files.writeString(folder.resolve("README.md"), "not a trace");
    Replay replay = open(shape(folder));

    assertThat(replay.size()).isEqualTo(3);
    assertThat(script(replay, 0).turns()).isEqualTo(1);
    assertThat(script(replay, 1).turns()).isEqualTo(3);
    Files.writeString(folder.resolve("3.json"), "{\"requests\":[]}");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> open(shape(folder)))
        .withMessageContaining("file 3.json: its \"requests\" have none of type s or n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"in\":64,\"out\":1,\"hash_ids\":[1]} | \"t\" of a request must be a number",
        "{\"t\":0,\"in\":0,\"out\":1,\"hash_ids\":[]} | \"in\" must be a whole number of at least"
            + " 1",
        "{\"t\":0,\"in\":64,\"out\":1,\"hash_ids\":[1,2,3]} | \"hash_ids\" must have 1 blocks of"
            + " 64",
        "{\"t\":5,\"in\":1,\"out\":1,\"hash_ids\":[]},{\"t\":4,\"in\":1,\"out\":1,\"hash_ids\":[]}"
            + " | \"t\" is earlier than that of the request before",
      })
  void refusesWhatCannotBeReplayed(String requests, String reason) throws Exception {
    Path file = Files.writeString(folder.resolve("w.jsonl"), "{\"requests\":[" + requests + "]}");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> open(shape(file)))
        .withMessageContaining("line 1: " + reason);
  }

  @Test
  void turnsOfOtherFilesHaveNoTimes() {
    LlmSettings timed = Replays.sample("messages.jsonl").with(REPLAY_TIMING, ReplayTiming.TIMES);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> open(timed))
        .withMessage(
            "llm.replayTiming = times needs a weka trace: turns of messages have no times; leave it"
                + " out");
  }
}
