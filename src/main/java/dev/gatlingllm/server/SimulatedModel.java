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
import org.jspecify.annotations.Nullable;

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
    // without a maximum, a chat can fill the context window
    return request.api().fillsTheWindow() ? Math.max(1, room) : request.api().defaultTokens;
  }

  /**
   * Generates a completion.
   *
   * @param choice the position among the completions of this prompt, from 0
   * @param maxTokens at least 1
   * @param corrupt whether the second half of a text has wrong words
   */
  Completion complete(
      GenerationRequest request, int[] prompt, int choice, int maxTokens, boolean corrupt) {
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
    FinishReason reason =
        room == 0 ? FinishReason.LENGTH : answer(request, hash, room, parts, corrupt);
    return new Completion(parts, reason, hash);
  }

  private FinishReason answer(
      GenerationRequest request, long hash, int room, List<Part> parts, boolean corrupt) {
    if (callsTools(request.tools(), hash)) {
      return callTools(request.tools(), hash, room, parts);
    }
    if (request.schema() != null) {
      String json = sample(request.schema(), SeededRandom.of(hash, JSON)).toString();
      TokenText text = TokenizedText.of(tokenizer, json);
      return end(parts, PartKind.CONTENT, text, null, room);
    }
    GenerationRequest.Length length = request.length();
    int reasoning = parts.stream().mapToInt(Part::tokens).sum();
    int drawn = length.ignoreEos() ? Integer.MAX_VALUE : drawLength(request, hash);
    int tokens = Math.max(1, Math.min(room, Math.max(drawn, length.min() - reasoning)));
    boolean joined = request.api() == GenerationApi.COMPLETIONS;
    TokenText all = vocabulary.text(hash, tokens, joined);
    if (corrupt) {
      all = new CorruptText(all, vocabulary.text(~hash, tokens, true));
    }
    TokenText text = request.stop().applyTo(all, length.min() - reasoning);
    if (text == all && drawn <= room) {
      return end(parts, PartKind.CONTENT, text, null, room);
    }
    parts.add(new Part(PartKind.CONTENT, text, text.tokens(), null));
    return text != all ? FinishReason.STOP : FinishReason.LENGTH;
  }

  private int drawLength(GenerationRequest request, long hash) {
    boolean unlimited = request.length().max() == 0 && request.api().fillsTheWindow();
    return settings
        .replyTokens
        .map(length -> Math.max(1, length.drawInt(SeededRandom.of(hash, LENGTH))))
        .orElse(unlimited ? request.api().defaultTokens : Integer.MAX_VALUE);
  }

  /** Adds the last part of a completion, which the model ends unless there is too little room. */
  private FinishReason end(
      List<Part> parts, PartKind kind, TokenText text, @Nullable ToolCall call, int room) {
    TokenText ended = settings.countEndOfSequence ? new EndedText(text) : text;
    parts.add(new Part(kind, ended, Math.min(ended.tokens(), room), call));
    if (ended.tokens() > room) {
      return FinishReason.LENGTH;
    }
    return call == null ? FinishReason.STOP : FinishReason.TOOL_CALLS;
  }

  /** The first half of a text and the second half of another one of as many tokens. */
  private record CorruptText(TokenText right, TokenText wrong) implements TokenText {

    private TokenText at(int index) {
      return index < right.tokens() / 2 ? right : wrong;
    }

    @Override
    public int tokens() {
      return right.tokens();
    }

    @Override
    public String text(int index) {
      return at(index).text(index);
    }

    @Override
    public byte[] json(int index) {
      return at(index).json(index);
    }

    @Override
    public int id(int index) {
      return at(index).id(index);
    }
  }

  /** A text with the model's end-of-sequence token, which has no text. */
  private record EndedText(TokenText text) implements TokenText {

    @Override
    public int tokens() {
      return text.tokens() + 1;
    }

    @Override
    public String text(int index) {
      return index < text.tokens() ? text.text(index) : "";
    }

    @Override
    public byte[] json(int index) {
      return index < text.tokens() ? text.json(index) : new byte[0];
    }

    @Override
    public int id(int index) {
      return index < text.tokens() ? text.id(index) : -1;
    }
  }

  private boolean callsTools(Tools tools, long hash) {
    return tools.choice() == ToolChoice.REQUIRED
        || (tools.choice() == ToolChoice.AUTO
            && SeededRandom.of(hash, TOOLS).nextDouble() < settings.toolCallRate);
  }

  private FinishReason callTools(Tools tools, long hash, int room, List<Part> parts) {
    SeededRandom random = SeededRandom.of(hash, TOOLS, 1);
    int calls = tools.parallel() ? Math.max(1, settings.toolCalls.drawInt(random)) : 1;
    int left = room;
    for (int i = 0; left > 0; i++) {
      Tool tool = tools.offered().get(random.nextInt(tools.offered().size()));
      String id = "call_" + Long.toHexString(random.nextLong());
      String arguments = sample(tool.parameters(), random).toString();
      TokenText text = TokenizedText.of(tokenizer, arguments).afterMarker();
      ToolCall call = new ToolCall(i, id, tool.name());
      if (i == calls - 1 || text.tokens() > left) {
        return end(parts, PartKind.TOOL_CALL, text, call, left);
      }
      parts.add(new Part(PartKind.TOOL_CALL, text, text.tokens(), call));
      left -= text.tokens();
    }
    return FinishReason.LENGTH;
  }

  private JsonNode sample(JsonNode schema, SeededRandom random) {
    return new SampleJson(schema, vocabulary, random).value();
  }
}
