package dev.gatlingllm.report;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Replaces files atomically: readers see the old or the new file, even if two processes write. */
public final class AtomicFile {

  private AtomicFile() {}

  /** The content of a file. */
  public interface Content {

    /** Writes it; may close the stream. */
    void writeTo(OutputStream file) throws IOException;
  }

  /**
   * Writes a temporary file in the same folder and moves it over the target.
   *
   * @throws IOException if the file cannot be written; an earlier one is left as it was
   */
  public static void write(Path file, Content content) throws IOException {
    Path beside = Files.createTempFile(file.getParent(), "." + file.getFileName(), ".part");
    try {
      try (OutputStream stream = Files.newOutputStream(beside)) {
        content.writeTo(stream);
      }
      // temporary files are readable by their owner only, but a report is for all users
      beside.toFile().setReadable(true, false);
      move(beside, file);
    } finally {
      Files.deleteIfExists(beside);
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException notHere) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
