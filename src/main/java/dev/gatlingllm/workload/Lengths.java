package dev.gatlingllm.workload;

import dev.gatlingllm.Distribution;
import dev.gatlingllm.workload.LengthTriples.Triple;
import java.util.random.RandomGenerator;

/**
 * How long everything is that is said, in tokens. Immutable.
 *
 * @param common of a prefix that the system prompts of all groups begin with, from 0
 * @param system of what a group's system prompt adds to it, drawn once for each group; 0 for
 *     nothing
 * @param privateContext of what follows the system prompt in one conversation alone, drawn for each
 *     conversation; 0 for nothing
 * @param question drawn for each turn, at least 1
 * @param output length of reply to ask for, drawn for each turn, at least 1
 * @param triples lengths that go together, in place of {@code system}, {@code question} and {@code
 *     output}; null where those three hold
 */
public record Lengths(
    int common,
    Distribution system,
    Distribution privateContext,
    Distribution question,
    Distribution output,
    LengthTriples triples) {

  int systemTokens(RandomGenerator random) {
    return triples == null ? Math.max(0, system.drawInt(random)) : triples.draw(random).system();
  }

  int privateTokens(RandomGenerator random) {
    return Math.max(0, privateContext.drawInt(random));
  }

  /** The lengths of one turn's question and reply; its system length means nothing. */
  Triple turn(RandomGenerator random) {
    return triples == null
        ? new Triple(0, Math.max(1, question.drawInt(random)), Math.max(1, output.drawInt(random)))
        : triples.draw(random);
  }

  /** The fewest tokens that a first turn takes, prompt and reply together. */
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
