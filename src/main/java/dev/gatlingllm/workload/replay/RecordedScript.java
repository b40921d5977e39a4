package dev.gatlingllm.workload.replay;

import dev.gatlingllm.prompt.Passage;
import dev.gatlingllm.workload.ConversationScript;
import java.util.List;
import java.util.OptionalInt;

/**
 * The script of an entry of a replayed file, all of it in memory.
 *
 * @param tools on offer, as a JSON array; may be empty
 * @param firstBlocks of the first question; empty if unknown
 * @param responses as many as questions
 */
record RecordedScript(
    String id,
    int group,
    boolean repeats,
    OptionalInt tokensOfOtherShards,
    Passage tools,
    Passage systemPrompt,
    List<Block> firstBlocks,
    List<Question> questions,
    List<Response> responses)
    implements ConversationScript {

  /**
   * A recorded response.
   *
   * @param text empty if none was recorded
   * @param messages whole messages of the Chat API, if they call tools; otherwise empty
   */
  record Response(Passage text, List<String> messages) {}

  @Override
  public List<Block> blocks(int turn) {
    return turn == 1 ? firstBlocks : List.of();
  }

  @Override
  public int turns() {
    return questions.size();
  }

  @Override
  public Passage response(int turn) {
    return responses.get(turn - 1).text();
  }

  @Override
  public List<String> responseMessages(int turn) {
    return responses.get(turn - 1).messages();
  }

  @Override
  public Question question(int turn) {
    return questions.get(turn - 1);
  }
}
