package dev.gatlingllm.benchmarks;

import org.jspecify.annotations.Nullable;

/** A load generator whose cost is compared with others. */
enum ToolKind {
  /** Gatling's own {@code http}. */
  PLAIN(ClientKind.PLAIN, "plain Gatling http", "checks the status, times responses"),
  /** Ours, with a request of the user. */
  TIMED(ClientKind.TIMED, "tokenTimed", "times tokens, records figures"),
  /** Ours, with conversations. */
  CHAT(ClientKind.CHAT, "chatTurn", "conversations; times tokens, records figures"),
  /** A client in Python, as simple as possible. */
  AIOHTTP(null, "aiohttp", "notes when bytes arrive"),
  /** The client of {@code vllm bench serve}. */
  VLLM(null, "vLLM's benchmark client", "parses tokens and times them"),
  /** The HTTP benchmark. */
  WRK(null, "wrk", "reads the HTTP response");

  private final @Nullable ClientKind client;
  private final String words;
  private final String work;

  ToolKind(@Nullable ClientKind client, String words, String work) {
    this.client = client;
    this.words = words;
    this.work = work;
  }

  /** Returns the client that runs in Gatling; null if it is another program. */
  @Nullable ClientKind client() {
    return client;
  }

  /** Returns what it does with a response. */
  String work() {
    return work;
  }

  @Override
  public String toString() {
    return words;
  }
}
