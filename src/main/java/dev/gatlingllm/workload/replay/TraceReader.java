package dev.gatlingllm.workload.replay;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatlingllm.ReplayFormat;
import dev.gatlingllm.prompt.ExactText;
import dev.gatlingllm.prompt.Passage;
import dev.gatlingllm.prompt.SeededRandom;
import dev.gatlingllm.workload.ConversationScript;
import dev.gatlingllm.workload.ConversationScript.Block;
import dev.gatlingllm.workload.ConversationScript.Question;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Reads the requests of a trace as conversations of one turn. A hash id stands for a block of text,
 * the same everywhere; the last block of a prompt may be the beginning of one. What has no hash id,
 * at the end of a prompt or all of it, is text that no other prompt has.
 *
 * @param unit of the timestamps
 * @param blockTokens length of a block
 */
record TraceReader(ReplayShape shape, ExactText text, TimeUnit unit, int blockTokens)
    implements EntryReader {

  // purposes of random numbers
  private static final long BLOCK = 0xB10C;
  private static final long RESPONSE = 0x4E91;
  private static final long REST = 0x4E57;

  static TraceReader of(ReplayFormat format, ReplayShape shape, ExactText text) {
    return new TraceReader(
        shape, text, unit(format, shape), shape.blockTokens().orElse(blockTokens(format)));
  }

  /**
   * Returns the unit of a trace's timestamps.
   *
   * @throws IllegalArgumentException if one was set for a trace with dates
   */
  static TimeUnit unit(ReplayFormat format, ReplayShape shape) {
    if (format == ReplayFormat.AZURE && shape.timeUnit().isPresent()) {
      throw new IllegalArgumentException(
          "the trace has dates, which llm.replayTimeUnit does not apply to; leave it out");
    }
    boolean inSeconds = format == ReplayFormat.BAILIAN || format == ReplayFormat.BURSTGPT;
    return shape.timeUnit().orElse(inSeconds ? TimeUnit.SECONDS : TimeUnit.MILLISECONDS);
  }

  private static int blockTokens(ReplayFormat format) {
    return format == ReplayFormat.BAILIAN ? 16 : 512;
  }

  @Override
  public Checked check(JsonNode json) throws BrokenEntryException {
    JsonNode timestamp = json.path("timestamp");
    boolean timed = shape.speed() > 0;
    if (timed && !(timestamp.isNumber() && timestamp.doubleValue() >= 0)) {
      throw new BrokenEntryException(
          "\"timestamp\" must be a number of at least 0; without one, set llm.replaySpeed=ignore");
    }
    int inputTokens = EntryFile.wholeNumber(json, "input_length", 1);
    EntryFile.wholeNumber(json, "output_length", 0);
    if (json.hasNonNull("hash_ids")) {
      requireHashIds(json.get("hash_ids"), inputTokens, blockTokens);
    }
    double millis = timed ? timestamp.doubleValue() * unit.toNanos(1) / 1e6 : 0;
    List<Block> blocks = blocks(json.path("hash_ids"), inputTokens, blockTokens);
    return new Checked(
        "", millis, !json.hasNonNull("hash_ids"), 0, count -> count.add(inputTokens, blocks));
  }

  /** Some traces have an id for each block, some for full blocks only, some have none. */
  static void requireHashIds(JsonNode hashIds, int inputTokens, int blockTokens)
      throws BrokenEntryException {
    for (JsonNode id : hashIds) {
      if (!id.isIntegralNumber() || id.bigIntegerValue().bitLength() > Long.SIZE) {
        throw new BrokenEntryException("\"hash_ids\" must be whole numbers of up to 64 bits");
      }
    }
    int full = inputTokens / blockTokens;
    int blocks = (inputTokens - 1) / blockTokens + 1;
    if (!hashIds.isArray() || (hashIds.size() != full && hashIds.size() != blocks)) {
      throw new BrokenEntryException(
          "\"hash_ids\" must have "
              + (full == blocks ? blocks : full + " or " + blocks)
              + " blocks of "
              + blockTokens
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
    List<Block> blocks = blocks(json.path("hash_ids"), inputTokens, blockTokens);
    int rest = inputTokens - blocks.stream().mapToInt(Block::tokens).sum();
    Passage prompt =
        Passage.joined(
            Stream.concat(
                    blocks.stream().map(this::written),
                    Stream.of(written(rest, REST, position.number())))
                .toList());
    return new RecordedScript(
        position.id(),
        position.group(),
        position.repeats(),
        // which blocks the earlier prompts of other shards have is not kept
        shape.shard().count() > 1 && !blocks.isEmpty()
            ? OptionalInt.empty()
            : OptionalInt.of(position.tokensOfOtherShards(0)),
        Passage.EMPTY,
        Passage.EMPTY,
        blocks,
        List.of(new Question(prompt, outputTokens)),
        List.of(
            new RecordedScript.Response(
                written(outputTokens, RESPONSE, position.number()), List.of())));
  }

  /** Returns the blocks of a prompt; the last one may be shorter. */
  static List<Block> blocks(JsonNode hashIds, int inputTokens, int blockTokens) {
    List<Block> blocks = new ArrayList<>(hashIds.size());
    int left = inputTokens;
    for (JsonNode id : hashIds) {
      int tokens = Math.min(left, blockTokens);
      // ids may be unsigned: their 64 bits are kept
      blocks.add(new Block(id.bigIntegerValue().longValue(), tokens));
      left -= tokens;
    }
    return List.copyOf(blocks);
  }

  private Passage written(Block block) {
    return written(block.tokens(), BLOCK, block.id());
  }

  /** Joined texts keep their lengths. */
  private Passage written(int tokens, long purpose, long id) {
    return text.write(tokens, SeededRandom.of(shape.seed(), purpose, id));
  }
}
