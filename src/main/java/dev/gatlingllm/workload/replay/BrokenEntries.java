package dev.gatlingllm.workload.replay;

import dev.gatlingllm.OnBrokenEntry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles the unusable entries of a file: the first one stops the run, or all are logged and
 * counted. Not thread-safe.
 */
final class BrokenEntries {

  private static final Logger LOGGER = LoggerFactory.getLogger(BrokenEntries.class);

  /** More would bury the rest of the log. */
  private static final int MAX_LOGGED = 20;

  private final String file;
  private final OnBrokenEntry policy;
  private int count;
  private @Nullable String first;

  BrokenEntries(String file, OnBrokenEntry policy) {
    this.file = file;
    this.policy = policy;
  }

  void add(Object location, String reason) {
    String problem = location + ": " + reason;
    if (policy == OnBrokenEntry.FAIL) {
      throw new IllegalArgumentException(
          problem + "; correct the file, or skip such entries with llm.replayOnError=skip");
    }
    if (count++ == 0) {
      first = problem;
    }
    if (count <= MAX_LOGGED) {
      LOGGER.warn("Skipped in {}: {}", file, problem);
    }
  }

  /** Returns the number of unusable entries. */
  int count() {
    return count;
  }

  /** Checks at the end of the file that some entries are usable. */
  void finish(int usable) {
    if (usable == 0) {
      throw new IllegalArgumentException(
          count == 0
              ? "the file has no entries; give one with conversations or a trace"
              : "the file has no usable entries, " + first);
    }
    if (count > 0) {
      LOGGER.warn("Skipped {} entries of {}, {} are used", count, file, usable);
    }
  }
}
