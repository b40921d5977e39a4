package dev.gatlingllm.report;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
public record Calibration(
    String processor, int processors, double withinMillis, int streams, double tokensPerSecond) {

  private static final ObjectMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

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
   * Stores the calibration, replacing an earlier one.
   *
   * @throws IOException if the file cannot be written
   */
  public void store(Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    JSON.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), this);
  }

  /** Reads a file; empty if it does not exist or cannot be read. */
  static Optional<Calibration> read(Path file) {
    try {
      return Files.exists(file)
          ? Optional.of(JSON.readValue(file.toFile(), Calibration.class))
          : Optional.empty();
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  /** Returns the stored calibration, if it is of a machine like this one. */
  static Optional<Calibration> stored() {
    return read(file()).filter(Calibration::isOfThisMachine);
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
