package dev.gatlingllm.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

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
        finder.lookThroughFolder(entry);
      } else if (Files.isRegularFile(entry)) {
        finder.lookThroughJar(entry);
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

  private void lookThroughFolder(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(path -> isClass(path.toString())).toList()) {
        try (InputStream in = Files.newInputStream(file)) {
          look(in);
        }
      }
    }
  }

  private void lookThroughJar(Path jar) throws IOException {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      List<ZipEntry> classes = new ArrayList<>();
      for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
        ZipEntry entry = all.nextElement();
        if (isClass(entry.getName())) {
          classes.add(entry);
        }
      }
      for (ZipEntry entry : classes) {
        try (InputStream in = zip.getInputStream(entry)) {
          look(in);
        }
      }
    }
  }

  private static boolean isClass(String path) {
    return path.endsWith(".class")
        && !path.contains("META-INF")
        && !path.endsWith("module-info.class");
  }

  private void look(InputStream in) throws IOException {
    ClassHeader header = ClassHeader.read(new BufferedInputStream(in));
    seen.putIfAbsent(header.name(), header);
  }
}
