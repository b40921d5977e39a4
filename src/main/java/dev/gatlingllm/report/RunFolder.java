package dev.gatlingllm.report;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the folder of the run of this process. Gatling creates it, with its {@code simulation.log},
 * before the first virtual user starts, but does not publish its name.
 */
public final class RunFolder {

  private static final Logger LOGGER = LoggerFactory.getLogger(RunFolder.class);

  private static final String LOG = "simulation.log";
  private static final Path OPEN_FILES = Path.of("/proc/self/fd");
  private static final Pattern RUN_ID = Pattern.compile(".+-\\d{17}");

  private RunFolder() {}

  /**
   * Returns the folder of the current run. Call it during the run, and keep the result. On Linux it
   * is the folder whose log this process holds open, which is certain even with several runs at
   * once. Elsewhere it is the simulation's newest folder in the results folder that appeared since
   * this process started, both as named on Gatling's command line.
   *
   * @return the absolute path; empty if it is unknown, as in a custom {@code main} on another
   *     system than Linux
   */
  public static Optional<Path> find() {
    try {
      Optional<Path> open = holdingOpenLog(OPEN_FILES);
      return open.isPresent()
          ? open
          : newest(
              LaunchArguments.ofThisProcess(), ManagementFactory.getRuntimeMXBean().getStartTime());
    } catch (IOException | RuntimeException problem) {
      LOGGER.warn("Cannot tell in which folder Gatling keeps this run", problem);
      return Optional.empty();
    }
  }

  static Optional<Path> holdingOpenLog(Path openFiles) throws IOException {
    if (!Files.isDirectory(openFiles)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.list(openFiles)) {
      return files
          .flatMap(RunFolder::target)
          .filter(file -> file.endsWith(LOG))
          .map(Path::getParent)
          .filter(folder -> RUN_ID.matcher(name(folder)).matches())
          .findFirst();
    }
  }

  private static Stream<Path> target(Path openFile) {
    try {
      return Stream.of(Files.readSymbolicLink(openFile));
    } catch (IOException closedMeanwhile) {
      return Stream.empty();
    }
  }

  static Optional<Path> newest(LaunchArguments arguments, long sinceEpochMillis)
      throws IOException {
    Optional<Path> results =
        arguments.resultsFolder().map(folder -> folder.toAbsolutePath().normalize());
    if (results.filter(Files::isDirectory).isEmpty()) {
      return Optional.empty();
    }
    Predicate<String> ofSimulation =
        arguments
            .simulation()
            .map(name -> Pattern.compile(Pattern.quote(folderName(name)) + "-\\d{17}"))
            .orElse(RUN_ID)
            .asMatchPredicate();
    try (Stream<Path> folders = Files.list(results.get())) {
      return folders
          .filter(folder -> ofSimulation.test(name(folder)))
          .filter(folder -> startedSince(folder, sinceEpochMillis))
          .max(Comparator.comparing(RunFolder::timestamp));
    }
  }

  private static boolean startedSince(Path folder, long epochMillis) {
    try {
      Path log = folder.resolve(LOG);
      return Files.exists(log) && Files.getLastModifiedTime(log).toMillis() >= epochMillis;
    } catch (IOException goneMeanwhile) {
      return false;
    }
  }

  /** Derives a folder's name from the simulation's, as Gatling does. */
  private static String folderName(String simulation) {
    String simple = simulation.substring(simulation.lastIndexOf('.') + 1);
    return Normalizer.normalize(simple, Normalizer.Form.NFD)
        .toLowerCase(Locale.ROOT)
        .replaceAll("\\p{InCombiningDiacriticalMarks}+", "-")
        .replaceAll("[^a-z0-9\\-]", "-");
  }

  private static String timestamp(Path folder) {
    String name = name(folder);
    return name.substring(name.length() - 17);
  }

  private static String name(Path folder) {
    return String.valueOf(folder.getFileName());
  }
}
