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
 * Makes scripts of one turn from the requests of a Mooncake trace. A hash id stands for a block of
 * text, the same wherever it is named; the last block of a prompt may be the beginning of one.
 */
final class TraceReader implements EntryReader {

  // what a stream of random numbers is for
  private static final long BLOCK = 0xB10C;
  private static final long REPLY = 0x4E91;

  private final ReplayShape shape;
  private final ExactText text;
  private final OutputLengths outputLengths;

  TraceReader(ReplayShape shape, ExactText text, OutputLengths outputLengths) {
    this.shape = shape;
    this.text = text;
    this.outputLengths = outputLengths;
  }

  @Override
  public Entry check(JsonNode json) throws BrokenEntryException {
    JsonNode timestamp = json.path("timestamp");
    boolean timed = shape.speed() > 0;
    if (timed && !(timestamp.isNumber() && timestamp.doubleValue() >= 0)) {
      throw new BrokenEntryException(
          "\"timestamp\" is no number of milliseconds from 0 on; set the replay's speed to ignore"
              + " to do without");
    }
    int inputTokens = length(json, "input_length", 1);
    length(json, "output_length", 0);
    requireHashIds(json.path("hash_ids"), inputTokens);
    return new Entry("", timed ? timestamp.doubleValue() : 0);
  }

  private static int length(JsonNode json, String field, int min) throws BrokenEntryException {
    JsonNode length = json.path(field);
    if (!length.isIntegralNumber() || !length.canConvertToInt() || length.intValue() < min) {
      throw new BrokenEntryException("\"" + field + "\" is no whole number from " + min + " on");
    }
    return length.intValue();
  }

  private void requireHashIds(JsonNode hashIds, int inputTokens) throws BrokenEntryException {
    for (JsonNode id : hashIds) {
      if (!id.isIntegralNumber() || !id.canConvertToLong()) {
        throw new BrokenEntryException("\"hash_ids\" holds something else than whole numbers");
      }
    }
    int blocks = (inputTokens - 1) / shape.blockTokens() + 1;
    if (!hashIds.isArray() || hashIds.size() != blocks) {
      throw new BrokenEntryException(
          "an \"input_length\" of "
              + inputTokens
              + " takes "
              + blocks
              + " blocks of "
              + shape.blockTokens()
              + " tokens, and \"hash_ids\" has "
              + hashIds.size()
              + "; give the block size of the trace");
    }
  }

  @Override
  public ConversationScript script(JsonNode json, Told told) {
    int inputTokens = json.path("input_length").intValue();
    OptionalInt recorded = OptionalInt.of(json.path("output_length").intValue());
    int outputTokens = outputLengths.of(told.number(), 1, recorded);
    List<Block> blocks = blocks(json.path("hash_ids"), inputTokens);
    Passage prompt = Passage.joined(blocks.stream().map(this::written).toList());
    Passage reply = text.write(outputTokens, SeededRandom.of(shape.seed(), REPLY, told.number()));
    return new RecordedScript(
        told, Passage.EMPTY, blocks, List.of(new Question(prompt, outputTokens)), List.of(reply));
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

  /** Words put side by side keep their lengths, so that blocks of them do. */
  private Passage written(Block block) {
    return text.write(block.tokens(), SeededRandom.of(shape.seed(), BLOCK, block.id()));
  }
}
