package dev.gatlingllm.server.engine;

/**
 * The KV cache blocks of one sequence, in the order of its tokens. Each full block is identified by
 * a hash of its tokens and of all tokens before them: sequences share a block only if they are
 * equal from their first token on.
 */
final class BlockTable {

  private final long[] hashes;
  private final int blockSize;
  private final int[] blocks;
  private int size;
  private int shared;

  /**
   * @param tokens all tokens of the sequence, including those that are not generated yet
   */
  BlockTable(int[] tokens, int blockSize) {
    this.blockSize = blockSize;
    hashes = new long[tokens.length / blockSize];
    blocks = new int[(tokens.length + blockSize - 1) / blockSize];
    long hash = 0;
    for (int block = 0; block < hashes.length; block++) {
      hash = TokenHash.extend(hash, tokens, block * blockSize, (block + 1) * blockSize);
      hashes[block] = hash;
    }
  }

  /** Returns the hash of a full block. */
  long hash(int block) {
    return hashes[block];
  }

  /** Returns how many full blocks the sequence has. */
  int fullBlocks() {
    return hashes.length;
  }

  /** Returns how many full blocks the first {@code tokens} tokens fill. */
  int fullBlocksIn(int tokens) {
    return tokens / blockSize;
  }

  /** Returns how many tokens a number of full blocks contains. */
  int tokensIn(int blocks) {
    return blocks * blockSize;
  }

  /** Returns how many blocks the sequence holds. */
  int size() {
    return size;
  }

  /** Returns the number of a block that the sequence holds. */
  int block(int index) {
    return blocks[index];
  }

  void add(int block) {
    blocks[size++] = block;
  }

  /** Returns how many blocks from the start other sequences can find. */
  int shared() {
    return shared;
  }

  void setShared(int count) {
    shared = count;
  }

  void clear() {
    size = 0;
    shared = 0;
  }
}
