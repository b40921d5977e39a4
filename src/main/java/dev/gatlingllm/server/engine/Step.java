package dev.gatlingllm.server.engine;

import java.util.ArrayList;
import java.util.List;

/** What one step of the engine computes. Filled anew for each step, by the engine's thread. */
final class Step<S extends Sequence> {

  private final List<S> sequences = new ArrayList<>();
  private int prefillTokens;
  private long contextTokens;

  void clear() {
    sequences.clear();
    prefillTokens = 0;
    contextTokens = 0;
  }

  /** The step computes so many tokens of a sequence. */
  void add(S sequence, int tokens) {
    sequence.schedule(tokens);
    sequences.add(sequence);
    if (sequence.decoding()) {
      contextTokens += sequence.computed();
    } else {
      prefillTokens += tokens;
    }
  }

  /** How many sequences it works on. */
  int size() {
    return sequences.size();
  }

  /** The sequence that is served {@code index}-th, from 0. */
  S sequence(int index) {
    return sequences.get(index);
  }

  /** Tokens of prompts, and of what has to be computed again. */
  int prefillTokens() {
    return prefillTokens;
  }

  /** The tokens before each decoded one, summed up. */
  long contextTokens() {
    return contextTokens;
  }
}
