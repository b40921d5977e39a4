package dev.gatlingllm;

import dev.gatlingllm.gatling.ArrivalsInjection;
import dev.gatlingllm.gatling.TokenRun;
import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.text.Numbers;
import dev.gatlingllm.text.Require;
import dev.gatlingllm.workload.ArrivalCurve;
import dev.gatlingllm.workload.ArrivalPattern;
import dev.gatlingllm.workload.PlannedArrivals;
import io.gatling.javaapi.core.OpenInjectionStep;
import java.time.Duration;
import java.util.List;

/**
 * Users who arrive at random, for {@code injectOpen(…)}. The seed of the settings decides when:
 * each run has the same arrivals. Steps of one simulation differ from each other.
 *
 * <p>Immutable, so all methods return a new occurrence and leave the original unmodified.
 */
public final class RandomArrivals {

  private final ArrivalPattern pattern;
  private final double from;
  private final double to;

  RandomArrivals(ArrivalPattern pattern, double from, double to) {
    Require.that(
        from >= 0 && to >= 0 && Double.isFinite(from + to), "rate", rates(from, to), "at least 0");
    this.pattern = pattern;
    this.from = from;
    this.to = to;
  }

  private static String rates(double from, double to) {
    return from == to ? Double.toString(from) : from + " to " + to;
  }

  /** Sets the rate at the end, in users per second from 0; it changes evenly. */
  public RandomArrivals to(double usersPerSec) {
    return new RandomArrivals(pattern, from, usersPerSec);
  }

  /** Returns the step with its length in seconds. */
  public OpenInjectionStep during(long seconds) {
    return during(Duration.ofSeconds(seconds));
  }

  /**
   * Returns the step with its length. It starts the expected number of users, rounded to the
   * nearest whole number.
   *
   * @param length above 0
   */
  public OpenInjectionStep during(Duration length) {
    double seconds = length.toNanos() / 1e9;
    Require.that(seconds > 0, "length", Numbers.plain(seconds) + " s", "above 0");
    return ArrivalsInjection.of(
        new PlannedArrivals(
            new ArrivalCurve(List.of(new ArrivalCurve.Leg(seconds, from, to))),
            pattern,
            LlmSettings.get().saltedSeed(),
            TokenRun.current().nextArrivals()));
  }
}
