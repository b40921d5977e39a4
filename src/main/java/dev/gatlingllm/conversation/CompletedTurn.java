package dev.gatlingllm.conversation;

/**
 * A question and its response, as later requests carry them.
 *
 * @param prefixHash {@link PromptReuse#extended hash} of the conversation up to and including this
 *     turn; 0 if no other conversation repeats this one
 */
record CompletedTurn(Message question, Message response, long prefixHash) {

  int tokens() {
    return question.tokens() + response.tokens();
  }
}
