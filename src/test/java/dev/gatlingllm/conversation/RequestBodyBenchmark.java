package dev.gatlingllm.conversation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatlingllm.conversation.BodyShape.PromptFormat;
import dev.gatlingllm.prompt.Passage;
import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.settings.Setting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The body of a conversation's 20th turn, beside copying as many bytes and beside writing the same
 * with Jackson: a system prompt of 4,000 tokens, 19 exchanges of 128 and 256 tokens, a question of
 * 128.
 *
 * <pre>{@code
 * mvn -q test-compile exec:exec@jmh -Djmh.args="RequestBody -prof gc -f 1 -wi 2 -i 3 -w 1 -r 1"
 * }</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RequestBodyBenchmark {

  private static final int SYSTEM_TOKENS = 4_000;
  private static final int QUESTION_TOKENS = 128;
  private static final int REPLY_TOKENS = 256;
  private static final int TURN = 20;

  private static final ObjectMapper JSON = new ObjectMapper();

  /** What is rendered. */
  @Param({"messages", "text", "tokenIds"})
  private String body;

  private Turn turn;
  private RequestBody rendering;
  private byte[] rendered;
  private Map<String, Object> tree;

  /** Says 19 turns. */
  @Setup
  public void converse() {
    ConversationOfWords script =
        new ConversationOfWords(TURN, SYSTEM_TOKENS, QUESTION_TOKENS, REPLY_TOKENS);
    Conversation conversation =
        new Conversations("", 0, ConversationRules.DEFAULT, PromptFormat.TEXT).begin(0, script);
    List<Map<String, String>> messages = new ArrayList<>();
    messages.add(Map.of("role", "system", "content", script.systemPrompt().text()));
    for (int i = 1; i < TURN; i++) {
      Passage response = script.response(i);
      messages.add(Map.of("role", "user", "content", script.question(i).passage().text()));
      messages.add(Map.of("role", "assistant", "content", response.text()));
      conversation = conversation.afterSuccess(conversation.next(), Message.of(response), null);
    }
    turn = conversation.next();
    messages.add(Map.of("role", "user", "content", turn.questionText()));
    tree = new LinkedHashMap<>();
    tree.put("model", "Qwen/Qwen3-8B");
    tree.put("stream", true);
    tree.put("stream_options", Map.of("include_usage", true));
    tree.put("max_tokens", REPLY_TOKENS);
    tree.put("messages", messages);
    rendering = new RequestBody(shape(), RequestFields.DEFAULT);
    rendered = rendering.of(turn, "Qwen/Qwen3-8B");
  }

  private BodyShape shape() {
    return switch (body) {
      case "messages" -> LlmSettings.defaults().bodyShape(Api.CHAT);
      case "text" -> LlmSettings.defaults().bodyShape(Api.COMPLETIONS);
      default ->
          LlmSettings.defaults()
              .with(Setting.PROMPT_FORMAT, PromptFormat.TOKEN_IDS)
              .bodyShape(Api.COMPLETIONS);
    };
  }

  /** What a turn costs beside escaping its question. */
  @Benchmark
  public byte[] render() {
    return rendering.of(turn, "Qwen/Qwen3-8B");
  }

  /** As little as it can cost. */
  @Benchmark
  public byte[] copy() {
    return Arrays.copyOf(rendered, rendered.length);
  }

  /** What it would cost without keeping anything; always as messages. */
  @Benchmark
  public byte[] jackson() throws JsonProcessingException {
    return JSON.writeValueAsBytes(tree);
  }
}
