package dev.gatlingllm.workload;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Opens data files as people have them: plain or compressed with gzip. */
public final class DataFile {

  private static final byte[] GZIP = {0x1f, (byte) 0x8b};
  private static final byte[] PARQUET = {'P', 'A', 'R', '1'};
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private DataFile() {}

  /**
   * Returns the text of a file in UTF-8, without a byte order mark.
   *
   * @throws IOException if the file cannot be read
   */
  static String text(Path file) throws IOException {
    String text = Files.readString(plain(file), StandardCharsets.UTF_8);
    return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
  }

  /**
   * Returns the file, or a temporary copy that is not compressed. The copy is deleted when the
   * process ends.
   *
   * @throws IllegalArgumentException for a Parquet file
   * @throws IOException if the file cannot be read
   */
  public static Path plain(Path file) throws IOException {
    byte[] start;
    try (InputStream in = Files.newInputStream(file)) {
      start = in.readNBytes(PARQUET.length);
    }
    if (Arrays.equals(start, PARQUET)) {
      throw new IllegalArgumentException(
          "Parquet is not supported; write the rows as JSON lines, for example with pandas'"
              + " to_json(orient=\"records\", lines=True)");
    }
    if (!Arrays.equals(Arrays.copyOf(start, GZIP.length), GZIP)) {
      return file;
    }
    Path copy = Files.createTempFile("gatling-llm-", ".unpacked");
    copy.toFile().deleteOnExit();
    try (InputStream unpacked = new GZIPInputStream(Files.newInputStream(file))) {
      Files.copy(unpacked, copy, StandardCopyOption.REPLACE_EXISTING);
    } catch (ZipException | EOFException e) {
      throw new IllegalArgumentException(
          "its gzip data is invalid (" + e.getMessage() + "); the file may be truncated", e);
    }
    return copy;
  }
}
