package dev.gatlingllm.conversation;

import dev.gatlingllm.prompt.ConversationScript;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The system prompts of a workload, each in memory once for all the conversations that share it.
 * Any thread may ask.
 */
public final class SystemPrompts {

  private final ConcurrentMap<Integer, SystemPrompt> byGroup = new ConcurrentHashMap<>();

  /** A conversation at its beginning. */
  public Conversation begin(ConversationScript script, ConversationRules rules) {
    SystemPrompt systemPrompt =
        byGroup.computeIfAbsent(
            script.group(), group -> new SystemPrompt(Message.of(script.systemPrompt())));
    return Conversation.begin(script, systemPrompt, rules);
  }

  /** A group's system prompt, and whether the server has seen it. */
  static final class SystemPrompt {

    private final Message message;
    private volatile boolean sent;

    SystemPrompt(Message message) {
      this.message = message;
    }

    Message message() {
      return message;
    }

    /** Notes that a request carries it now; says whether one did before. */
    boolean wasSentBefore() {
      boolean before = sent;
      if (!before) {
        sent = true;
      }
      return before;
    }
  }
}
