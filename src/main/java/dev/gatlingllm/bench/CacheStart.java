package dev.gatlingllm.bench;

import java.util.Locale;

/** The server's prefix cache at the start of a fork. */
enum CacheStart {
  /** Has none of the fork's prompts: every fork has its own salt, and so its own prompts. */
  FRESH("cold, every fork has prefixes of its own"),
  /** Empty: all forks send the same prompts, after the server has emptied its cache. */
  RESET("cold, emptied before every fork"),
  /** As the forks before left it: all forks send the same prompts. */
  KEEP("as the fork before left it, all forks send the same prompts");

  private final String meaning;

  CacheStart(String meaning) {
    this.meaning = meaning;
  }

  String meaning() {
    return meaning;
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
