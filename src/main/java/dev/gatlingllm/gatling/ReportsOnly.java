package dev.gatlingllm.gatling;

import dev.gatlingllm.report.KeptRun;
import dev.gatlingllm.report.LaunchArguments;
import dev.gatlingllm.report.RunReport;
import dev.gatlingllm.report.StateFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles a process that Gatling started only to write the report of an earlier run. No simulation
 * is built then, and everything known about the run is in its folder.
 */
final class ReportsOnly {

  private static final Logger LOGGER = LoggerFactory.getLogger(ReportsOnly.class);

  private ReportsOnly() {}

  private static Optional<Path> folder() {
    LaunchArguments arguments = LaunchArguments.ofThisProcess();
    return arguments
        .reportsOnly()
        .flatMap(run -> arguments.resultsFolder().map(results -> results.resolve(run)));
  }

  /** Returns the earlier run; empty in any other process, and where its folder lacks the files. */
  static Optional<RunReport> run() {
    Optional<Path> folder = folder();
    if (folder.isEmpty()) {
      return Optional.empty();
    }
    try {
      Optional<KeptRun> run = KeptRun.in(folder.get());
      if (run.isEmpty()) {
        LOGGER.warn(
            "The report has no Tokens tab: {} is missing in {}", StateFile.FILE_NAME, folder.get());
      }
      return run.map(KeptRun::report);
    } catch (IOException problem) {
      LOGGER.error("The report has no Tokens tab: {}", problem.getMessage());
      return Optional.empty();
    }
  }

  /**
   * Removes our scripts and styles from the earlier report. Where they come from a folder of
   * classes instead of a jar, Gatling fails because it does not overwrite existing files.
   */
  static void clearAssets() {
    folder().ifPresent(ReportsOnly::clearAssets);
  }

  private static void clearAssets(Path folder) {
    for (String kind : new String[] {"js", "style"}) {
      Path assets = folder.resolve(kind);
      if (Files.isDirectory(assets)) {
        try (DirectoryStream<Path> ours = Files.newDirectoryStream(assets, "llm-*")) {
          for (Path asset : ours) {
            Files.delete(asset);
          }
        } catch (IOException problem) {
          LOGGER.warn("{} still has the scripts and styles of the earlier report", assets, problem);
        }
      }
    }
  }
}
