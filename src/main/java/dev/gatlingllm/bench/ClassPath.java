package dev.gatlingllm.bench;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The class path of this process, for finding benchmarks and starting other processes with it. */
public final class ClassPath {

  /** System property: the configuration of Logback. */
  public static final String LOGGING = "logback.configurationFile";

  private static @Nullable String argument;

  private ClassPath() {}

  /** Returns its entries; Maven's exec plugin has them in a class loader, not in the property. */
  public static List<Path> entries() {
    return ClassPath.class.getClassLoader() instanceof URLClassLoader loader
        ? Stream.of(loader.getURLs()).map(url -> Path.of(URI.create(url.toString()))).toList()
        : Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !entry.isEmpty())
            .map(Path::of)
            .toList();
  }

  /**
   * Returns an argument that gives {@code java} the {@link #options}. It names a file, because the
   * class path can be longer than a command line may be. The file is deleted when this process
   * exits.
   *
   * @throws UncheckedIOException if the file cannot be written
   */
  public static synchronized String asArgument() {
    if (argument == null) {
      try {
        Path file = Files.createTempFile("gatling-llm", ".args");
        file.toFile().deleteOnExit();
        argument = ArgumentFile.write(file, options());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return argument;
  }

  /** Returns options of {@code java} for a process with this class path and logging. */
  static List<String> options() {
    List<String> options = new ArrayList<>(List.of("-cp", text()));
    options.addAll(logging(System.getProperty(LOGGING), ClassPath.class.getClassLoader()));
    return options;
  }

  /** Without a configuration on the class path, Logback would print a line for each read. */
  static List<String> logging(@Nullable String file, ClassLoader classes) {
    boolean isConfigured =
        Stream.of("logback-test.xml", "logback.xml")
            .anyMatch(name -> classes.getResource(name) != null);
    return file == null || isConfigured ? List.of() : List.of("-D" + LOGGING + "=" + file);
  }

  /** Returns it as the value of {@code java -cp}. */
  static String text() {
    return entries().stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }
}
