package dev.gatlingllm.workload;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatlingllm.prompt.Passage;
import dev.gatlingllm.prompt.SeededRandom;
import dev.gatlingllm.text.Require;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The definitions of tools, calls of them and their results, with exact lengths: JSON around random
 * words of one token each. Calls do not tokenize, so that event loops may make them. Immutable; any
 * thread may call.
 */
final class ToolTexts {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** More corrections than JSON needs whose length follows the number of words. */
  private static final int MAX_CORRECTIONS = 8;

  private static final int PROBED_WORDS = 8;

  private final ToolUse use;
  private final List<String> words;
  private final Function<String, int[]> encoder;
  private final Passage definitions;

  /** Tokens of a call of each tool without words. */
  private final int[] emptyCalls;

  /**
   * Writes the definitions.
   *
   * @param words words that are one token after a space
   * @param encoder returns the token ids of a text
   * @throws IllegalArgumentException if definitions or calls are shorter than their JSON alone
   */
  ToolTexts(ToolUse use, List<String> words, Function<String, int[]> encoder, SeededRandom random) {
    this.use = use;
    this.words = words;
    this.encoder = encoder;
    this.emptyCalls =
        IntStream.range(0, use.tools())
            .map(tool -> callTokens(tool, words(PROBED_WORDS, random)) - PROBED_WORDS)
            .toArray();
    int least = IntStream.of(emptyCalls).max().orElseThrow();
    Require.that(
        use.callTokens().maximum() >= least,
        "llm.toolCallTokens",
        use.callTokens(),
        "at least " + least + " for the name and the JSON of a call");
    this.definitions = use.definitionTokens() == 0 ? Passage.EMPTY : definitions(random);
  }

  /** Returns the value of a chat request's {@code tools}. */
  Passage definitions() {
    return definitions;
  }

  private Passage definitions(SeededRandom random) {
    List<String> all = List.of(words(use.definitionTokens(), random).strip().split(" "));
    int count = 0;
    String json = definitions(List.of());
    int tokens = encoder.apply(json).length;
    Require.that(
        tokens <= use.definitionTokens(),
        "llm.toolDefinitionTokens",
        use.definitionTokens(),
        "at least %d for the JSON of %d tools".formatted(tokens, use.tools()));
    for (int i = 0; i < MAX_CORRECTIONS && tokens != use.definitionTokens(); i++) {
      count = Math.max(0, Math.min(all.size(), count + use.definitionTokens() - tokens));
      json = definitions(all.subList(0, count));
      tokens = encoder.apply(json).length;
    }
    return Passage.of(json, tokens, encoder);
  }

  /** Returns definitions that share the words among their descriptions. */
  private String definitions(List<String> described) {
    ArrayNode tools = JSON.arrayNode();
    for (int tool = 0; tool < use.tools(); tool++) {
      int from = (int) ((long) described.size() * tool / use.tools());
      int to = (int) ((long) described.size() * (tool + 1) / use.tools());
      ObjectNode function = tools.addObject().put("type", "function").putObject("function");
      function.put("name", name(tool));
      function.put("description", spaced(described.subList(from, to)));
      ObjectNode parameters = function.putObject("parameters").put("type", "object");
      parameters.putObject("properties").putObject("input").put("type", "string");
      parameters.putArray("required").add("input");
    }
    return tools.toString();
  }

  /**
   * A call of a tool.
   *
   * @param text its name and arguments, with their length together
   * @param message the response of the model, as a chat has it
   */
  record Call(Passage text, String message) {}

  /**
   * Returns a call, which is not shorter than its JSON.
   *
   * @param id of the call, which its result repeats
   */
  Call call(String id, SeededRandom random) {
    int tool = random.nextInt(use.tools());
    int tokens = Math.max(emptyCalls[tool], use.callTokens().drawInt(random));
    String arguments = arguments(words(tokens - emptyCalls[tool], random));
    ObjectNode message = JSON.objectNode().put("role", "assistant").putNull("content");
    ObjectNode call = message.putArray("tool_calls").addObject();
    call.put("id", id).put("type", "function");
    call.putObject("function").put("name", name(tool)).put("arguments", arguments);
    return new Call(Passage.of(name(tool) + " " + arguments, tokens, encoder), message.toString());
  }

  /** Returns a result as a chat has it. */
  static String result(String id, Passage content) {
    return JSON.objectNode()
        .put("role", "tool")
        .put("tool_call_id", id)
        .put("content", content.text())
        .toString();
  }

  private int callTokens(int tool, String input) {
    return encoder.apply(name(tool)).length + encoder.apply(arguments(input)).length;
  }

  private static String name(int tool) {
    return "tool_" + (tool + 1);
  }

  private static String arguments(String input) {
    return JSON.objectNode().put("input", input).toString();
  }

  private String words(int count, SeededRandom random) {
    return IntStream.range(0, count)
        .mapToObj(i -> " " + words.get(random.nextInt(words.size())))
        .collect(Collectors.joining());
  }

  /** A word after a quotation mark would be another token than one after a space. */
  private static String spaced(List<String> some) {
    return some.isEmpty() ? "" : " " + String.join(" ", some);
  }
}
