package dev.gatlingllm.conversation;

import dev.gatlingllm.workload.ConversationScript.Block;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Remembers which beginnings of conversations were sent, for workloads whose users repeat each
 * other's conversations: each message's end by the hash of all that was said up to it. Any thread
 * may ask; nobody waits.
 *
 * <p>Bounded: what comes after a quarter of a million different messages is not remembered.
 */
final class SentPrompts {

  private static final int MOST = 1 << 18;

  private final Set<Long> ends = ConcurrentHashMap.newKeySet();

  /** The hash of a conversation in which nothing was said. */
  static long start(String conversation) {
    return mixed(conversation.hashCode());
  }

  /** The hash of a conversation that goes on with a message. */
  static long chained(long before, Message message) {
    return mixed(before * 31 + message.contentHash());
  }

  /** The hash of a prompt made of blocks, before the first of them. */
  static long startOfBlocks() {
    return mixed(1);
  }

  /** The hash of a prompt that goes on with a block. */
  static long chained(long before, Block block) {
    return mixed(mixed(before * 31 + block.id()) + block.tokens());
  }

  /** David Stafford's variant 13 of the finalizer of MurmurHash3, as in SplitMix64. */
  private static long mixed(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** Whether a beginning was sent before; from now on it was. */
  boolean wasSent(long end) {
    return ends.contains(end) || ends.size() < MOST && !ends.add(end);
  }
}
