package dev.gatlingllm.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatlingllm.Tokenizer;
import dev.gatlingllm.endtoend.GatlingFork.Run;
import dev.gatlingllm.samples.SharedPrefixChat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each format of replays through the bundled simulation. */
class ReplayIT {

  private static final Tokenizer TOKENIZER = GatlingFork.TOKENIZER;

  private static final Path FILES = Path.of("src/test/resources/replay");

  @TempDir Path results;

  private GatlingFork replay(String file) {
    return new GatlingFork(results)
        .with("llm.replay", FILES.resolve(file))
        .with("llm.duration", "2s")
        .with("llm.warmup", "0s");
  }

  private static List<JsonNode> requestsOf(Run run, String conversation) throws Exception {
    assertThat(run.exit()).as(run.output()).isZero();
    List<JsonNode> requests = run.requests();
    assertThat(requests).isNotEmpty().allMatch(r -> r.get("status").asText().equals("OK"));
    return requests.stream()
        .filter(r -> r.get("conversation").asText().equals(conversation))
        .toList();
  }

  private static void assertTurn(JsonNode request, int turn, int promptTokens, int outputTokens) {
    assertThat(request.get("turn").asInt()).isEqualTo(turn);
    assertThat(request.get("inputTokens").asInt()).isEqualTo(promptTokens);
    assertThat(request.get("inputTokensExpected").asInt()).isEqualTo(promptTokens);
    assertThat(request.get("outputTokens").asInt()).isEqualTo(outputTokens);
  }

  /** The server holds the conversations: lengths are those of the whole prompt. */
  @Test
  void shareGptToTheResponsesApi() throws Exception {
    Run run =
        replay("sharegpt.json")
            .with("llm.api", "responses")
            .with("llm.history", "server")
            .with("llm.users", 1)
            .with("llm.duration", "4s")
            .run(SharedPrefixChat.class);
    List<JsonNode> rivers = requestsOf(run, "entry-3");
    int prompt = TOKENIZER.count("Name three rivers.");
    int response = TOKENIZER.count("Danube, Rhine and Elbe.");

    assertThat(run.requests().get(0).get("conversation").asText()).isEqualTo("entry-1");
    assertTurn(rivers.get(0), 1, prompt, response);
    prompt += response + TOKENIZER.count("Which is the longest?");
    assertTurn(rivers.get(1), 2, prompt, TOKENIZER.count("The Danube."));
    assertThat(rivers.get(2).get("turn").asInt()).isEqualTo(3);
  }

  @Test
  void messages() throws Exception {
    Run run =
        replay("agent.jsonl")
            .with("llm.users", 2)
            .with("llm.replyInHistory", "canned")
            .with("llm.replayMaxDelay", "150ms")
            .run(SharedPrefixChat.class);
    JsonNode water = requestsOf(run, "line-2").get(0);
    List<JsonNode> weather =
        requestsOf(run, "line-1").stream().filter(r -> r.get("user").asInt() == 1).toList();
    JsonNode entry =
        new ObjectMapper().readTree(Files.readAllLines(FILES.resolve("agent.jsonl")).get(0));
    int prompt = counted(entry.get("tools").toString(), "Be brief.", "Weather in Kiel and Ulm?");
    int results =
        prompt
            + counted("weather", "{\"city\": \"Kiel\"}", "weather", "{\"city\": \"Ulm\"}")
            + counted("sun", "rain");

    assertTurn(
        water,
        1,
        TOKENIZER.count("Answer in one word.") + TOKENIZER.count("Is water wet?\n\nBe honest."),
        5);
    assertThat(water.get("group").asInt()).isEqualTo(1);
    assertTurn(weather.get(0), 1, prompt, 40);
    assertTurn(weather.get(1), 2, results, 40);
    assertTurn(weather.get(2), 3, results + counted("Rain in Kiel, sun in Ulm.", "Thanks"), 40);
    assertThat(
            weather.get(2).get("startMillis").asLong() - weather.get(1).get("startMillis").asLong())
        .as("the pause, cut to 150 ms, and the response before")
        .isGreaterThanOrEqualTo(149);
  }

  private static int counted(String... texts) {
    return Arrays.stream(texts).mapToInt(TOKENIZER::count).sum();
  }

  @Test
  void mooncakeToTheMessagesApi() throws Exception {
    Run run =
        replay("mooncake.jsonl")
            .with("llm.api", "messages")
            .with("llm.replayLoop", false)
            .run(SharedPrefixChat.class);

    assertTurn(requestsOf(run, "line-1").get(0), 1, 700, 6);
    assertTurn(requestsOf(run, "line-2").get(0), 1, 1024, 9);
    assertTurn(requestsOf(run, "line-3").get(0), 1, 512, 4);
    assertTurn(requestsOf(run, "line-4").get(0), 1, 530, 7);
    assertThat(run.requests())
        .hasSize(4)
        .allMatch(r -> r.get("scheduleDelayMillis").asDouble() >= 0);
  }

  @Test
  void rejectsSettingsThatConflictWithTheFile() throws Exception {
    Run run = replay("sharegpt.json").with("llm.groups", 2).run(SharedPrefixChat.class);

    assertThat(run.exit()).isNotZero();
    assertThat(run.output()).contains("llm.replay and llm.groups exclude each other");
    assertThat(run.folder()).isNull();
  }

  @Test
  void traceDeterminesTheLoad() throws Exception {
    Run run = replay("mooncake.jsonl").with("llm.users", 2).run(SharedPrefixChat.class);

    assertThat(run.exit()).isNotZero();
    assertThat(run.output()).contains("llm.users = ").contains("llm.replaySpeed=ignore");
    assertThat(run.folder()).isNull();
  }
}
