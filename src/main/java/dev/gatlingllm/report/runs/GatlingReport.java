package dev.gatlingllm.report.runs;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Has Gatling write the report of a folder with a log, in a process of its own. */
final class GatlingReport {

  private GatlingReport() {}

  /**
   * Waits until the report is written.
   *
   * @throws IOException if Gatling fails; the message holds what it said last
   */
  static void write(Path folder) throws IOException, InterruptedException {
    Path results = folder.toAbsolutePath().normalize().getParent();
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            // Gatling reads its log by way of String's internals
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "-cp",
            classPath(),
            "io.gatling.app.Gatling",
            "-ro",
            folder.getFileName().toString(),
            "-rf",
            results.toString());
    Path output = Files.createTempFile("gatling-report", ".log");
    try {
      Process gatling =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (gatling.waitFor() != 0) {
        throw new IOException("Gatling could not write the report: " + lastOf(output));
      }
    } finally {
      Files.deleteIfExists(output);
    }
  }

  private static String lastOf(Path output) throws IOException {
    List<String> lines = Files.readAllLines(output);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
  }

  /** Ours; Maven's exec plugin keeps it in a class loader instead of the property. */
  private static String classPath() {
    return GatlingReport.class.getClassLoader() instanceof URLClassLoader loader
        ? Stream.of(loader.getURLs())
            .map(url -> Path.of(URI.create(url.toString())).toString())
            .collect(Collectors.joining(File.pathSeparator))
        : System.getProperty("java.class.path");
  }
}
