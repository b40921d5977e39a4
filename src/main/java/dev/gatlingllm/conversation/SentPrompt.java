package dev.gatlingllm.conversation;

/**
 * A prompt that a conversation has sent: what it carried, and its question.
 *
 * @param turn the turn's number
 */
record SentPrompt(History history, Message question, int turn) {

  /** Tokens of a later turn's exchanges and question that stand at the same place here. */
  long tokensAlsoIn(Turn later) {
    int common = later.history().lengthInCommon(history);
    long tokens = history.tokensOfFirst(common);
    return common == history.length() && questionFollows(later, common)
        ? tokens + question.tokens()
        : tokens;
  }

  private boolean questionFollows(Turn later, int common) {
    return common < later.history().length()
        ? later.history().get(common).question() == question
        : later.number() == turn;
  }
}
