package dev.gatlingllm.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatlingllm.report.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Defaults;

/**
 * The result file, in one of JMH's formats. It is replaced as a whole, so that it can be read at
 * any time and keeps its content if writing fails.
 */
record ResultFile(Path file, ResultFormatType format) {

  /** Returns the file of {@code -rf} and {@code -rff}; empty if neither is given. */
  static Optional<ResultFile> of(BenchOptions options) {
    ResultFormatType format = options.resultFormat;
    Path file = options.resultFile;
    if (file == null) {
      return Optional.ofNullable(format)
          .map(
              chosen -> {
                String ending = chosen.name().toLowerCase(Locale.ROOT);
                return new ResultFile(Path.of(Defaults.RESULT_FILE_PREFIX + "." + ending), chosen);
              });
    }
    return Optional.of(new ResultFile(file, format != null ? format : byName(file.toString())));
  }

  private static ResultFormatType byName(String name) {
    return name.endsWith(".json")
        ? ResultFormatType.JSON
        : name.endsWith(".txt") ? ResultFormatType.TEXT : Defaults.RESULT_FORMAT;
  }

  /**
   * Checks before the first fork that the file can be written.
   *
   * @throws IllegalArgumentException if it cannot be written
   */
  void check() {
    AtomicFile.check("-rff must be a file that can be written", file, file);
  }

  /** Returns a file beside it with the same name but another ending. */
  Path beside(String ending) {
    String name = file.getFileName().toString().replaceFirst("\\.[^.]*$", "");
    return file.resolveSibling(name + ending);
  }

  void write(Results results) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    AtomicFile.write(
        file.toAbsolutePath(), out -> out.write(results.format(format).getBytes(UTF_8)));
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
