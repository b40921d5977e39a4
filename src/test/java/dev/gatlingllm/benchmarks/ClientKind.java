package dev.gatlingllm.benchmarks;

/** What a client does with the streams. */
enum ClientKind {
  /** Gatling's own {@code http}, which looks at the status and lets the bytes go. */
  PLAIN("plain Gatling http"),
  /** The same request, each token timed and recorded. */
  TIMED("tokenTimed"),
  /** Turns of conversations, timed and recorded, each reply becoming part of the next prompt. */
  CHAT("chatTurn");

  private final String words;

  ClientKind(String words) {
    this.words = words;
  }

  @Override
  public String toString() {
    return words;
  }
}
