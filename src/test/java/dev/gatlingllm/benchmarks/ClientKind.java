package dev.gatlingllm.benchmarks;

import java.util.List;

/** The kind of a client. */
enum ClientKind {
  /** Gatling's own {@code http}, which checks the status and discards the bytes. */
  PLAIN("plain Gatling http"),
  /** The same request, each token timed and recorded. */
  TIMED("tokenTimed"),
  /** The same, while the server's metrics are read and the client's exported. */
  OBSERVED("tokenTimed, with the server's metrics and live export"),
  /** Turns of conversations, timed and recorded; each response becomes part of the next prompt. */
  CHAT("chatTurn");

  /** What most users run, beside plain Gatling. */
  static final List<ClientKind> COMMON = List.of(PLAIN, TIMED, CHAT);

  private final String words;

  ClientKind(String words) {
    this.words = words;
  }

  @Override
  public String toString() {
    return words;
  }
}
