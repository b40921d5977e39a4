package dev.gatlingllm.server.engine;

/** The blocks of the KV cache that one sequence holds, in the order of its tokens. */
final class BlockTable {

  private final BlockChain chain;
  private final int[] blocks;
  private int size;
  private int shared;

  /**
   * @param chain what the full blocks will hold
   * @param capacity how many blocks the sequence may come to need
   */
  BlockTable(BlockChain chain, int capacity) {
    this.chain = chain;
    this.blocks = new int[capacity];
  }

  BlockChain chain() {
    return chain;
  }

  int size() {
    return size;
  }

  int block(int index) {
    return blocks[index];
  }

  void add(int block) {
    blocks[size++] = block;
  }

  /** How many blocks from the start others may find by what they hold. */
  int shared() {
    return shared;
  }

  void share(int count) {
    shared = count;
  }

  void clear() {
    size = 0;
    shared = 0;
  }
}
