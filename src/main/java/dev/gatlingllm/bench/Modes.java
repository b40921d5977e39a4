package dev.gatlingllm.bench;

import dev.gatlingllm.metrics.Figure.Direction;
import dev.gatlingllm.metrics.Indicator;
import java.util.Collection;
import java.util.Set;
import org.openjdk.jmh.annotations.Mode;

/**
 * JMH's modes, as far as they mean something for a load on a server. One load measures rates and
 * times at once, so that a mode only says which of them is the score: {@link Mode#Throughput} for
 * rates and other figures of which higher values are better, {@link Mode#AverageTime} for all
 * others.
 */
final class Modes {

  private Modes() {}

  static Mode of(Indicator score) {
    return isThroughput(score) ? Mode.Throughput : Mode.AverageTime;
  }

  private static boolean isThroughput(Indicator score) {
    return score.unit().isRate() || score.figure().direction() == Direction.HIGHER_IS_BETTER;
  }

  /**
   * Puts a mode's usual score in front, unless a score was chosen.
   *
   * @throws IllegalArgumentException for a mode that is refused, or that the chosen score has not
   */
  static void choose(Collection<Mode> modes, Set<Indicator> chosen) {
    if (modes.size() > 1 || modes.contains(Mode.All)) {
      throw refused("All", "one load measures all there is; give one mode, for the score");
    }
    Mode mode = modes.iterator().next();
    switch (mode) {
      case SampleTime ->
          throw refused(
              "SampleTime",
              "every time is a sample here; say which percentile is the score, as in -metric"
                  + " ttft·p99");
      case SingleShotTime ->
          throw refused(
              "SingleShotTime", "a server under load has no single shot; give avgt or thrpt");
      default -> {
        if (chosen.isEmpty()) {
          chosen.add(
              ScoreUnits.metric(mode == Mode.Throughput ? "outputTokensPerSecond" : "ttft·p50"));
        } else if (of(chosen.iterator().next()) != mode) {
          throw refused(
              mode.shortLabel(),
              "-metric "
                  + chosen.iterator().next().label()
                  + " is of the other kind; leave -bm out");
        }
      }
    }
  }

  private static IllegalArgumentException refused(String mode, String remedy) {
    return new IllegalArgumentException("-bm " + mode + ": " + remedy);
  }
}
