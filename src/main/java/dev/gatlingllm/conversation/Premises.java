package dev.gatlingllm.conversation;

import dev.gatlingllm.conversation.SystemPrompts.SystemPrompt;
import dev.gatlingllm.workload.ConversationScript;

/**
 * What a conversation starts from, the same for all its turns.
 *
 * @param privateContext what follows the shared system prompt in this conversation alone
 * @param sentPrompts what conversations that repeat each other have sent
 */
record Premises(
    ConversationScript script,
    SystemPrompt systemPrompt,
    Message privateContext,
    ConversationRules rules,
    SentPrompts sentPrompts) {

  /** Tokens before the first question. */
  int tokens() {
    return systemPrompt.message().tokens() + privateContext.tokens();
  }

  /** The hash of the conversation before its first question; 0 where no other one repeats it. */
  long chainStart() {
    return script.repeats() ? SentPrompts.start(script.id()) : 0;
  }

  /** An exchange as the history keeps it. */
  Exchange exchange(long chainBefore, Message question, Message reply) {
    long chain =
        script.repeats()
            ? SentPrompts.chained(SentPrompts.chained(chainBefore, question), reply)
            : 0;
    return new Exchange(question, reply, chain);
  }
}
