package dev.gatlingllm.report.runs;

import dev.gatlingllm.report.StateFile;
import dev.gatlingllm.text.IoProblems;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/**
 * Finds the folders of runs that a command's arguments name: each argument is the folder of a run,
 * a folder with runs below it, or a pattern of such folders, such as {@code runs/*}. Patterns are
 * expanded here because Maven passes arguments on without a shell, and because the runs may not be
 * there yet when the command starts.
 */
final class RunFolders {

  /** Runs are found up to this number of levels below a folder. */
  private static final int MAX_DEPTH = 4;

  /** The fixed beginning of a pattern, up to the last slash before its first wildcard. */
  private static final Pattern PATTERN = Pattern.compile("((?:[^*?\\[{]*/)?)[^/]*[*?\\[{].*");

  private RunFolders() {}

  /**
   * Returns the folders, also one that is named and has no run in it. A shell that expands {@code
   * runs/*} names the list of runs in it, too: files of its name are left out.
   *
   * @throws IOException if a folder cannot be read
   * @throws IllegalArgumentException for an empty word or an invalid pattern
   */
  static List<Path> find(List<String> arguments) throws IOException {
    List<Path> found = new ArrayList<>();
    for (String argument : arguments) {
      for (Path folder : named(argument)) {
        List<Path> below = isRun(folder) ? List.of() : below(folder, MAX_DEPTH, RunFolders::isRun);
        found.addAll(below);
        if (below.isEmpty() && !isListOfRuns(folder)) {
          found.add(folder);
        }
      }
    }
    return found;
  }

  private static List<Path> named(String word) throws IOException {
    if (word.isBlank()) {
      throw new IllegalArgumentException(
          "RUNS must be folders or patterns of folders, got an empty word");
    }
    String argument = word.replaceAll("(?<=.)/+$", "");
    Matcher pattern = PATTERN.matcher(argument);
    if (!pattern.matches() || Files.exists(Path.of(argument))) {
      return List.of(Path.of(argument));
    }
    String base = pattern.group(1);
    PathMatcher matcher = matcher(argument);
    int levels = argument.substring(base.length()).split("/").length;
    return below(Path.of(base), argument.contains("**") ? MAX_DEPTH : levels, matcher::matches);
  }

  private static PathMatcher matcher(String pattern) {
    try {
      return FileSystems.getDefault().getPathMatcher("glob:" + pattern);
    } catch (PatternSyntaxException invalid) {
      throw new IllegalArgumentException(
          "RUNS must be folders or patterns such as 'runs/*', got %s: %s"
              .formatted(pattern, invalid.getDescription()),
          invalid);
    }
  }

  private static boolean isRun(Path folder) {
    return Files.exists(folder.resolve(StateFile.FILE_NAME));
  }

  private static boolean isListOfRuns(Path file) {
    return file.endsWith(RunsIndex.FILE_NAME) && Files.isRegularFile(file);
  }

  /** Returns the wanted folders below a folder, sorted by name, and none below a wanted one. */
  private static List<Path> below(Path folder, int depth, Predicate<Path> isWanted)
      throws IOException {
    List<Path> found = new ArrayList<>();
    for (Path child : children(folder)) {
      if (isWanted.test(child)) {
        found.add(child);
      } else if (depth > 1) {
        found.addAll(below(child, depth - 1, isWanted));
      }
    }
    return found;
  }

  /** Returns the folders in a folder without hidden ones: a merge writes into one until its end. */
  private static List<Path> children(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(Files::isDirectory)
          .filter(child -> !child.getFileName().toString().startsWith("."))
          .sorted()
          .toList();
    } catch (NoSuchFileException goneMeanwhile) {
      return List.of();
    } catch (AccessDeniedException denied) {
      throw new IOException(folder + " cannot be read: " + IoProblems.reason(denied), denied);
    }
  }
}
