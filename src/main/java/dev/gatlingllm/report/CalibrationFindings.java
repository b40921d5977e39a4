package dev.gatlingllm.report;

import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.RunSummary;
import dev.gatlingllm.metrics.ScopeSummary.Second;
import dev.gatlingllm.metrics.Summary;
import java.util.List;
import java.util.Optional;

/** Checks whether a run exceeded the load for which the load generator was calibrated. */
final class CalibrationFindings {

  /** Loads up to this factor above the calibration pass. */
  private static final double TOLERANCE = 1.05;

  private CalibrationFindings() {}

  static List<Finding> of(Optional<Calibration> calibration, RunSummary run) {
    return calibration.flatMap(known -> of(known, run)).stream().toList();
  }

  private static Optional<Finding> of(Calibration known, RunSummary run) {
    double streams = 0;
    double tokens = 0;
    List<Second> steps = run.overall().timeline();
    double stepSeconds = steps.size() > 1 ? steps.get(1).second() - steps.get(0).second() : 1;
    for (Second step : steps) {
      if (step.second() >= 0) {
        streams = Math.max(streams, step.activeStreams());
        tokens = Math.max(tokens, step.outputTokens() / stepSeconds);
      }
    }
    double events = tokens / tokensPerEvent(run);
    if (streams <= known.streams() * TOLERANCE && events <= known.tokensPerSecond() * TOLERANCE) {
      return Optional.empty();
    }
    return Optional.of(
        Finding.warning(
            "client-uncalibrated",
            "This run had up to %,.0f open streams and %,.0f events per second. Its load generator"
                + " was calibrated up to %,d streams and %,.0f events per second, where 99 %% of"
                + " times were within %.3g ms of the true value. Here the error may be larger. Use"
                + " several load generators, or calibrate for a larger load.",
            streams,
            events,
            known.streams(),
            known.tokensPerSecond(),
            known.withinMillis()));
  }

  /** Returns the mean number of tokens in a chunk, and so in an event; 1 if unknown. */
  private static double tokensPerEvent(RunSummary run) {
    Summary tokens = run.overall().metrics().get(Figure.TOKENS_PER_CHUNK);
    return tokens == null ? 1 : Math.max(1, tokens.mean());
  }
}
