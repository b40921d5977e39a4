package dev.gatlingllm.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.deser.std.StdDelegatingDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.fasterxml.jackson.databind.util.StdConverter;
import dev.gatlingllm.metrics.RunAccumulator;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * {@code tokens-state.json.gz}: everything measured in a run, from which its report can be written
 * again and runs can be merged. It holds counts and histograms, but no prompt, response or key. It
 * is JSON, compressed by gzip, with the fields of {@link RunAccumulator}.
 *
 * <p>A run starts with a file that is not complete. If the run is killed, that file still says what
 * was run and how it was measured.
 *
 * @param schema {@value #SCHEMA}
 * @param complete whether the run came to its end
 * @param run what was run
 * @param state what was measured; empty if the file is not complete
 */
public record StateFile(String schema, boolean complete, RunInfo run, RunAccumulator state) {

  /** Name of the file in a run's folder. */
  public static final String FILE_NAME = "tokens-state.json.gz";

  /** Version of what the file holds; files of other versions are rejected. */
  public static final String SCHEMA = "gatling-llm-state/13";

  private static final class InstantParser extends StdConverter<String, Instant> {
    @Override
    public Instant convert(String text) {
      return Instant.parse(text);
    }
  }

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxDocumentLength(KeptFile.MAX_BYTES).build())
                  .build())
          .addModule(
              new SimpleModule()
                  .addSerializer(Instant.class, ToStringSerializer.instance)
                  .addDeserializer(
                      Instant.class, new StdDelegatingDeserializer<>(new InstantParser())))
          .build();

  /**
   * Writes the file, replacing an earlier one atomically.
   *
   * @param complete whether the run came to its end
   * @param folder the run's folder
   * @throws IOException if it cannot be written
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
   * @return empty if there is no file
   * @throws IOException if it cannot be read or has another schema; the message names the file
   */
  public static Optional<StateFile> read(Path folder) throws IOException {
    return read(
        folder,
        (json, complete, run) -> {
          RunAccumulator state = field(json, "state").readValueAs(RunAccumulator.class);
          return new StateFile(
              SCHEMA, complete, run, Objects.requireNonNull(state, "state is null"));
        });
  }

  /**
   * Reads how a run was measured but none of its responses, which take the time and the memory.
   *
   * @return empty if there is no file; the state has the clock, the objectives and the iterations
   * @throws IOException if it cannot be read or has another schema; the message names the file
   */
  public static Optional<StateFile> readFrame(Path folder) throws IOException {
    return read(
        folder,
        (json, complete, run) -> {
          field(json, "state");
          ObjectNode frame = JSON.createObjectNode();
          for (String name; (name = json.nextFieldName()) != null && !name.equals("overall"); ) {
            json.nextToken();
            frame.set(name, json.readValueAsTree());
          }
          return new StateFile(
              SCHEMA, complete, run, JSON.treeToValue(frame, RunAccumulator.class));
        });
  }

  /**
   * The beginning of a file, which takes little time and memory to read.
   *
   * @param complete whether the run came to its end
   * @param run what was run
   */
  public record Head(boolean complete, RunInfo run) {}

  /**
   * Reads what was run and nothing of what was measured.
   *
   * @return empty if there is no file
   * @throws IOException if it cannot be read or has another schema; the message names the file
   */
  public static Optional<Head> readHead(Path folder) throws IOException {
    return read(folder, (json, complete, run) -> new Head(complete, run));
  }

  /**
   * Reads the file to its end, which shows whether it was copied only in part, but nothing of what
   * was measured.
   *
   * @throws IOException if there is no file, or it is damaged; the message names the file
   */
  public static void requireWhole(Path folder) throws IOException {
    Path file = folder.resolve(FILE_NAME);
    KeptFile.read(
        file,
        () -> {
          try (InputStream compressed = Files.newInputStream(file);
              JsonParser json = JSON.createParser(new GZIPInputStream(compressed))) {
            while (json.nextToken() != null) {
              // up to the longest that is read
            }
            return file;
          }
        });
  }

  /** Reads the file from the end of what was run on. */
  private interface RestReader<T> {
    T read(JsonParser json, boolean complete, RunInfo run) throws IOException;
  }

  private static <T> Optional<T> read(Path folder, RestReader<T> rest) throws IOException {
    Path file = folder.resolve(FILE_NAME);
    return KeptFile.exists(file)
        ? Optional.of(KeptFile.read(file, () -> readFile(file, rest)))
        : Optional.empty();
  }

  private static <T> T readFile(Path file, RestReader<T> rest) throws IOException {
    try (InputStream compressed = Files.newInputStream(file);
        JsonParser json = JSON.createParser(new GZIPInputStream(compressed))) {
      json.nextToken();
      String schema = field(json, "schema").getValueAsString();
      if (!SCHEMA.equals(schema)) {
        throw KeptFile.ofOtherVersion(file, schema, SCHEMA);
      }
      boolean complete = field(json, "complete").getBooleanValue();
      RunInfo run = field(json, "run").readValueAs(RunInfo.class);
      return rest.read(json, complete, Objects.requireNonNull(run, "run is null"));
    }
  }

  /** Moves to the value of the next field, which must have this name: the order is always same. */
  private static JsonParser field(JsonParser json, String name) throws IOException {
    if (!name.equals(json.nextFieldName())) {
      throw new IOException("'%s' is missing".formatted(name));
    }
    json.nextToken();
    return json;
  }
}
