package dev.gatlingllm.report;

import dev.gatlingllm.text.IoProblems;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** Replaces files atomically: readers see the old or the new file, even if two processes write. */
public final class AtomicFile {

  private AtomicFile() {}

  /** The content of a file. */
  public interface Content {

    /** Writes it; may close the stream. */
    void writeTo(OutputStream file) throws IOException;
  }

  /**
   * Checks that a file can be written, and creates its folder.
   *
   * @param requirement for the message, such as {@code -rff must be a file that can be written}
   * @throws IllegalArgumentException if they cannot
   */
  public static void check(String requirement, Path got, Path file) {
    try {
      if (Files.isDirectory(file)) {
        throw new IOException("it is a folder");
      }
      Path folder = Files.createDirectories(file.toAbsolutePath().getParent());
      Files.delete(Files.createTempFile(folder, ".", ".part"));
    } catch (IOException e) {
      throw new IllegalArgumentException(
          requirement + ", got " + got + " (" + IoProblems.reason(e) + ")", e);
    }
  }

  /**
   * Writes a text in UTF-8.
   *
   * @throws IOException if the file cannot be written; an earlier one is left as it was
   */
  public static void write(Path file, String text) throws IOException {
    write(file, stream -> stream.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * Writes a temporary file in the same folder and moves it over the target.
   *
   * @throws IOException if the file cannot be written; an earlier one is left as it was
   */
  public static void write(Path file, Content content) throws IOException {
    // not Files.createTempFile, which ignores the umask: its files are their owner's alone
    Path beside = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID() + ".part");
    try {
      try (OutputStream stream =
          Files.newOutputStream(beside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        content.writeTo(stream);
      }
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
