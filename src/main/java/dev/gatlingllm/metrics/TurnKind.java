package dev.gatlingllm.metrics;

/** What a server can know of a prompt, by its place in a conversation. */
public enum TurnKind {
  /** The first turn: no more than a shared prefix can be cached. */
  COLD("cold"),
  /** A later turn, whose history the server has seen. */
  WARM("warm"),
  /** A request outside of conversations. */
  ALONE("alone");

  private final String key;

  TurnKind(String key) {
    this.key = key;
  }

  /** The kind of a turn from 1, or of 0 for no conversation. */
  static TurnKind of(int turn) {
    return turn < 1 ? ALONE : turn == 1 ? COLD : WARM;
  }

  /** Its name in a page's data. */
  public String key() {
    return key;
  }
}
