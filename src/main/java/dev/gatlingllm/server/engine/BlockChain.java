package dev.gatlingllm.server.engine;

/**
 * The full blocks of a sequence of tokens, each known by a hash of itself and of everything before
 * it: two sequences share a block only where they agree from their first token on. Immutable.
 */
final class BlockChain {

  private final long[] hashes;
  private final int blockSize;

  BlockChain(int[] tokens, int blockSize) {
    this.blockSize = blockSize;
    this.hashes = new long[tokens.length / blockSize];
    long hash = 0;
    for (int block = 0; block < hashes.length; block++) {
      hash = TokenHash.extend(hash, tokens, block * blockSize, (block + 1) * blockSize);
      hashes[block] = hash;
    }
  }

  long hash(int block) {
    return hashes[block];
  }

  int blocks() {
    return hashes.length;
  }

  /** How many full blocks the first {@code tokens} tokens fill. */
  int blocksIn(int tokens) {
    return tokens / blockSize;
  }

  int tokensIn(int blocks) {
    return blocks * blockSize;
  }
}
