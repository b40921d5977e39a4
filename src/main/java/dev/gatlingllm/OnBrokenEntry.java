package dev.gatlingllm;

/** What a replay does with an entry that it cannot use. */
public enum OnBrokenEntry {
  /** Stops the run before its first request. */
  FAIL,
  /** Logs the entry and leaves it out. */
  SKIP
}
