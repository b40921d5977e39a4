package dev.gatlingllm.gatling;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The classes of this library as files in a folder, as a build of the library has them. The JVM
 * opens such a file when the class is first used, and remembers for ever that it could not: a
 * process without free file descriptors would lose the code that reports the failures. Classes in a
 * jar need no care, as the jar stays open.
 */
final class LibraryClasses {

  private static final Logger LOGGER = LoggerFactory.getLogger(LibraryClasses.class);
  private static final String SUFFIX = ".class";

  private LibraryClasses() {}

  /** Loads all of them, which takes some 100 ms; does nothing for a jar. */
  static void load() {
    try {
      Path root =
          Path.of(LibraryClasses.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      if (Files.isDirectory(root)) {
        load(root);
      }
    } catch (IOException | URISyntaxException | RuntimeException problem) {
      LOGGER.warn("Classes are not loaded before the load", problem);
    }
  }

  private static void load(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root.resolve("dev/gatlingllm"))) {
      files
          .map(file -> root.relativize(file).toString())
          .filter(file -> file.endsWith(SUFFIX))
          .map(file -> file.substring(0, file.length() - SUFFIX.length()).replace('\\', '/'))
          .forEach(name -> load(name.replace('/', '.')));
    }
  }

  private static void load(String name) {
    try {
      Class.forName(name, false, LibraryClasses.class.getClassLoader());
    } catch (ClassNotFoundException | LinkageError withoutItsLibrary) {
      LOGGER.debug("{} is not loaded", name, withoutItsLibrary);
    }
  }
}
