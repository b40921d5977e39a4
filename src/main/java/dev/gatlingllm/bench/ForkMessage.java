package dev.gatlingllm.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A message from a fork to its runner: a line of JSON in a file that only the two know. The fork's
 * output is no place for it, because Gatling prints the server's words there. What a fork sent
 * before it was killed is not lost.
 *
 * @param line for the runner's console, or null
 * @param scores what the fork measured, its last message, or null
 */
record ForkMessage(@Nullable String line, @Nullable ForkScores scores) {

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  /** Appends this message to the file. */
  void send(Path file) throws IOException {
    Files.writeString(
        file,
        JSON.writeValueAsString(this) + "\n",
        StandardOpenOption.WRITE,
        StandardOpenOption.APPEND);
  }

  /** Reads a line of the file; empty for an invalid one. */
  static Optional<ForkMessage> read(String line) {
    try {
      return Optional.ofNullable(JSON.readValue(line, ForkMessage.class))
          .filter(message -> message.line != null || message.scores != null);
    } catch (JsonProcessingException damaged) {
      return Optional.empty();
    }
  }

  /** Reads the messages in a file while a fork appends to it. Not thread-safe. */
  static final class Reader implements Closeable {

    private final InputStream file;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    Reader(Path file) throws IOException {
      this.file = Files.newInputStream(file);
    }

    /** Returns the complete messages since the last call. */
    List<ForkMessage> next() throws IOException {
      List<ForkMessage> messages = new ArrayList<>();
      for (byte letter : file.readAllBytes()) {
        if (letter == '\n') {
          read(line.toString(StandardCharsets.US_ASCII)).ifPresent(messages::add);
          line.reset();
        } else {
          line.write(letter);
        }
      }
      return messages;
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
