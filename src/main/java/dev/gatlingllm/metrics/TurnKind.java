package dev.gatlingllm.metrics;

/** The place of a request in its conversation, which decides what the server can have cached. */
public enum TurnKind {
  /** The first turn: at most a shared prefix is cached. */
  COLD("cold"),
  /** A later turn, whose history the server has seen. */
  WARM("warm"),
  /** A request outside of conversations. */
  ALONE("alone");

  private final String key;

  TurnKind(String key) {
    this.key = key;
  }

  /** Returns the kind of a turn, from 1, or of a request outside of a conversation, 0. */
  static TurnKind of(int turn) {
    return turn < 1 ? ALONE : turn == 1 ? COLD : WARM;
  }

  /** Returns the name in a page's data. */
  public String key() {
    return key;
  }
}
