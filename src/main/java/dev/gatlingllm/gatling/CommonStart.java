package dev.gatlingllm.gatling;

import dev.gatlingllm.settings.Setting;
import dev.gatlingllm.settings.SettingException;
import dev.gatlingllm.text.Durations;
import dev.gatlingllm.text.Numbers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The moment of {@code llm.startAt}, at which all load generators of a load start it. A load
 * generator that is not ready by then starts at once.
 *
 * @param planned the moment
 * @param clock the wall clock of this load generator
 * @param pause lets time pass
 * @param console receives what a user must know
 */
record CommonStart(
    Instant planned, InstantSource clock, Consumer<Duration> pause, Consumer<String> console) {

  /** A moment beyond it is rather a typing error, or milliseconds read as seconds. */
  private static final Duration FARTHEST = Duration.ofHours(24);

  /** The wall clock may be set while a load generator waits. */
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  /** Nothing is prepared in the last moments, as it might take longer. */
  private static final Duration REST = Duration.ofMillis(200);

  CommonStart(Instant planned) {
    this(planned, InstantSource.system(), CommonStart::sleep, System.out::println);
  }

  private static void sleep(Duration pause) {
    try {
      Thread.sleep(pause.toMillis(), pause.toNanosPart() % 1_000_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted before llm.startAt", e);
    }
  }

  /**
   * Checks that the moment is near enough to wait for it.
   *
   * @throws SettingException if it is more than a day ahead
   */
  void check() {
    if (planned.isAfter(clock.instant().plus(FARTHEST))) {
      throw new SettingException(
          "%s must be at most 24 hours ahead, got %s; the clock of this machine says %s"
              .formatted(Setting.START_AT, planned, seconds()));
    }
  }

  /**
   * Waits for the moment.
   *
   * @param preparation what makes the load ready: does a part of it, and returns whether there is
   *     more. Called until the moment has come
   */
  void await(BooleanSupplier preparation) {
    Duration left = left();
    if (left.isNegative()) {
      console.accept(
          "gatling-llm: late: the load starts %s s after %s (llm.startAt)"
              .formatted(Numbers.significant(Durations.millis(left.negated()) / 1e3, 3), planned));
      return;
    }
    console.accept(
        "gatling-llm: ready at %s; the load starts at %s (llm.startAt)"
            .formatted(seconds(), planned));
    boolean more = true;
    for (left = left(); left.compareTo(Duration.ZERO) > 0; left = left()) {
      if (more && left.compareTo(REST) > 0) {
        more = preparation.getAsBoolean();
      } else {
        pause.accept(left.compareTo(LONGEST_PAUSE) < 0 ? left : LONGEST_PAUSE);
      }
    }
  }

  private Duration left() {
    return Duration.between(clock.instant(), planned);
  }

  private Instant seconds() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS);
  }
}
