package dev.gatlingllm.conversation;

/** A question and its reply, as later requests carry them. */
record Exchange(Message question, Message reply) {

  int tokens() {
    return question.tokens() + reply.tokens();
  }
}
