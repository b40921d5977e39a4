package dev.gatlingllm.bench;

import dev.gatlingllm.metrics.Figure.Direction;
import dev.gatlingllm.metrics.Indicator;
import java.util.Collection;
import java.util.Set;
import org.openjdk.jmh.annotations.Mode;

/**
 * The modes of JMH that apply to a load on a server. One load measures rates and times together, so
 * that a mode only selects which of them is the score: {@link Mode#Throughput} for rates and other
 * figures of which higher values are better, {@link Mode#AverageTime} for all others.
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
   * Adds a mode's default score, unless a score was chosen.
   *
   * @throws IllegalArgumentException for an unsupported mode, or one that contradicts the score
   */
  static void choose(Collection<Mode> modes, Set<Indicator> chosen) {
    if (modes.size() > 1 || modes.contains(Mode.All)) {
      throw refused("All", "one load measures everything; choose one mode, for the score");
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
              "SingleShotTime", "a server under load has no single shot; use avgt or thrpt");
      default -> {
        if (chosen.isEmpty()) {
          chosen.add(
              ScoreUnits.metric(mode == Mode.Throughput ? "outputTokensPerSecond" : "ttft·p50"));
        } else if (of(chosen.iterator().next()) != mode) {
          throw refused(
              mode.shortLabel(),
              "-metric " + chosen.iterator().next().label() + " has the other mode; leave -bm out");
        }
      }
    }
  }

  private static IllegalArgumentException refused(String mode, String remedy) {
    return new IllegalArgumentException("-bm " + mode + ": " + remedy);
  }
}
