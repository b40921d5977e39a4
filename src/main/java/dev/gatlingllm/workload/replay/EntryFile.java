package dev.gatlingllm.workload.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file whose entries are read by their locations. It stays open until the process ends. Any
 * thread may read, but no event loop: reading waits for the disk.
 */
final class EntryFile {

  /** A longer entry has a missing quote or bracket. */
  private static final long MAX_ENTRY_BYTES = 64L << 20;

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final Path path;
  private final FileChannel channel;

  private EntryFile(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  static EntryFile open(Path path) throws IOException {
    if (!Files.isRegularFile(path)) {
      throw new IllegalArgumentException(
          "file not found; give the path of a ShareGPT, messages or Mooncake file");
    }
    return new EntryFile(path, FileChannel.open(path, StandardOpenOption.READ));
  }

  Path path() {
    return path;
  }

  /**
   * Reads an entry.
   *
   * @throws BrokenEntryException if it is not a JSON object
   * @throws IOException if the file cannot be read
   */
  JsonNode read(Location location) throws IOException, BrokenEntryException {
    if (location.length() > MAX_ENTRY_BYTES) {
      throw new BrokenEntryException(
          "it is longer than 64 MiB; probably a quote or a bracket is missing");
    }
    byte[] bytes = bytes(location.offset(), (int) location.length());
    JsonNode entry;
    try {
      entry = JSON.readTree(bytes);
    } catch (JsonProcessingException e) {
      // the parser's message quotes the text
      long column = e.getLocation() == null ? 0 : e.getLocation().getByteOffset();
      throw new BrokenEntryException(
          "it is not valid JSON" + (column > 0 ? " from its byte " + column + " on" : ""));
    } catch (IOException e) {
      throw new BrokenEntryException("it is not valid UTF-8");
    }
    if (!entry.isObject()) {
      throw new BrokenEntryException("it must be a JSON object");
    }
    return entry;
  }

  private byte[] bytes(long offset, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, offset + buffer.position()) < 0) {
        throw new EOFException("the file has become shorter since the run began");
      }
    }
    return buffer.array();
  }

  /**
   * Returns the value of a field.
   *
   * @throws BrokenEntryException unless it is a whole number of at least {@code min}
   */
  static int wholeNumber(JsonNode entry, String field, int min) throws BrokenEntryException {
    JsonNode value = entry.path(field);
    if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < min) {
      throw new BrokenEntryException("\"" + field + "\" must be a whole number of at least " + min);
    }
    return value.intValue();
  }

  /**
   * Where an entry is in its file.
   *
   * @param inLines whether entries are lines, or elements of one array
   * @param number of the line or the element, from 1
   * @param offset of its first byte, from 0
   * @param length in bytes
   */
  record Location(boolean inLines, int number, long offset, long length) {

    /** Returns the location as in error messages. */
    @Override
    public String toString() {
      return inLines ? "line " + number : "entry " + number + " (at byte " + offset + ")";
    }
  }
}
