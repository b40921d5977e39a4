package dev.gatlingllm.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatlingllm.Tokenizer;
import dev.gatlingllm.prompt.SeededRandom;
import dev.gatlingllm.server.ReplyPart.ToolCall;
import dev.gatlingllm.server.Tools.Choice;
import dev.gatlingllm.server.Tools.Tool;
import dev.gatlingllm.server.engine.TokenHash;
import java.util.ArrayList;
import java.util.List;

/**
 * Decides what the simulated model says: equal prompts, settings and seeds have equal replies.
 * Immutable; any thread may call it, never an event loop.
 */
final class ReplyMaker {

  /** What each stream of random numbers is for. */
  private static final int LENGTH = 1;

  private static final int REASONING = 2;
  private static final int TOOLS = 3;
  private static final int JSON = 4;

  private final Tokenizer tokenizer;
  private final ReplyWords words;
  private final ServerSettings.ResponseSettings style;
  private final long seed;

  /**
   * @throws IllegalArgumentException when the tokenizer has too few words to make replies of
   */
  ReplyMaker(ServerSettings settings) {
    tokenizer = settings.tokenizer();
    words = new ReplyWords(tokenizer);
    style = settings.responses();
    seed = settings.seed();
  }

  ReplyWords words() {
    return words;
  }

  /**
   * How many tokens the replies to a prompt may have: what the request says, or the default.
   *
   * @param room how many the context window has left
   */
  int maxTokens(GenerationRequest request, int room) {
    if (request.length().max() > 0) {
      return request.length().max();
    }
    // a model that knows when to stop may talk until then
    boolean ends = style.tokens().isPresent() && request.api() == Api.CHAT;
    return ends ? Math.max(1, room) : request.api().defaultMaxTokens();
  }

  /**
   * @param choice which of the replies to this prompt, from 0
   * @param maxTokens 1 or more
   */
  Reply reply(GenerationRequest request, int[] prompt, int choice, int maxTokens) {
    long hash = TokenHash.extend(seed + request.seed(), prompt, 0, prompt.length);
    if (choice > 0) {
      hash = TokenHash.nth(~hash, choice);
    }
    List<ReplyPart> parts = new ArrayList<>();
    int room = maxTokens;
    int reasoning = request.thinks() ? style.reasoningTokens().drawInt(random(hash, REASONING)) : 0;
    if (reasoning > 0) {
      int tokens = Math.min(reasoning, room);
      parts.add(ReplyPart.reasoning(new WordText(words, ~hash, tokens, true)));
      room -= tokens;
    }
    FinishReason end = room == 0 ? FinishReason.LENGTH : speak(request, hash, room, parts);
    return new Reply(parts, end, hash);
  }

  private FinishReason speak(
      GenerationRequest request, long hash, int room, List<ReplyPart> parts) {
    if (callsTools(request.tools(), hash)) {
      return callTools(request.tools(), hash, room, parts);
    }
    if (request.schema() != null) {
      String json = sample(request.schema(), random(hash, JSON)).toString();
      TokenText text = EncodedText.of(tokenizer, json);
      parts.add(ReplyPart.content(text, Math.min(text.tokens(), room)));
      return text.tokens() <= room ? FinishReason.STOP : FinishReason.LENGTH;
    }
    ReplyLength length = request.length();
    int said = parts.stream().mapToInt(ReplyPart::tokens).sum();
    int drawn = length.ignoreEos() ? Integer.MAX_VALUE : drawnLength(hash);
    int tokens = Math.max(1, Math.min(room, Math.max(drawn, length.min() - said)));
    TokenText all = new WordText(words, hash, tokens, request.api() == Api.COMPLETIONS);
    TokenText text = request.stop().applyTo(all, length.min() - said);
    parts.add(ReplyPart.content(text, text.tokens()));
    return text != all || drawn <= room ? FinishReason.STOP : FinishReason.LENGTH;
  }

  private int drawnLength(long hash) {
    return style
        .tokens()
        .map(length -> Math.max(1, length.drawInt(random(hash, LENGTH))))
        .orElse(Integer.MAX_VALUE);
  }

  private boolean callsTools(Tools tools, long hash) {
    return tools.choice() == Choice.REQUIRED
        || tools.choice() == Choice.AUTO && random(hash, TOOLS).nextDouble() < style.toolCallRate();
  }

  private FinishReason callTools(Tools tools, long hash, int room, List<ReplyPart> parts) {
    SeededRandom random = random(hash, TOOLS, 1);
    int calls = tools.parallel() ? Math.max(1, style.toolCalls().drawInt(random)) : 1;
    int left = room;
    for (int i = 0; i < calls; i++) {
      if (left == 0) {
        return FinishReason.LENGTH;
      }
      Tool tool = tools.offered().get(random.nextInt(tools.offered().size()));
      String id = "call_" + Long.toHexString(random.nextLong());
      String arguments = sample(tool.parameters(), random).toString();
      TokenText text = EncodedText.of(tokenizer, arguments).behindMarker();
      int tokens = Math.min(left, text.tokens());
      parts.add(ReplyPart.toolCall(new ToolCall(i, id, tool.name()), text, tokens));
      if (tokens < text.tokens()) {
        return FinishReason.LENGTH;
      }
      left -= tokens;
    }
    return FinishReason.TOOL_CALLS;
  }

  private JsonNode sample(JsonNode schema, SeededRandom random) {
    return new SampleJson(schema, words, random).value();
  }

  private static SeededRandom random(long hash, long... path) {
    return SeededRandom.of(hash, path);
  }
}
