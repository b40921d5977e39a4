package dev.gatlingllm.report.assertion;

import org.jspecify.annotations.Nullable;

/**
 * The outcome of an assertion, as CI servers show it. Immutable.
 *
 * @param name the assertion in words
 * @param failure what was found instead; null if the assertion holds or is not judged
 * @param skipped why it is not judged; null if it is
 */
public record TestCase(String name, @Nullable String failure, @Nullable String skipped) {

  /** Returns the outcome of an assertion that holds. */
  public static TestCase held(String name) {
    return new TestCase(name, null, null);
  }

  /** Returns the outcome of an assertion that does not hold. */
  public static TestCase failed(String name, String found) {
    return new TestCase(name, found, null);
  }

  /** Returns the outcome of an assertion that is not judged. */
  public static TestCase skipped(String name, String why) {
    return new TestCase(name, null, why);
  }

  /** Returns whether the assertion does not hold. */
  public boolean hasFailed() {
    return failure != null;
  }

  /** Returns the outcome as that of one run among several. */
  public TestCase ofRun(String run) {
    return new TestCase(run + ": " + name, failure, skipped);
  }

  /** Returns assertion and value of one that does not hold in a sentence. */
  public String sentence() {
    return name + ", but " + failure;
  }
}
