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
 * A file of which single entries are read by their places. It stays open until the process ends, as
 * the run does. Any thread may read, but no event loop: it waits for the disk.
 */
final class EntryFile {

  /** A longer entry is one in which a quote or a bracket is missing. */
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
          "there is no such file; give the path of a ShareGPT, messages or Mooncake file");
    }
    return new EntryFile(path, FileChannel.open(path, StandardOpenOption.READ));
  }

  Path path() {
    return path;
  }

  /**
   * The entry at a place.
   *
   * @throws BrokenEntryException if it is not one whole JSON object
   * @throws IOException if the file cannot be read
   */
  JsonNode read(Place place) throws IOException, BrokenEntryException {
    if (place.length() > MAX_ENTRY_BYTES) {
      throw new BrokenEntryException(
          "it is longer than 64 MiB; a quote or a bracket seems to be missing");
    }
    byte[] bytes = bytes(place.offset(), (int) place.length());
    JsonNode entry;
    try {
      entry = JSON.readTree(bytes);
    } catch (JsonProcessingException e) {
      // the parser's own words quote the text
      long column = e.getLocation() == null ? 0 : e.getLocation().getByteOffset();
      throw new BrokenEntryException(
          "it is no valid JSON" + (column > 0 ? ", from its byte " + column + " on" : ""));
    } catch (IOException e) {
      throw new BrokenEntryException("it is no valid UTF-8");
    }
    if (!entry.isObject()) {
      throw new BrokenEntryException("it is no JSON object");
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
}
