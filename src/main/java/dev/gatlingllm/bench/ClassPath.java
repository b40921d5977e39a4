package dev.gatlingllm.bench;

import java.io.File;
import java.net.URI;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The class path of this process, for finding benchmarks and starting forks. */
final class ClassPath {

  private ClassPath() {}

  /** Its entries; Maven's exec plugin keeps them in a class loader instead of the property. */
  static List<Path> entries() {
    return ClassPath.class.getClassLoader() instanceof URLClassLoader loader
        ? Stream.of(loader.getURLs()).map(url -> Path.of(URI.create(url.toString()))).toList()
        : Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !entry.isEmpty())
            .map(Path::of)
            .toList();
  }

  /** As a command line takes it. */
  static String text() {
    return String.join(File.pathSeparator, entries().stream().map(Path::toString).toList());
  }
}
