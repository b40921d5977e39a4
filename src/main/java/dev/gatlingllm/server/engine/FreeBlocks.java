package dev.gatlingllm.server.engine;

/**
 * A FIFO queue of the blocks that no sequence uses. It is a linked list in two arrays, so that
 * blocks can be removed from the middle in constant time. Not thread-safe.
 */
final class FreeBlocks {

  private final int[] next;
  private final int[] previous;

  /** The sentinel before the first and after the last block. */
  private final int end;

  private int size;

  /** Creates a queue of all blocks, in the order of their numbers. */
  FreeBlocks(int blocks) {
    end = blocks;
    next = new int[blocks + 1];
    previous = new int[blocks + 1];
    next[end] = end;
    previous[end] = end;
    for (int block = 0; block < blocks; block++) {
      add(block);
    }
  }

  int size() {
    return size;
  }

  /** Adds a block at the end. */
  void add(int block) {
    int last = previous[end];
    next[last] = block;
    previous[block] = last;
    next[block] = end;
    previous[end] = block;
    size++;
  }

  /** Removes and returns the first block; the queue must not be empty. */
  int poll() {
    int block = next[end];
    remove(block);
    return block;
  }

  /** Removes a block from any position. */
  void remove(int block) {
    next[previous[block]] = next[block];
    previous[next[block]] = previous[block];
    size--;
  }
}
