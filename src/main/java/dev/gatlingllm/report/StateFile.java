package dev.gatlingllm.report;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import dev.gatlingllm.metrics.RunAccumulator;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * {@code tokens-state.json.gz}: a run in the form in which it can be said again and added to
 * others. Counts, sums and histograms, no prompt, no reply and no key. It is JSON, compressed by
 * gzip; {@link RunAccumulator} says what each field holds.
 *
 * <p>A run begins with a file that is not complete: of a run that is killed, it keeps what was run
 * and how it was measured.
 *
 * @param schema {@value #SCHEMA}
 * @param complete whether the run came to its end
 * @param run what was run
 * @param state what was measured; nothing where the file is not complete
 */
public record StateFile(String schema, boolean complete, RunInfo run, RunAccumulator state) {

  /** Name of the file in a run's folder. */
  public static final String FILE_NAME = "tokens-state.json.gz";

  static final String SCHEMA = "gatling-llm-state/2";

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .addModule(
              new SimpleModule()
                  .addSerializer(Instant.class, new InstantWriter())
                  .addDeserializer(Instant.class, new InstantReader()))
          .build();

  /**
   * Writes the file, over an earlier one; a reader sees either the one or the other.
   *
   * @param complete whether the run came to its end
   * @param folder the run's folder
   * @throws IOException when it cannot be written
   */
  public static void write(RunInfo run, RunAccumulator state, boolean complete, Path folder)
      throws IOException {
    StateFile content = new StateFile(SCHEMA, complete, run, state);
    AtomicFile.write(
        folder.resolve(FILE_NAME),
        file -> {
          try (GZIPOutputStream compressed = new GZIPOutputStream(file)) {
            JSON.writeValue(compressed, content);
          }
        });
  }

  /**
   * Reads the file of a run.
   *
   * @return empty where there is none
   * @throws IOException when it cannot be read, or is of another version; the message names it
   */
  public static Optional<StateFile> read(Path folder) throws IOException {
    Path file = folder.resolve(FILE_NAME);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try (InputStream compressed = Files.newInputStream(file)) {
      JsonNode content = JSON.readTree(new GZIPInputStream(compressed));
      String schema = content.path("schema").asText();
      if (!schema.equals(SCHEMA)) {
        throw new IOException(
            file + " has the schema '" + schema + "'; this version reads " + SCHEMA);
      }
      return Optional.of(JSON.treeToValue(content, StateFile.class));
    } catch (JacksonException broken) {
      throw new IOException(file + " is broken: " + broken.getOriginalMessage(), broken);
    }
  }

  private static final class InstantWriter extends StdSerializer<Instant> {
    InstantWriter() {
      super(Instant.class);
    }

    @Override
    public void serialize(Instant moment, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      json.writeString(moment.toString());
    }
  }

  private static final class InstantReader extends StdDeserializer<Instant> {
    InstantReader() {
      super(Instant.class);
    }

    @Override
    public Instant deserialize(JsonParser json, DeserializationContext context) throws IOException {
      return Instant.parse(json.getText());
    }
  }
}
