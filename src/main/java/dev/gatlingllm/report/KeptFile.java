package dev.gatlingllm.report;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gatlingllm.text.IoProblems;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Reads files of earlier runs. Such a file may be damaged, or may come from somebody else, so that
 * anything can be in it. Every failure to make sense of it ends as an exception that names it.
 */
public final class KeptFile {

  /**
   * Longer files, after decompression, are rejected: four times what a run of hours with a thousand
   * request names has.
   */
  static final int MAX_BYTES = 64 << 20;

  private KeptFile() {}

  /** What reads a file. */
  @FunctionalInterface
  public interface Reading<T> {

    /** Returns what the file holds. */
    T read() throws IOException;
  }

  /** Returns whether there is a file that can be opened: a pipe would block for ever. */
  public static boolean exists(Path file) {
    return Files.isRegularFile(file);
  }

  /**
   * Returns what a file holds.
   *
   * @param file to name in messages
   * @param reading may fail in any way, also for lack of memory
   * @throws IOException if the file cannot be read; the message names it and says why
   */
  public static <T> T read(Path file, Reading<T> reading) throws IOException {
    try {
      return reading.read();
    } catch (UnusableFileException known) {
      throw known;
    } catch (IOException | RuntimeException | OutOfMemoryError | StackOverflowError problem) {
      throw new UnusableFileException(
          file,
          reason(problem) + ". Copy it from the load generator again, or leave this run out",
          problem);
    }
  }

  /** Returns the problem with a file that only another version of gatling-llm can read. */
  static IOException ofOtherVersion(Path file, String version, String readable) {
    String reason =
        "it has the schema '%s', but this version of gatling-llm reads %s. Use the version that"
            + " wrote it";
    return new UnusableFileException(file, reason.formatted(version, readable), null);
  }

  /**
   * Returns the content of a file of JSON.
   *
   * @throws IOException if the file cannot be read; the message names it and says why
   */
  public static JsonNode readJson(Path file) throws IOException {
    return read(file, () -> Json.FILES.readTree(readText(file)));
  }

  /**
   * Returns the content of a file of text; what is no UTF-8 is replaced.
   *
   * @throws IOException if the file cannot be read or is too long
   */
  public static String readText(Path file) throws IOException {
    if (Files.size(file) > MAX_BYTES) {
      throw new IOException("%s has more than %,d bytes".formatted(file, MAX_BYTES));
    }
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }

  private static String reason(Throwable problem) {
    if (problem instanceof OutOfMemoryError) {
      return "it needs more memory than there is";
    }
    return problem instanceof JacksonException json
        ? json.getOriginalMessage()
        : IoProblems.reason(problem);
  }

  private static final class UnusableFileException extends IOException {

    private static final long serialVersionUID = 1L;

    UnusableFileException(Path file, String reason, @Nullable Throwable cause) {
      super("%s cannot be read: %s".formatted(file, reason), cause);
    }
  }
}
