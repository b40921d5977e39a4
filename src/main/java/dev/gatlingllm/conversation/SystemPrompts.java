package dev.gatlingllm.conversation;

import dev.gatlingllm.workload.ConversationScript;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What the conversations of a workload have in common: system prompts, each in memory once for all
 * who share it, and what of them was sent. Any thread may ask.
 */
public final class SystemPrompts {

  private final ConcurrentMap<Integer, SystemPrompt> byGroup = new ConcurrentHashMap<>();
  private final AtomicBoolean anySent = new AtomicBoolean();
  private final SentPrompts sentPrompts = new SentPrompts();

  /** A conversation at its beginning. */
  public Conversation begin(ConversationScript script, ConversationRules rules) {
    SystemPrompt systemPrompt = byGroup.computeIfAbsent(script.group(), group -> shared(script));
    return Conversation.begin(
        new Premises(script, systemPrompt, Message.of(script.context()), rules, sentPrompts));
  }

  private SystemPrompt shared(ConversationScript script) {
    return new SystemPrompt(Message.of(script.systemPrompt()), script.commonTokens(), anySent);
  }

  /** A group's system prompt, and whether the server has seen it. */
  static final class SystemPrompt {

    private final Message message;
    private final int commonTokens;
    private final AtomicBoolean anySent;
    private volatile boolean sent;

    SystemPrompt(Message message, int commonTokens, AtomicBoolean anySent) {
      this.message = message;
      this.commonTokens = commonTokens;
      this.anySent = anySent;
    }

    Message message() {
      return message;
    }

    /** Notes that a request carries it now; says how many of its leading tokens one did before. */
    int sentBefore() {
      if (sent) {
        return message.tokens();
      }
      sent = true;
      boolean commonSent = anySent.get() || anySent.getAndSet(true);
      return commonSent ? commonTokens : 0;
    }
  }
}
