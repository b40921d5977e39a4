package dev.gatlingllm.report;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.RunSummary;
import dev.gatlingllm.metrics.ScopeSummary.Second;
import dev.gatlingllm.metrics.Summary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The load up to which this machine measures within a given error. Stored in {@code
 * gatling-llm/calibration.json} in the user's configuration folder: {@code $XDG_CONFIG_HOME}, or
 * {@code ~/.config}. Immutable.
 *
 * @param processor model of the processor
 * @param processors how many of them
 * @param withinMillis 99 % of times were off by no more, in ms
 * @param streams open at once
 * @param tokensPerSecond that arrived then, each in an event of its own
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Calibration(
    String processor, int processors, double withinMillis, int streams, double tokensPerSecond) {

  /** Loads up to this factor above the calibration pass. */
  private static final double TOLERANCE = 1.05;

  private static final Path CPUS = Path.of("/proc/cpuinfo");

  /** Returns the file of the calibration of this user's machine. */
  public static Path file() {
    String configuration = System.getenv("XDG_CONFIG_HOME");
    Path folder =
        configuration == null || configuration.isBlank()
            ? Path.of(System.getProperty("user.home"), ".config")
            : Path.of(configuration);
    return folder.resolve("gatling-llm").resolve("calibration.json");
  }

  /** Returns a calibration of the machine that this process runs on. */
  public static Calibration ofThisMachine(
      double withinMillis, int streams, double tokensPerSecond) {
    return new Calibration(
        model(),
        Runtime.getRuntime().availableProcessors(),
        withinMillis,
        streams,
        tokensPerSecond);
  }

  /**
   * Stores the calibration, replacing an earlier one atomically.
   *
   * @throws IOException if the file cannot be written
   */
  public void store(Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    AtomicFile.write(file, Json.FILES.writerWithDefaultPrettyPrinter().writeValueAsString(this));
  }

  /** Reads a file; empty if it does not exist or cannot be read. */
  static Optional<Calibration> read(Path file) {
    try {
      return Files.exists(file)
          ? Optional.of(Json.FILES.readValue(file.toFile(), Calibration.class))
          : Optional.empty();
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  /** Returns the stored calibration, if it is of a machine like this one. */
  static Optional<Calibration> stored() {
    return read(file()).filter(Calibration::isOfThisMachine);
  }

  /** Returns a warning if a run exceeded the load that was calibrated. */
  Optional<Finding> check(RunSummary run) {
    double mostStreams = 0;
    double mostTokens = 0;
    List<Second> steps = run.overall().timeline();
    double stepSeconds = steps.size() > 1 ? steps.get(1).second() - steps.get(0).second() : 1;
    for (Second step : steps) {
      if (step.second() >= 0) {
        mostStreams = Math.max(mostStreams, step.activeStreams());
        mostTokens = Math.max(mostTokens, step.outputTokens() / stepSeconds);
      }
    }
    // each chunk arrives in an event of its own
    Summary chunk = run.overall().metrics().get(Figure.TOKENS_PER_CHUNK);
    double events = mostTokens / (chunk == null ? 1 : Math.max(1, chunk.mean()));
    if (mostStreams <= streams * TOLERANCE && events <= tokensPerSecond * TOLERANCE) {
      return Optional.empty();
    }
    return Optional.of(
        Finding.warning(
            "client-uncalibrated",
            "This run had up to %,.0f open stream{s} and %,.0f events per second. Its load generator"
                + " was calibrated up to %,d stream{s} and %,.0f events per second, where 99 %% of"
                + " times were within %.3g ms of the true value. Here the error may be larger. Use"
                + " several load generators, or calibrate for a larger load.",
            mostStreams,
            events,
            streams,
            tokensPerSecond,
            withinMillis));
  }

  private boolean isOfThisMachine() {
    return processors == Runtime.getRuntime().availableProcessors() && model().equals(processor);
  }

  private static String model() {
    try {
      return Files.readAllLines(CPUS).stream()
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    } catch (IOException notLinux) {
      return System.getProperty("os.arch");
    }
  }
}
