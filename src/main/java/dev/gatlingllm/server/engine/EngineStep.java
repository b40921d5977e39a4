package dev.gatlingllm.server.engine;

import java.util.ArrayList;
import java.util.List;

/** The work of one engine step. The engine's thread reuses it for each step. */
final class EngineStep<S extends Sequence> {

  private final List<S> sequences = new ArrayList<>();
  private int prefillTokens;
  private long contextTokens;

  void clear() {
    sequences.clear();
    prefillTokens = 0;
    contextTokens = 0;
  }

  /** Adds tokens of a sequence to the step. */
  void add(S sequence, int tokens) {
    sequence.schedule(tokens);
    sequences.add(sequence);
    if (sequence.decoding()) {
      contextTokens += sequence.computed();
    } else {
      prefillTokens += tokens;
    }
  }

  /** Returns the number of sequences. */
  int size() {
    return sequences.size();
  }

  /** Returns a sequence, in the order in which they get their tokens. */
  S sequence(int index) {
    return sequences.get(index);
  }

  /** Returns the number of tokens to prefill, including those computed again. */
  int prefillTokens() {
    return prefillTokens;
  }

  /** Returns the sum of the context lengths of the decoding sequences, in tokens. */
  long contextTokens() {
    return contextTokens;
  }
}
