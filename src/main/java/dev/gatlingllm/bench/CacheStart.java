package dev.gatlingllm.bench;

import java.util.Locale;

/** What the server's prefix cache knows of a fork's prompts when the fork begins. */
enum CacheStart {
  /** Nothing: every fork says other things, by a salt of its own for every seed. */
  FRESH("cold, every fork has prefixes of its own"),
  /** Nothing: every fork says the same, and has the server empty its cache before. */
  RESET("cold, emptied before every fork"),
  /** What the forks before left in it: every fork says the same. */
  KEEP("as the fork before left it, every fork says the same");

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
