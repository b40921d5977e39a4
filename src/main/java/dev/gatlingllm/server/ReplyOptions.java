package dev.gatlingllm.server;

import dev.gatlingllm.Distribution;
import java.util.Arrays;
import java.util.Locale;
import joptsimple.OptionParser;
import joptsimple.OptionSet;
import joptsimple.OptionSpec;

/** What replies are like. */
final class ReplyOptions extends OptionTopic {

  private final OptionSpec<String> replyTokens;
  private final OptionSpec<String> reasoningTokens;
  private final OptionSpec<String> reasoningField;
  private final OptionSpec<String> tokensPerChunk;
  private final OptionSpec<Double> toolCallRate;
  private final OptionSpec<String> toolCalls;
  private final OptionSpec<Void> hideCachedTokens;
  private final OptionSpec<Long> seed;

  ReplyOptions(OptionParser parser) {
    super("Replies; tokens are a number or a distribution such as normal(200,50)", parser);
    replyTokens =
        list("reply-tokens", "tokens", "length after which a reply stops (default: max_tokens)");
    reasoningTokens =
        option("reasoning-tokens", "tokens", "0", "reasoning before the content of a chat");
    reasoningField =
        option(
            "reasoning-field",
            "name",
            "reasoning_content",
            "where reasoning is told: reasoning_content or reasoning");
    tokensPerChunk =
        option("tokens-per-chunk", "tokens", "1", "what a streamed chunk carries, after the first");
    toolCallRate =
        option(
            "tool-call-rate", "share", 0.0, "chats with tools that call one of their own accord");
    toolCalls = option("tool-calls", "number", "1", "calls in a reply that calls tools");
    hideCachedTokens = flag("hide-cached-tokens", "leave cached tokens out of usage");
    seed = option("seed", "number", 0L, "decides, with the prompt, all that is random");
  }

  @Override
  void apply(OptionSet options, ServerSettings.Builder settings) {
    if (options.has(replyTokens)) {
      settings.replyTokens(distribution(options, replyTokens));
    }
    settings
        .reasoningTokens(distribution(options, reasoningTokens))
        .reasoningField(field(options.valueOf(reasoningField)))
        .tokensPerChunk(distribution(options, tokensPerChunk))
        .toolCallRate(options.valueOf(toolCallRate))
        .toolCalls(distribution(options, toolCalls))
        .reportCachedTokens(!options.has(hideCachedTokens))
        .seed(options.valueOf(seed));
  }

  private static Distribution distribution(OptionSet options, OptionSpec<String> option) {
    try {
      return Distribution.parse(options.valueOf(option));
    } catch (IllegalArgumentException e) {
      String name = option.options().get(0);
      throw new IllegalArgumentException(name + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static ServerSettings.ReasoningField field(String name) {
    return Arrays.stream(ServerSettings.ReasoningField.values())
        .filter(field -> field.name().equals(name.toUpperCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "reasoning-field must be reasoning_content or reasoning, not " + name));
  }
}
