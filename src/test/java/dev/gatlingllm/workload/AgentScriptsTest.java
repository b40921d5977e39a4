package dev.gatlingllm.workload;

import static dev.gatlingllm.settings.Setting.COMMON_PREFIX_TOKENS;
import static dev.gatlingllm.settings.Setting.CONVERSATIONS_UNDER_WAY;
import static dev.gatlingllm.settings.Setting.FOREVER;
import static dev.gatlingllm.settings.Setting.GROUPS;
import static dev.gatlingllm.settings.Setting.OUTPUT_TOKENS;
import static dev.gatlingllm.settings.Setting.SYSTEM_PROMPT_TOKENS;
import static dev.gatlingllm.settings.Setting.TOOLS;
import static dev.gatlingllm.settings.Setting.TOOL_CALL_TOKENS;
import static dev.gatlingllm.settings.Setting.TOOL_DEFINITION_TOKENS;
import static dev.gatlingllm.settings.Setting.TOOL_RESULT_TOKENS;
import static dev.gatlingllm.settings.Setting.TOOL_ROUNDS;
import static dev.gatlingllm.settings.Setting.TOOL_TIME;
import static dev.gatlingllm.settings.Setting.TURNS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatlingllm.Distribution;
import dev.gatlingllm.Tokenizer;
import dev.gatlingllm.prompt.ExactText;
import dev.gatlingllm.prompt.Tokenizers;
import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.workload.ConversationScript.Pause;
import dev.gatlingllm.workload.ConversationScript.Question;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgentScriptsTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Tokenizer R50K = Tokenizers.resolve("r50k_base");

  private static final LlmSettings CHATS =
      LlmSettings.defaults()
          .with(GROUPS, 2)
          .with(SYSTEM_PROMPT_TOKENS, Distribution.constant(30))
          .with(OUTPUT_TOKENS, Distribution.constant(20))
          .with(TURNS, Distribution.uniform(2, 4));

  private static final LlmSettings AGENTS =
      CHATS
          .with(TOOL_ROUNDS, Distribution.uniform(0, 3))
          .with(TOOL_CALL_TOKENS, Distribution.uniform(20, 40))
          .with(TOOL_RESULT_TOKENS, Distribution.uniform(1, 90))
          .with(TOOL_TIME, Distribution.uniform(0.5, 1.5));

  private static SharedPrefixScripts scripts(LlmSettings settings) {
    return scripts(settings, R50K, Shard.WHOLE);
  }

  private static SharedPrefixScripts scripts(
      LlmSettings settings, Tokenizer tokenizer, Shard shard) {
    return new SharedPrefixScripts(
        settings.sharedPrefixShape(),
        ExactText.of(tokenizer),
        new FeederColumns(Map.of(), 1, tokenizer::encode),
        shard);
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError(text, e);
    }
  }

  private static List<Question> questions(ConversationScript script) {
    return IntStream.rangeClosed(1, script.turns()).mapToObj(script::question).toList();
  }

  @Test
  void tellsTheLengthOfAQuestionOrResultBeforeItIsMade() {
    for (int number = 0; number < 4; number++) {
      ConversationScript script = scripts(AGENTS).find(number).orElseThrow();
      assertThat(IntStream.rangeClosed(1, script.turns()).map(script::questionTokens).boxed())
          .isEqualTo(questions(script).stream().map(asked -> asked.passage().tokens()).toList());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"r50k_base", "cl100k_base", "o200k_base"})
  void callsResultsAndDefinitionsHaveTheirLengths(String name) {
    assertExact(Tokenizers.resolve(name), 20, 700);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("dev.gatlingllm.prompt.TokenizerKindsTest#kinds")
  void lengthsAreExactForEachKindOfTokenizer(String kind, String json, @TempDir Path folder)
      throws IOException {
    // these know few pieces but words, so that JSON takes many tokens
    Path file = Files.writeString(folder.resolve("tokenizer.json"), json);

    assertExact(Tokenizers.resolve(file.toString()), 60, 1_500);
  }

  private static void assertExact(Tokenizer tokenizer, int leastOfCall, int ofDefinitions) {
    SharedPrefixScripts scripts =
        scripts(
            AGENTS
                .with(TOOLS, 5)
                .with(TOOL_DEFINITION_TOKENS, ofDefinitions)
                .with(TOOL_CALL_TOKENS, Distribution.uniform(leastOfCall, leastOfCall + 20)),
            tokenizer,
            Shard.WHOLE);
    ConversationScript script = scripts.find(3).orElseThrow();

    assertThat(script.tools().tokens()).isEqualTo(ofDefinitions);
    assertThat(tokenizer.encode(script.tools().text())).hasSize(ofDefinitions);
    assertThat(json(script.tools().text())).hasSize(5);
    for (int number = 0; number < 20; number++) {
      ConversationScript agent = scripts.find(number).orElseThrow();
      for (int turn = 1; turn <= agent.turns(); turn++) {
        Question question = agent.question(turn);
        for (String message : question.messages()) {
          assertThat(tokenizer.encode(json(message).get("content").asText()))
              .hasSize(question.passage().tokens());
        }
        for (String message : agent.responseMessages(turn)) {
          JsonNode call = json(message).at("/tool_calls/0/function");
          assertThat(
                  tokenizer.encode(call.get("name").asText()).length
                      + tokenizer.encode(call.get("arguments").asText()).length)
              .isEqualTo(agent.response(turn).tokens())
              .isEqualTo(question.outputTokens())
              .isBetween(leastOfCall, leastOfCall + 20);
          assertThat(json(call.get("arguments").asText()).get("input").isTextual()).isTrue();
        }
      }
    }
  }

  @Test
  void eachCallIsFollowedByItsResultAfterTheTimeOfTheTool() {
    ConversationScript script =
        scripts(
                AGENTS
                    .with(TURNS, Distribution.constant(2))
                    .with(TOOL_ROUNDS, Distribution.constant(2)))
            .find(0)
            .orElseThrow();

    assertThat(script.turns()).isEqualTo(6);
    for (int turn = 1; turn <= 6; turn++) {
      boolean isQuestion = turn == 1 || turn == 4;
      boolean isAnswered = turn == 3 || turn == 6;
      Question question = script.question(turn);
      if (isQuestion) {
        assertThat(question.messages()).isEmpty();
        assertThat(question.pause()).as("the scenario decides").isEmpty();
      } else {
        JsonNode call = json(script.responseMessages(turn - 1).get(0)).at("/tool_calls/0");
        JsonNode result = json(question.messages().get(0));
        assertThat(result.get("role").asText()).isEqualTo("tool");
        assertThat(result.get("tool_call_id")).isEqualTo(call.get("id"));
        assertThat(question.pause().orElseThrow().kind()).isEqualTo(Pause.Kind.TOOL);
        assertThat(question.pause().orElseThrow().length().toMillis()).isBetween(500L, 1500L);
      }
      assertThat(script.responseMessages(turn)).hasSize(isAnswered ? 0 : 1);
      if (isAnswered) {
        assertThat(question.outputTokens()).isEqualTo(20);
        assertThat(script.response(turn).tokens()).isEqualTo(20);
      }
    }
    assertThatThrownBy(() -> script.question(7))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage("conversation-0 must have a turn from 1 to 6, got 7");
  }

  @Test
  void questionsAreThoseOfTheSameConversationsWithoutTools() {
    for (int number = 0; number < 10; number++) {
      List<Question> ofChat = questions(scripts(CHATS).find(number).orElseThrow());
      List<Question> ofAgent = questions(scripts(AGENTS).find(number).orElseThrow());

      assertThat(ofAgent.stream().filter(turn -> turn.pause().isEmpty()).map(Question::passage))
          .containsExactlyElementsOf(ofChat.stream().map(Question::passage).toList());
    }
    assertThat(scripts(CHATS).find(0).orElseThrow().tools().tokens()).isZero();
  }

  @Test
  void conversationsAreTheSameInEveryRun() {
    ConversationScript one = scripts(AGENTS).find(5).orElseThrow();
    ConversationScript again = scripts(AGENTS).find(5).orElseThrow();

    assertThat(questions(one)).isEqualTo(questions(again)).hasSizeGreaterThan(2);
    assertThat(one.tools()).isEqualTo(again.tools());
  }

  @Test
  void endlessConversationsCallTools() {
    ConversationScript script =
        scripts(AGENTS.with(TURNS, FOREVER).with(TOOL_ROUNDS, Distribution.constant(3)))
            .find(0)
            .orElseThrow();

    assertThat(script.turns()).isEqualTo(Integer.MAX_VALUE);
    assertThat(script.question(1_001).messages()).isEmpty();
    assertThat(script.question(1_000).messages()).hasSize(1);
  }

  @Test
  void conversationsInProgressBeginWithAQuestion() {
    SharedPrefixScripts scripts =
        scripts(
            AGENTS
                .with(CONVERSATIONS_UNDER_WAY, 50L)
                .with(TURNS, Distribution.constant(10))
                .with(TOOL_ROUNDS, Distribution.constant(2)));

    assertThat(
            IntStream.range(0, 50)
                .map(number -> scripts.find(number).orElseThrow().firstTurn() % 3))
        .containsOnly(1);
  }

  @Test
  void allGroupsShareTheDefinitions() {
    LlmSettings settings = AGENTS.with(COMMON_PREFIX_TOKENS, 7);
    SharedPrefixScripts whole = scripts(settings);
    SharedPrefixScripts second = scripts(settings, R50K, new Shard(2, 2));

    assertThat(whole.find(0).orElseThrow().commonTokens()).isEqualTo(512 + 7);
    assertThat(whole.find(1).orElseThrow().tools()).isSameAs(whole.find(0).orElseThrow().tools());
    assertThat(second.find(1).orElseThrow().tokensOfOtherShards())
        .as("the first conversation of its group, after another group's")
        .hasValue(512 + 7);
    assertThat(second.find(2).orElseThrow().tokensOfOtherShards())
        .as("after the first conversation of its group, on the other shard")
        .hasValue(512 + 7 + 30);
  }

  @Test
  void rejectsLengthsThatJsonAloneExceeds() {
    assertThatThrownBy(() -> scripts(AGENTS.with(TOOLS, 40).with(TOOL_DEFINITION_TOKENS, 100)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching(
            "llm.toolDefinitionTokens must be at least \\d+ for the JSON of 40 tools, got 100");
    assertThatThrownBy(() -> scripts(AGENTS.with(TOOL_CALL_TOKENS, Distribution.constant(3))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching(
            "llm.toolCallTokens must be at least \\d+ for the name and the JSON of a call, got 3");
  }
}
