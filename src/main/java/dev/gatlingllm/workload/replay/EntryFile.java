package dev.gatlingllm.workload.replay;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatlingllm.ReplayFormat;
import dev.gatlingllm.workload.CsvTrace;
import dev.gatlingllm.workload.DataFile;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A file whose entries are read by their locations. It stays open until the process ends. Any
 * thread may read, but no event loop: reading waits for the disk.
 */
final class EntryFile {

  /** A longer entry has a missing quote or bracket. */
  private static final long MAX_ENTRY_BYTES = 64L << 20;

  private static final ObjectMapper JSON =
      new ObjectMapper(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxStringLength((int) MAX_ENTRY_BYTES)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /** Longer than the header of any known trace. */
  private static final int MAX_HEADER_BYTES = 4096;

  private final Path path;
  private final FileChannel channel;
  private final Optional<CsvTrace> csv;

  /** The names of a folder's files, of which each is a line of this file; otherwise empty. */
  private final List<String> names;

  private EntryFile(Path path, List<String> names) throws IOException {
    this.path = path;
    this.names = names;
    this.channel = FileChannel.open(path, StandardOpenOption.READ);
    this.csv = CsvTrace.of(firstLine());
  }

  /**
   * Opens a file. One that is compressed with gzip is unpacked into a temporary file, and so are
   * the files of a folder, each with one JSON object, in the order of their names.
   *
   * @throws IllegalArgumentException if it does not exist or cannot be replayed
   */
  static EntryFile open(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      return ofFolder(path);
    }
    if (!Files.isRegularFile(path)) {
      throw new IllegalArgumentException(
          "file not found; give the path of a file of conversations or of a trace");
    }
    return new EntryFile(DataFile.plain(path), List.of());
  }

  private static EntryFile ofFolder(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.filter(file -> file.toString().matches(".*\\.json(\\.gz)?")).sorted().toList();
    }
    if (files.isEmpty()) {
      throw new IllegalArgumentException("the folder has no files *.json; give one of traces");
    }
    Path lines = Files.createTempFile("gatling-llm-", ".jsonl");
    lines.toFile().deleteOnExit();
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(lines))) {
      for (Path file : files) {
        byte[] json = Files.readAllBytes(DataFile.plain(file));
        if (files.size() > 1 && firstOfArray(new ByteArrayInputStream(json)) == First.OTHER) {
          throw new IllegalArgumentException(
              "%s has several conversations; a folder has one in each file: give the file itself"
                  .formatted(file.getFileName()));
        }
        for (int i = 0; i < json.length; i++) {
          // strings have no line breaks
          json[i] = json[i] == '\n' ? (byte) ' ' : json[i];
        }
        out.write(json);
        out.write('\n');
      }
    }
    return new EntryFile(lines, files.stream().map(file -> "file " + file.getFileName()).toList());
  }

  /** Returns an entry's place as in error messages. */
  String place(Location location) {
    return names.isEmpty() ? location.toString() : names.get(location.number() - 1);
  }

  private String firstLine() throws IOException {
    byte[] start = bytes(0, (int) Math.min(channel.size(), MAX_HEADER_BYTES));
    String text = new String(start, StandardCharsets.UTF_8);
    return text.replaceFirst("^\uFEFF", "").lines().findFirst().orElse("");
  }

  /** Returns an input stream that begins at the start of the file. */
  InputStream stream() throws IOException {
    return Files.newInputStream(path);
  }

  /** Returns the format that the header of a CSV file states; empty for JSON. */
  Optional<ReplayFormat> csvFormat() {
    return csv.map(CsvTrace::format);
  }

  /**
   * Returns whether the first element of an array is a message instead of a conversation, so that
   * each line of the file is the list of one conversation's messages.
   */
  boolean beginsWithMessage() throws IOException {
    return firstOfArray(stream()) == First.MESSAGE;
  }

  /** What the first element of a file is, if the file is an array. */
  private enum First {
    MESSAGE,
    OTHER,
    NO_ARRAY
  }

  private static First firstOfArray(InputStream file) throws IOException {
    try (InputStream in = file;
        JsonParser json = JSON.createParser(in)) {
      if (json.nextToken() != JsonToken.START_ARRAY) {
        return First.NO_ARRAY;
      }
      if (json.nextToken() == JsonToken.START_OBJECT) {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
          if (List.of("role", "from").contains(json.currentName())) {
            return First.MESSAGE;
          }
          json.nextToken();
          json.skipChildren();
        }
      }
      return First.OTHER;
    } catch (JsonProcessingException e) {
      // not JSON, which is reported with the place of the first broken entry
      return First.NO_ARRAY;
    }
  }

  /**
   * Reads an entry.
   *
   * @return a JSON object, a list of messages, or a row of CSV with the names of a Mooncake trace
   * @throws BrokenEntryException if it is none of these
   * @throws IOException if the file cannot be read
   */
  JsonNode read(Location location) throws IOException, BrokenEntryException {
    requireLength(location);
    byte[] bytes = bytes(location.offset(), (int) location.length());
    if (csv.isPresent()) {
      return row(csv.get(), new String(bytes, StandardCharsets.UTF_8));
    }
    JsonNode entry;
    try {
      entry = JSON.readTree(bytes);
    } catch (JsonProcessingException e) {
      // the parser's message quotes the text
      long column = e.getLocation() == null ? 0 : e.getLocation().getByteOffset();
      throw new BrokenEntryException(
          column == 0 && location.offset() == 0
              ? "it is neither JSON nor a header of CSV with " + CsvTrace.HEADERS
              : "it is not valid JSON" + (column > 0 ? " from its byte " + column + " on" : ""));
    } catch (IOException e) {
      throw new BrokenEntryException("it is not valid UTF-8");
    }
    if (!entry.isObject() && !(entry.isArray() && entry.path(0).isObject())) {
      throw new BrokenEntryException("it must be a JSON object or a list of messages");
    }
    return entry;
  }

  /**
   * Returns the JSON that a text of an entry is; a missing node for an empty text.
   *
   * @throws BrokenEntryException if it is not JSON
   */
  static JsonNode parsed(String text) throws BrokenEntryException {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException quotesTheText) {
      throw new BrokenEntryException("\"tools\" is a text that is not valid JSON");
    }
  }

  /**
   * Reads an entry of several lines.
   *
   * @return an array of their JSON objects
   */
  JsonNode readRows(Location location) throws IOException, BrokenEntryException {
    requireLength(location);
    byte[] bytes = bytes(location.offset(), (int) location.length());
    try (MappingIterator<JsonNode> lines = JSON.readerFor(JsonNode.class).readValues(bytes)) {
      return JSON.createArrayNode().addAll(lines.readAll());
    } catch (JsonProcessingException quotesTheText) {
      throw new BrokenEntryException("one of its lines is not valid JSON");
    }
  }

  private static void requireLength(Location location) throws BrokenEntryException {
    if (location.length() > MAX_ENTRY_BYTES) {
      throw new BrokenEntryException(
          "it is longer than 64 MiB; probably a quote or a bracket is missing");
    }
  }

  private static JsonNode row(CsvTrace csv, String line) throws BrokenEntryException {
    try {
      CsvTrace.Row row = csv.row(line);
      return JSON.createObjectNode()
          .put("timestamp", row.time())
          .put("input_length", row.inputTokens())
          .put("output_length", row.outputTokens());
    } catch (IllegalArgumentException e) {
      throw new BrokenEntryException(String.valueOf(e.getMessage()));
    }
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
