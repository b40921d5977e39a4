package dev.gatlingllm.gatling;

import dev.gatlingllm.report.KeptRun;
import dev.gatlingllm.report.LaunchArguments;
import dev.gatlingllm.report.StateFile;
import dev.gatlingllm.report.TokensPage;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Handles a process that Gatling started only to write the report of an earlier run. No simulation
 * is built then, and everything known about the run is in its folder.
 */
final class ReportsOnly {

  private ReportsOnly() {}

  /** Prepares such a process for the Tokens tab, before Gatling writes the report. */
  static void prepare() {
    LaunchArguments arguments = LaunchArguments.ofThisProcess();
    arguments
        .reportsOnly()
        .flatMap(run -> arguments.resultsFolder().map(results -> results.resolve(run)))
        .ifPresent(
            folder -> {
              clearAssets(folder);
              Runtime.getRuntime().addShutdownHook(new Thread(() -> addTab(folder)));
            });
  }

  /** Runs when the log is closed. */
  private static void addTab(Path folder) {
    try {
      TokensTab.escapeNames(folder);
      Optional<KeptRun> run = KeptRun.in(folder);
      if (run.isPresent()) {
        System.out.println(TokensTab.addTo(folder, new TokensPage(run.get().report())));
      } else {
        System.err.println(
            "The report has no Tokens tab: %s is missing in %s"
                .formatted(StateFile.FILE_NAME, folder));
      }
    } catch (IOException problem) {
      System.err.println("The report has no Tokens tab: " + problem.getMessage());
    }
  }

  /**
   * Removes our scripts and styles from the earlier report. Where they come from a folder of
   * classes instead of a jar, Gatling fails because it does not overwrite existing files.
   */
  private static void clearAssets(Path folder) {
    for (String kind : new String[] {"js", "style"}) {
      Path assets = folder.resolve(kind);
      if (Files.isDirectory(assets)) {
        try (DirectoryStream<Path> ours = Files.newDirectoryStream(assets, "llm-*")) {
          for (Path asset : ours) {
            Files.delete(asset);
          }
        } catch (IOException problem) {
          System.err.println(
              "%s still has the scripts and styles of the earlier report: %s"
                  .formatted(assets, problem));
        }
      }
    }
  }
}
