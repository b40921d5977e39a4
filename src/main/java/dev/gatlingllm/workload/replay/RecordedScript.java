package dev.gatlingllm.workload.replay;

import dev.gatlingllm.prompt.Passage;
import dev.gatlingllm.workload.ConversationScript;
import java.util.List;

/**
 * What was said in an entry of a replayed file, all of it in memory.
 *
 * @param blocks that the first question is made of; empty where that is not told
 * @param replies as many as questions
 */
record RecordedScript(
    EntryReader.Told told,
    Passage systemPrompt,
    List<Block> blocks,
    List<Question> questions,
    List<Passage> replies)
    implements ConversationScript {

  @Override
  public String id() {
    return told.id();
  }

  @Override
  public int group() {
    return told.group();
  }

  @Override
  public int turns() {
    return questions.size();
  }

  @Override
  public boolean repeats() {
    return told.repeats();
  }

  @Override
  public Passage response(int turn) {
    return replies.get(turn - 1);
  }

  @Override
  public Question question(int turn) {
    return questions.get(turn - 1);
  }
}
