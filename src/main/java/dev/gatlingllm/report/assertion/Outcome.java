package dev.gatlingllm.report.assertion;

/**
 * What came of one assertion, in words. Immutable.
 *
 * @param assertion what was asserted
 * @param failure what was found where it does not hold; else null
 */
public record Outcome(String assertion, String failure) {

  public static Outcome of(Judgement judgement) {
    return new Outcome(judgement.stated().words(), judgement.holds() ? null : judgement.found());
  }

  boolean holds() {
    return failure == null;
  }
}
