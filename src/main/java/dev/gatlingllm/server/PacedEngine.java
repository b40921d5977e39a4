package dev.gatlingllm.server;

import java.util.Arrays;

/**
 * The simplest engine: every reply has a model of its own, which works at a given {@link Pace}
 * however many others there are; only the prefix cache is shared. Any thread may call it.
 */
final class PacedEngine implements Engine {

  private final Pace pace;
  private final PrefixCache cache;
  private final int blockSize;

  PacedEngine(Pace pace, PrefixCache cache, int blockSize) {
    this.pace = pace;
    this.cache = cache;
    this.blockSize = blockSize;
  }

  @Override
  public Generation prepare(Job job) {
    int prompt = job.promptTokens().length;
    int reply = job.replyTokens().length;
    int[] tokens = Arrays.copyOf(job.promptTokens(), prompt + reply);
    System.arraycopy(job.replyTokens(), 0, tokens, prompt, reply);
    return new PacedGeneration(
        pace,
        cache,
        new BlockChain(tokens, blockSize),
        prompt,
        reply,
        job.receivedNanos(),
        job.seed());
  }
}
