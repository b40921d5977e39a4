package dev.gatlingllm.workload.replay;

import dev.gatlingllm.prompt.Passage;
import dev.gatlingllm.workload.ConversationScript;
import java.util.List;
import java.util.OptionalInt;

/**
 * The script of an entry of a replayed file, all of it in memory.
 *
 * @param blocks of the first question; empty if unknown
 * @param responses as many as questions
 */
record RecordedScript(
    String id,
    int group,
    boolean repeats,
    OptionalInt tokensOfOtherShards,
    Passage systemPrompt,
    List<Block> blocks,
    List<Question> questions,
    List<Passage> responses)
    implements ConversationScript {

  @Override
  public int turns() {
    return questions.size();
  }

  @Override
  public Passage response(int turn) {
    return responses.get(turn - 1);
  }

  @Override
  public Question question(int turn) {
    return questions.get(turn - 1);
  }
}
