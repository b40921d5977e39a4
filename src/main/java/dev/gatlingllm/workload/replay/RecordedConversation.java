package dev.gatlingllm.workload.replay;

import dev.gatlingllm.workload.replay.RecordedMessage.Speaker;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * A recorded conversation, put in order: what the system says, then questions and replies in turn.
 * Messages of one speaker in a row are one message, parted by an empty line.
 *
 * @param systemPrompt empty for none
 * @param turns one at least
 * @param maxTokens the limit of replies that was recorded
 */
record RecordedConversation(String systemPrompt, List<RecordedTurn> turns, OptionalInt maxTokens) {

  private static final String BETWEEN = "\n\n";

  /**
   * A question and what the model said to it.
   *
   * @param reply empty if none was recorded
   */
  record RecordedTurn(String question, String reply) {}

  /**
   * Puts messages in order.
   *
   * @throws BrokenEntryException if the user says nothing, or the model speaks first
   */
  static RecordedConversation of(List<RecordedMessage> messages, OptionalInt maxTokens)
      throws BrokenEntryException {
    StringBuilder system = new StringBuilder();
    List<StringBuilder> said = new ArrayList<>();
    for (RecordedMessage message : messages) {
      if (message.speaker() == Speaker.SYSTEM) {
        append(system, message.text());
        continue;
      }
      // users speak at even places
      boolean usersPlace = said.size() % 2 == 0;
      if ((message.speaker() == Speaker.USER) == usersPlace) {
        said.add(new StringBuilder());
      } else if (said.isEmpty()) {
        throw new BrokenEntryException("it begins with a reply, to which there is no question");
      }
      append(said.get(said.size() - 1), message.text());
    }
    if (said.isEmpty()) {
      throw new BrokenEntryException("it has no question");
    }
    return new RecordedConversation(system.toString(), turns(said), maxTokens);
  }

  private static void append(StringBuilder text, String more) {
    text.append(text.isEmpty() || more.isEmpty() ? "" : BETWEEN).append(more);
  }

  private static List<RecordedTurn> turns(List<StringBuilder> said) throws BrokenEntryException {
    List<RecordedTurn> turns = new ArrayList<>();
    for (int i = 0; i < said.size(); i += 2) {
      if (said.get(i).isEmpty()) {
        throw new BrokenEntryException("question " + (i / 2 + 1) + " is empty");
      }
      turns.add(
          new RecordedTurn(
              said.get(i).toString(), i + 1 < said.size() ? said.get(i + 1).toString() : ""));
    }
    return List.copyOf(turns);
  }
}
