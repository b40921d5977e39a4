package dev.gatlingllm.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatlingllm.Tokenizer;
import dev.gatlingllm.prompt.SeededRandom;
import dev.gatlingllm.server.Completion.FinishReason;
import dev.gatlingllm.server.Completion.Part;
import dev.gatlingllm.server.Completion.PartKind;
import dev.gatlingllm.server.Completion.ToolCall;
import dev.gatlingllm.server.Tools.Tool;
import dev.gatlingllm.server.Tools.ToolChoice;
import dev.gatlingllm.server.engine.TokenHash;
import java.util.ArrayList;
import java.util.List;

/**
 * Generates completions: equal prompts, settings and seeds have equal completions. Thread-safe; too
 * slow for an event loop.
 */
final class SimulatedModel {

  // one random stream per purpose
  private static final int LENGTH = 1;
  private static final int REASONING = 2;
  private static final int TOOLS = 3;
  private static final int JSON = 4;

  private final Tokenizer tokenizer;
  private final ModelVocabulary vocabulary;
  private final ServerSettings settings;

  /**
   * @throws IllegalArgumentException if the tokenizer has too few words of one token
   */
  SimulatedModel(ServerSettings settings) {
    tokenizer = settings.tokenizer;
    vocabulary = new ModelVocabulary(tokenizer);
    this.settings = settings;
  }

  ModelVocabulary vocabulary() {
    return vocabulary;
  }

  /**
   * Returns the maximum length of a completion: the request's, or the default.
   *
   * @param room the number of tokens left in the context window
   */
  int maxTokens(GenerationRequest request, int room) {
    if (request.length().max() > 0) {
      return request.length().max();
    }
    // a model that stops by itself can use the whole context window
    boolean stops = settings.replyTokens.isPresent() && request.api() == GenerationApi.CHAT;
    return stops ? Math.max(1, room) : request.api().defaultMaxTokens;
  }

  /**
   * Generates a completion.
   *
   * @param choice the position among the completions of this prompt, from 0
   * @param maxTokens at least 1
   */
  Completion complete(GenerationRequest request, int[] prompt, int choice, int maxTokens) {
    long hash = TokenHash.extend(settings.seed + request.seed(), prompt, 0, prompt.length);
    if (choice > 0) {
      hash = TokenHash.nth(~hash, choice);
    }
    List<Part> parts = new ArrayList<>();
    int room = maxTokens;
    int reasoning =
        request.reasoning()
            ? settings.reasoningTokens.drawInt(SeededRandom.of(hash, REASONING))
            : 0;
    if (reasoning > 0) {
      int tokens = Math.min(reasoning, room);
      parts.add(new Part(PartKind.REASONING, vocabulary.text(~hash, tokens, true), tokens, null));
      room -= tokens;
    }
    FinishReason reason = room == 0 ? FinishReason.LENGTH : answer(request, hash, room, parts);
    return new Completion(parts, reason, hash);
  }

  private FinishReason answer(GenerationRequest request, long hash, int room, List<Part> parts) {
    if (callsTools(request.tools(), hash)) {
      return callTools(request.tools(), hash, room, parts);
    }
    if (request.schema() != null) {
      String json = sample(request.schema(), SeededRandom.of(hash, JSON)).toString();
      TokenText text = TokenizedText.of(tokenizer, json);
      parts.add(new Part(PartKind.CONTENT, text, Math.min(text.tokens(), room), null));
      return text.tokens() <= room ? FinishReason.STOP : FinishReason.LENGTH;
    }
    GenerationRequest.Length length = request.length();
    int reasoning = parts.stream().mapToInt(Part::tokens).sum();
    int drawn = length.ignoreEos() ? Integer.MAX_VALUE : drawLength(hash);
    int tokens = Math.max(1, Math.min(room, Math.max(drawn, length.min() - reasoning)));
    TokenText all = vocabulary.text(hash, tokens, request.api() == GenerationApi.COMPLETIONS);
    TokenText text = request.stop().applyTo(all, length.min() - reasoning);
    parts.add(new Part(PartKind.CONTENT, text, text.tokens(), null));
    return text != all || drawn <= room ? FinishReason.STOP : FinishReason.LENGTH;
  }

  private int drawLength(long hash) {
    return settings
        .replyTokens
        .map(length -> Math.max(1, length.drawInt(SeededRandom.of(hash, LENGTH))))
        .orElse(Integer.MAX_VALUE);
  }

  private boolean callsTools(Tools tools, long hash) {
    return tools.choice() == ToolChoice.REQUIRED
        || tools.choice() == ToolChoice.AUTO
            && SeededRandom.of(hash, TOOLS).nextDouble() < settings.toolCallRate;
  }

  private FinishReason callTools(Tools tools, long hash, int room, List<Part> parts) {
    SeededRandom random = SeededRandom.of(hash, TOOLS, 1);
    int calls = tools.parallel() ? Math.max(1, settings.toolCalls.drawInt(random)) : 1;
    int left = room;
    for (int i = 0; i < calls; i++) {
      if (left == 0) {
        return FinishReason.LENGTH;
      }
      Tool tool = tools.offered().get(random.nextInt(tools.offered().size()));
      String id = "call_" + Long.toHexString(random.nextLong());
      String arguments = sample(tool.parameters(), random).toString();
      TokenText text = TokenizedText.of(tokenizer, arguments).afterMarker();
      int tokens = Math.min(left, text.tokens());
      ToolCall call = new ToolCall(i, id, tool.name());
      parts.add(new Part(PartKind.TOOL_CALL, text, tokens, call));
      if (tokens < text.tokens()) {
        return FinishReason.LENGTH;
      }
      left -= tokens;
    }
    return FinishReason.TOOL_CALLS;
  }

  private JsonNode sample(JsonNode schema, SeededRandom random) {
    return new SampleJson(schema, vocabulary, random).value();
  }
}
