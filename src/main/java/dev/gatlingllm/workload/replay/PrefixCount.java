package dev.gatlingllm.workload.replay;

import static dev.gatlingllm.prompt.SeededRandom.mix;

import dev.gatlingllm.workload.ConversationScript.Block;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Counts the tokens of a trace's prompts, and how many of them are in a prefix that an earlier
 * prompt had: what a prefix cache without limits could serve. Not thread-safe.
 */
final class PrefixCount {

  /** More for all conversations would take too much memory; the count is then too low. */
  static final int MAX_PREFIXES = 1 << 19;

  private final Set<Long> prefixes = new HashSet<>();
  private long tokens;
  private long reused;

  /** Adds a prompt. */
  void add(int inputTokens, List<Block> blocks) {
    add(inputTokens, blocks, new HashSet<>());
  }

  /**
   * Adds a prompt of a conversation.
   *
   * @param own prefixes of its earlier prompts that came when there were too many of all; those of
   *     this prompt are added
   */
  void add(int inputTokens, List<Block> blocks, Set<Long> own) {
    tokens += inputTokens;
    long hash = mix(1);
    boolean isKnown = true;
    for (Block block : blocks) {
      hash = mix(mix(hash * 31 + block.id()) + block.tokens());
      isKnown &= prefixes.contains(hash) || own.contains(hash);
      reused += isKnown ? block.tokens() : 0;
      if (!isKnown && !isPartial()) {
        prefixes.add(hash);
      } else if (!isKnown) {
        own.add(hash);
      }
    }
  }

  /** Adds the prompts of a conversation whose blocks are in no other one. */
  void add(PrefixCount conversation) {
    tokens += conversation.tokens;
    reused += conversation.reused;
  }

  /** Returns the share of tokens in percent; not a number without tokens. */
  double percent() {
    return 100.0 * reused / tokens;
  }

  /** Returns whether there were too many prefixes to know all. */
  boolean isPartial() {
    return prefixes.size() >= MAX_PREFIXES;
  }
}
