package dev.gatlingllm.workload;

import dev.gatlingllm.Distribution;
import dev.gatlingllm.workload.LengthTriples.Triple;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The lengths of all texts of a workload, in tokens. Immutable.
 *
 * @param common length of the prefix that the system prompts of all groups share, from 0
 * @param system length of the rest of a system prompt, drawn for each group; 0 for none
 * @param privateContext length of the text that follows the system prompt in one conversation
 *     alone, drawn for each conversation; 0 for none
 * @param question drawn for each turn, at least 1
 * @param output length of response to ask for, drawn for each turn, at least 1
 * @param triples lengths recorded together, in place of {@code system}, {@code question} and {@code
 *     output}; null to use those three
 */
public record Lengths(
    int common,
    Distribution system,
    Distribution privateContext,
    Distribution question,
    Distribution output,
    @Nullable LengthTriples triples) {

  int systemTokens(RandomGenerator random) {
    return triples == null ? Math.max(0, system.drawInt(random)) : triples.draw(random).system();
  }

  int privateTokens(RandomGenerator random) {
    return Math.max(0, privateContext.drawInt(random));
  }

  /** Draws the lengths of a turn's question and response; the system length has no meaning. */
  Triple turn(RandomGenerator random) {
    return triples == null
        ? new Triple(0, Math.max(1, question.drawInt(random)), Math.max(1, output.drawInt(random)))
        : triples.draw(random);
  }

  /** Returns the fewest tokens that a first turn takes, prompt and response together. */
  public double least() {
    double drawn =
        triples == null
            ? Math.max(0, system.minimum())
                + Math.max(1, question.minimum())
                + Math.max(1, output.minimum())
            : triples.minimum();
    return common + Math.max(0, privateContext.minimum()) + drawn;
  }
}
