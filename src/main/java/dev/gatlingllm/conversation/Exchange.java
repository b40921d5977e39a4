package dev.gatlingllm.conversation;

/**
 * A question and its reply, as later requests carry them.
 *
 * @param chain the {@link SentPrompts#chained chained} hash of the conversation up to and with this
 *     exchange; 0 where nobody asks for it
 */
record Exchange(Message question, Message reply, long chain) {

  int tokens() {
    return question.tokens() + reply.tokens();
  }
}
