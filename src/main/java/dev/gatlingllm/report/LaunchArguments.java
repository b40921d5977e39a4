package dev.gatlingllm.report;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The arguments that Gatling was launched with. Build plugins pass them in a file on the class
 * path; otherwise they are on the command line.
 *
 * @param words the arguments in order; a value with spaces may be several of them
 */
public record LaunchArguments(List<String> words) {

  private static final String ARGUMENTS_FILE = "META-INF/args.txt";

  /** Returns the arguments of this process; empty if they cannot be read. */
  public static LaunchArguments ofThisProcess() {
    return new LaunchArguments(
        argumentsFile()
            .orElseGet(() -> List.of(System.getProperty("sun.java.command", "").split(" "))));
  }

  private static Optional<List<String>> argumentsFile() {
    try (InputStream file =
        LaunchArguments.class.getClassLoader().getResourceAsStream(ARGUMENTS_FILE)) {
      return Optional.ofNullable(file == null ? null : file.readAllBytes())
          .map(bytes -> new String(bytes, StandardCharsets.UTF_8).lines().toList());
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  public Optional<Path> resultsFolder() {
    return valueOf(Set.of("-rf", "--results-folder")).map(Path::of);
  }

  /** Returns the class name of the simulation; empty if it is not among the arguments. */
  public Optional<String> simulation() {
    return valueOf(Set.of("-s", "--simulation"));
  }

  /** Returns the name of the run's folder if Gatling was asked only for its report. */
  public Optional<String> reportsOnly() {
    return valueOf(Set.of("-ro", "--reports-only"));
  }

  private Optional<String> valueOf(Set<String> option) {
    String value =
        words.stream()
            .dropWhile(word -> !option.contains(word))
            .skip(1)
            .takeWhile(word -> !word.startsWith("-"))
            .collect(Collectors.joining(" "))
            .trim();
    return Optional.of(value).filter(text -> !text.isEmpty());
  }
}
