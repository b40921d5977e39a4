package dev.gatlingllm.workload.replay;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatlingllm.prompt.ExactText;
import dev.gatlingllm.prompt.Passage;
import dev.gatlingllm.prompt.SeededRandom;
import dev.gatlingllm.workload.ConversationScript;
import dev.gatlingllm.workload.ConversationScript.Block;
import dev.gatlingllm.workload.ConversationScript.Question;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Reads the requests of a Mooncake trace as conversations of one turn. A hash id stands for a block
 * of text, the same everywhere; the last block of a prompt may be the beginning of one.
 */
record TraceReader(ReplayShape shape, ExactText text) implements EntryReader {

  // purposes of random numbers
  private static final long BLOCK = 0xB10C;
  private static final long RESPONSE = 0x4E91;

  @Override
  public Checked check(JsonNode json) throws BrokenEntryException {
    JsonNode timestamp = json.path("timestamp");
    boolean timed = shape.speed() > 0;
    if (timed && !(timestamp.isNumber() && timestamp.doubleValue() >= 0)) {
      throw new BrokenEntryException(
          "\"timestamp\" must be a number of milliseconds of at least 0; without one, set"
              + " llm.replaySpeed=ignore");
    }
    int inputTokens = EntryFile.wholeNumber(json, "input_length", 1);
    EntryFile.wholeNumber(json, "output_length", 0);
    requireHashIds(json.path("hash_ids"), inputTokens);
    return new Checked("", timed ? timestamp.doubleValue() : 0);
  }

  private void requireHashIds(JsonNode hashIds, int inputTokens) throws BrokenEntryException {
    for (JsonNode id : hashIds) {
      if (!id.isIntegralNumber() || !id.canConvertToLong()) {
        throw new BrokenEntryException("\"hash_ids\" must be whole numbers");
      }
    }
    int blocks = (inputTokens - 1) / shape.blockTokens() + 1;
    if (!hashIds.isArray() || hashIds.size() != blocks) {
      throw new BrokenEntryException(
          "\"hash_ids\" must have "
              + blocks
              + " blocks of "
              + shape.blockTokens()
              + " tokens for an \"input_length\" of "
              + inputTokens
              + ", got "
              + hashIds.size()
              + "; set llm.replayBlockTokens to the block size of the trace");
    }
  }

  @Override
  public ConversationScript script(JsonNode json, Position position) {
    int inputTokens = json.path("input_length").intValue();
    OptionalInt recorded = OptionalInt.of(json.path("output_length").intValue());
    int outputTokens = shape.outputTokens(position.number(), 1, recorded);
    List<Block> blocks = blocks(json.path("hash_ids"), inputTokens);
    Passage prompt = Passage.joined(blocks.stream().map(this::written).toList());
    Passage response =
        text.write(outputTokens, SeededRandom.of(shape.seed(), RESPONSE, position.number()));
    return new RecordedScript(
        position.id(),
        position.group(),
        position.repeats(),
        Passage.EMPTY,
        blocks,
        List.of(new Question(prompt, outputTokens)),
        List.of(response));
  }

  private List<Block> blocks(JsonNode hashIds, int inputTokens) {
    List<Block> blocks = new ArrayList<>(hashIds.size());
    int left = inputTokens;
    for (JsonNode id : hashIds) {
      int tokens = Math.min(left, shape.blockTokens());
      blocks.add(new Block(id.longValue(), tokens));
      left -= tokens;
    }
    return List.copyOf(blocks);
  }

  /** Joined blocks keep their lengths. */
  private Passage written(Block block) {
    return text.write(block.tokens(), SeededRandom.of(shape.seed(), BLOCK, block.id()));
  }
}
