package dev.gatlingllm.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds the benchmarks on a class path: every public class that is not abstract and whose
 * superclasses include {@link LlmBenchmark}. Reads class files without loading the classes.
 */
final class BenchmarkFinder {

  private static final String BENCHMARK = LlmBenchmark.class.getName().replace('.', '/');

  private final Map<String, ClassHeader> seen = new HashMap<>();

  private BenchmarkFinder() {}

  /**
   * Returns the names of the benchmarks, sorted.
   *
   * @param classPath folders and jars; entries that do not exist are ignored, as Java does
   * @throws IOException if an entry cannot be read
   */
  static List<String> on(List<Path> classPath) throws IOException {
    BenchmarkFinder finder = new BenchmarkFinder();
    for (Path entry : classPath) {
      if (Files.isDirectory(entry)) {
        finder.readClasses(entry);
      } else if (Files.isRegularFile(entry)) {
        try (FileSystem jar = FileSystems.newFileSystem(entry)) {
          finder.readClasses(jar.getPath("/"));
        }
      }
    }
    return finder.seen.values().stream()
        .filter(ClassHeader::isConcrete)
        .filter(finder::isBenchmark)
        .map(header -> header.name().replace('/', '.'))
        .sorted()
        .toList();
  }

  /**
   * Returns the names that contain a match of one of the patterns, or all if there are no patterns,
   * without those that contain a match of an excluded one.
   */
  static List<String> chosen(List<String> names, List<Pattern> wanted, List<Pattern> unwanted) {
    return names.stream()
        .filter(name -> wanted.isEmpty() || anyIn(name, wanted))
        .filter(name -> !anyIn(name, unwanted))
        .toList();
  }

  private static boolean anyIn(String name, List<Pattern> patterns) {
    return patterns.stream().anyMatch(pattern -> pattern.matcher(name).find());
  }

  private boolean isBenchmark(ClassHeader header) {
    String name = header.superName();
    while (name != null && !name.equals(BENCHMARK)) {
      ClassHeader next = seen.get(name);
      name = next == null ? null : next.superName();
    }
    return name != null;
  }

  private void readClasses(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(BenchmarkFinder::isClass).toList()) {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
          ClassHeader header = ClassHeader.read(in);
          seen.putIfAbsent(header.name(), header);
        }
      }
    }
  }

  private static boolean isClass(Path file) {
    String path = file.toString();
    return path.endsWith(".class")
        && !path.contains("META-INF")
        && !path.endsWith("module-info.class");
  }
}
