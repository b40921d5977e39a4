package dev.gatlingllm.workload;

import static java.util.stream.Collectors.joining;

import dev.gatlingllm.text.Numbers;
import dev.gatlingllm.workload.ArrivalCurve.Leg;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * New users per second over a load, as {@code llm.rate} has it: one rate, {@code ramp(1,20)} from
 * one rate to another, or {@code steps(5,10,20)}, equally long. Immutable.
 *
 * @param perSecond one rate or more, none negative, at least one above 0
 * @param ramps whether the rate grows or falls evenly from each to the next, instead of staying
 */
public record ArrivalRate(List<Double> perSecond, boolean ramps) {

  private static final String FORMS =
      "a number above 0, ramp(from,to) or steps(a,b,…) with rates from 0, such as 5, ramp(1,20) or"
          + " steps(5,10,20)";

  private static final Pattern CALL = Pattern.compile("(ramp|steps)\\s*\\(([^()]*)\\)");

  /** Takes a copy. */
  public ArrivalRate {
    perSecond = List.copyOf(perSecond);
  }

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException if the text is invalid; the message lists the forms
   */
  public static ArrivalRate parse(String text) {
    Matcher call = CALL.matcher(text.strip());
    boolean isCall = call.matches();
    boolean ramps = isCall && call.group(1).equals("ramp");
    List<Double> rates;
    try {
      rates =
          Stream.of((isCall ? call.group(2) : text).split(",", -1)).map(Double::valueOf).toList();
    } catch (NumberFormatException e) {
      throw invalid(text);
    }
    if (isCall ? rates.size() < 2 || (ramps && rates.size() > 2) : rates.size() != 1) {
      throw invalid(text);
    }
    if (rates.stream().anyMatch(rate -> !Double.isFinite(rate) || rate < 0)
        || rates.stream().allMatch(rate -> rate == 0)) {
      throw invalid(text);
    }
    return new ArrivalRate(rates, ramps);
  }

  private static IllegalArgumentException invalid(String text) {
    return new IllegalArgumentException("must be " + FORMS + ", got " + text);
  }

  /** Returns so many times this rate. */
  public ArrivalRate times(int factor) {
    return new ArrivalRate(perSecond.stream().map(rate -> rate * factor).toList(), ramps);
  }

  /** Returns whether this is one rate. */
  public boolean isConstant() {
    return perSecond.size() == 1;
  }

  /**
   * Returns the rate over a load: the first rate during the warm-up, then the rates, ramped or step
   * by step, over the duration.
   */
  public ArrivalCurve over(Duration warmUp, Duration duration) {
    double before = warmUp.toNanos() / 1e9;
    double seconds = duration.toNanos() / 1e9;
    double first = perSecond.get(0);
    if (isConstant()) {
      return new ArrivalCurve(List.of(new Leg(before + seconds, first, first)));
    }
    List<Leg> legs = new ArrayList<>();
    if (before > 0) {
      legs.add(new Leg(before, first, first));
    }
    if (ramps) {
      legs.add(new Leg(seconds, first, perSecond.get(1)));
    } else {
      perSecond.forEach(rate -> legs.add(new Leg(seconds / perSecond.size(), rate, rate)));
    }
    return new ArrivalCurve(legs);
  }

  /** Returns the text form. */
  @Override
  public String toString() {
    String rates = perSecond.stream().map(Numbers::plain).collect(joining(","));
    return isConstant() ? rates : (ramps ? "ramp(" : "steps(") + rates + ")";
  }
}
