package dev.gatlingllm.workload.replay;

import dev.gatlingllm.Distribution;
import dev.gatlingllm.prompt.SeededRandom;
import java.util.OptionalInt;

/** How long the replies shall be that a replay asks for. Any thread may ask. */
final class OutputLengths {

  private static final long STREAM = 0x0E61;

  private final ReplayShape shape;

  OutputLengths(ReplayShape shape) {
    this.shape = shape;
  }

  /**
   * What was chosen for all replies; else what was recorded; else what is usual.
   *
   * @param number of the entry, from 0
   * @param turn from 1
   * @return tokens, at least 1
   */
  int of(long number, int turn, OptionalInt recorded) {
    if (shape.outputTokens().isPresent()) {
      return draw(shape.outputTokens().get(), number, turn);
    }
    return recorded.isPresent()
        ? Math.max(1, recorded.getAsInt())
        : draw(shape.otherwise(), number, turn);
  }

  private int draw(Distribution lengths, long number, int turn) {
    return Math.max(1, lengths.drawInt(SeededRandom.of(shape.seed(), STREAM, number, turn)));
  }
}
