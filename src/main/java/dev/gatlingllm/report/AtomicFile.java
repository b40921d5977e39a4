package dev.gatlingllm.report;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes files that nobody sees half written, and that two processes may write at once. */
public final class AtomicFile {

  private AtomicFile() {}

  /** What a file is to hold. */
  public interface Content {

    /** Writes it; may close the stream. */
    void writeTo(OutputStream file) throws IOException;
  }

  /**
   * Writes a file beside its place and moves it there, over an earlier one.
   *
   * @throws IOException when it cannot be written; the earlier one is left as it was
   */
  public static void write(Path file, Content content) throws IOException {
    Path beside = Files.createTempFile(file.getParent(), "." + file.getFileName(), ".part");
    try {
      try (OutputStream stream = Files.newOutputStream(beside)) {
        content.writeTo(stream);
      }
      readableAsOthers(beside);
      move(beside, file);
    } finally {
      Files.deleteIfExists(beside);
    }
  }

  /** A temporary file is its owner's alone; a report is for whoever may read the folder. */
  private static void readableAsOthers(Path file) {
    file.toFile().setReadable(true, false);
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException notHere) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
