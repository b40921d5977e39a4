package dev.gatlingllm.conversation;

import dev.gatlingllm.conversation.BodyShape.PromptFormat;
import dev.gatlingllm.prompt.Passage;
import dev.gatlingllm.prompt.SharedTexts;
import dev.gatlingllm.workload.ConversationScript;
import java.util.List;

/**
 * The conversations of a workload, and what they share: rules, one copy of each group's tools and
 * system prompt, and which prompts were sent. Any thread may call.
 */
public final class Conversations {

  private final String idPrefix;
  private final long seed;
  private final ConversationRules rules;
  private final PromptFormat format;
  private final SharedTexts<Message> tools = new SharedTexts<>();
  private final SharedTexts<Message> systemPrompts = new SharedTexts<>();
  private final PromptReuse reuse = new PromptReuse();

  /**
   * Conversations of a workload.
   *
   * @param idPrefix precedes the scripts' ids, which other workloads of the run may have too
   * @param seed the workload's seed, which decides backoffs and think times
   * @param format the format in which requests most likely have the prompts
   */
  public Conversations(String idPrefix, long seed, ConversationRules rules, PromptFormat format) {
    this.idPrefix = idPrefix;
    this.seed = seed;
    this.rules = rules;
    this.format = format;
  }

  private static Message toolsOf(ConversationScript script) {
    Passage tools = script.tools();
    return Message.of(tools, tools.tokens() == 0 ? List.of() : List.of(tools.text()));
  }

  /** Returns a text with what would take the event loop long that first sends it. */
  private Message ready(Message message) {
    message.contentHash();
    if (format == PromptFormat.TOKEN_IDS && !message.isEmpty()) {
      try {
        message.ids();
      } catch (RuntimeException unknown) {
        // the request that needs them reports it
      }
    }
    return message;
  }

  /**
   * Begins a conversation.
   *
   * @param number its number in the whole workload, of all shards, from 0
   */
  public Conversation begin(long number, ConversationScript script) {
    Message systemPrompt =
        systemPrompts.get(script.group(), () -> ready(Message.of(script.systemPrompt())));
    return Conversation.begin(
        new Conversation.Start(
            idPrefix + script.id(),
            seed,
            number,
            script,
            tools.get(script.group(), () -> toolsOf(script)),
            systemPrompt,
            ready(Message.of(script.context())),
            rules,
            reuse,
            new TextsAhead()));
  }
}
