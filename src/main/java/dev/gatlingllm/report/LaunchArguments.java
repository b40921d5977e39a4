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
 * The arguments that Gatling was launched with. Build plugins hand them over in a file on the class
 * path; else they stand on the command line.
 *
 * @param words the arguments in order; a value with spaces may be several of them
 */
public record LaunchArguments(List<String> words) {

  private static final String ARGUMENTS_FILE = "META-INF/args.txt";

  /** The arguments of this process; none where they cannot be read. */
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

  /** Class name of the simulation; empty where it was not among the arguments. */
  public Optional<String> simulation() {
    return valueOf(Set.of("-s", "--simulation"));
  }

  /** Name of the run's folder where Gatling was asked for no more than its report. */
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
