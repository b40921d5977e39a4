package dev.gatlingllm.report.assertion;

import java.util.OptionalDouble;

/**
 * What came of an assertion. Immutable.
 *
 * @param value the figure, in its unit; empty where it was not measured
 * @param problem why it was not measured; else null
 */
public record Judgement(TokenLimit stated, OptionalDouble value, String problem) {

  static Judgement of(TokenLimit stated, double value) {
    return new Judgement(stated, OptionalDouble.of(value), null);
  }

  static Judgement notMeasured(TokenLimit stated, String problem) {
    return new Judgement(stated, OptionalDouble.empty(), problem);
  }

  /** What was not measured does not hold. */
  public boolean holds() {
    return value.isPresent() && stated.limit().allows(value.getAsDouble());
  }

  /** The figure as Gatling judges it; to be asked where there is one. */
  public int ticks() {
    return Limit.ticks(value.getAsDouble());
  }

  /** What was found, for a person. */
  public String found() {
    return value.isPresent()
        ? "it is " + Limit.words(value.getAsDouble(), stated.indicator().unit())
        : "it was not measured: " + problem;
  }
}
