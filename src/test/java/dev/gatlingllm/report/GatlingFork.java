package dev.gatlingllm.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.benchmarks.ShortRun;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A real run of Gatling in a JVM of its own, with its real report.
 *
 * @param folder the run's folder, as it lies on disk
 * @param foundFolder the run's folder, as {@link RunFolder} found it during the run
 * @param console what Gatling printed
 */
record GatlingFork(Path folder, String foundFolder, String console) {

  static GatlingFork run(Path work, String sample) throws IOException, InterruptedException {
    Path results = work.resolve("results of " + sample);
    Path foundFolder = work.resolve(sample + ".folder");
    Path console = work.resolve(sample + ".log");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", highchartsFirst(), "-Xmx256m"));
    command.addAll(ShortRun.OPTIONS);
    command.add("--add-opens=java.base/java.lang=ALL-UNNAMED");
    command.add("-Dgatling.data.enableAnalytics=false");
    // Gatling's look for a newer release goes nowhere
    command.addAll(List.of("-Dhttps.proxyHost=127.0.0.1", "-Dhttps.proxyPort=9"));
    command.add("-D" + ReportSimulation.SAMPLE + "=" + sample);
    command.add("-D" + ReportSimulation.FOUND_FOLDER + "=" + foundFolder);
    command.add("io.gatling.app.Gatling");
    command.addAll(List.of("-s", ReportSimulation.class.getName(), "-rf", results.toString()));
    int status =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(console.toFile())
            .start()
            .waitFor();
    assertThat(status).as(Files.readString(console)).isZero();
    try (Stream<Path> folders = Files.list(results)) {
      return new GatlingFork(
          folders.findFirst().orElseThrow(),
          Files.readString(foundFolder),
          Files.readString(console));
    }
  }

  /**
   * Returns this class path in the order of projects that declare Gatling's charts before this
   * library, as Gatling's own demo project and its Gradle plugin do.
   */
  private static String highchartsFirst() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .sorted(Comparator.comparing(entry -> !entry.contains("gatling-charts-highcharts")))
        .collect(Collectors.joining(File.pathSeparator));
  }

  String index() throws IOException {
    return Files.readString(folder.resolve("index.html"));
  }

  /** The pages of the requests or groups whose title is a name, outermost group first. */
  String page(String title) throws IOException {
    try (Stream<Path> pages = Files.list(folder)) {
      for (Path page : pages.filter(file -> file.toString().endsWith(".html")).toList()) {
        String html = Files.readString(page);
        if (html.contains("<title>Gatling Stats - " + title + "</title>")) {
          return html;
        }
      }
    }
    throw new AssertionError("no page titled " + title);
  }
}
