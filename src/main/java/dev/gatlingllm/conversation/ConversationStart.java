package dev.gatlingllm.conversation;

import dev.gatlingllm.workload.ConversationScript;

/**
 * What all turns of a conversation have in common.
 *
 * @param seed the workload's seed
 * @param number the conversation's number in the whole workload, from 0
 * @param systemPrompt shared by the conversations of the group; may be empty
 * @param privateContext what follows the system prompt in this conversation alone; may be empty
 * @param reuse which prompts of the workload were sent
 */
record ConversationStart(
    long seed,
    long number,
    ConversationScript script,
    Message systemPrompt,
    Message privateContext,
    ConversationRules rules,
    PromptReuse reuse) {

  /** Returns the number of tokens before the first question. */
  int tokens() {
    return systemPrompt.tokens() + privateContext.tokens();
  }

  /** Returns a turn as the history keeps it. */
  CompletedTurn completed(History before, Message question, Message response) {
    long hash = 0;
    if (script.repeats()) {
      hash = PromptReuse.extended(prefixHash(before, before.length()), question);
      hash = PromptReuse.extended(hash, response);
    }
    return new CompletedTurn(question, response, hash);
  }

  /** Returns the hash of the conversation before a turn. */
  long prefixHash(History history, int turns) {
    return turns == 0
        ? PromptReuse.startOfConversation(script.id())
        : history.get(turns - 1).prefixHash();
  }
}
