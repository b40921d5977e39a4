package dev.gatlingllm.server.engine;

/**
 * The blocks that no sequence uses, in the order in which they will be taken: those first that have
 * been free for longest. A linked list in two arrays, so that a block can also leave from the
 * middle. Used by one thread.
 */
final class FreeBlocks {

  private final int[] next;
  private final int[] previous;

  /** Stands before the first and behind the last block. */
  private final int end;

  private int size;

  /** All of {@code blocks} blocks are free at first, in the order of their numbers. */
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

  /** Frees a block, which becomes the last to be taken. */
  void add(int block) {
    int last = previous[end];
    next[last] = block;
    previous[block] = last;
    next[block] = end;
    previous[end] = block;
    size++;
  }

  /** Takes the block that has been free for longest; there must be one. */
  int poll() {
    int block = next[end];
    remove(block);
    return block;
  }

  /** Takes a block that is free. */
  void remove(int block) {
    next[previous[block]] = next[block];
    previous[next[block]] = previous[block];
    size--;
  }
}
