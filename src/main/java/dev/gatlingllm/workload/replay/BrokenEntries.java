package dev.gatlingllm.workload.replay;

import dev.gatlingllm.OnBrokenEntry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The entries of a file that cannot be used: the first one stops everything, or each is named in
 * the log and counted. Not thread-safe.
 */
final class BrokenEntries {

  private static final Logger LOGGER = LoggerFactory.getLogger(BrokenEntries.class);

  /** More would bury the rest of the log. */
  private static final int MOST_NAMED = 20;

  private final String file;
  private final OnBrokenEntry policy;
  private int usable;
  private int count;
  private String first;

  BrokenEntries(String file, OnBrokenEntry policy) {
    this.file = file;
    this.policy = policy;
  }

  void usable() {
    usable++;
  }

  void add(Place place, String reason) {
    note(place + ": " + reason);
  }

  void arrayIsNotClosed() {
    note("the end of the file: its array is not closed, it may have been cut short");
  }

  private void note(String problem) {
    if (policy == OnBrokenEntry.FAIL) {
      throw new IllegalArgumentException(
          problem
              + "; correct the file, or have such entries left out with llm.replayOnError=skip");
    }
    if (count++ == 0) {
      first = problem;
    }
    if (count <= MOST_NAMED) {
      LOGGER.warn("Left out of {}: {}", file, problem);
    }
  }

  /** Called when the file has come to its end. */
  void requireSomethingUsable() {
    if (usable == 0) {
      throw new IllegalArgumentException(
          count == 0
              ? "there is no entry in this file; give one that holds conversations or a trace"
              : "none of its entries can be used, " + first);
    }
    if (count > 0) {
      LOGGER.warn("Left out of {}: {} entries, {} are used", file, count, usable);
    }
  }
}
