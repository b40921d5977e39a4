package dev.gatlingllm.report.runs;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gatlingllm.report.Json;
import dev.gatlingllm.report.RequestsFile;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Merges the lines of several runs' {@code requests.jsonl}, in order of completion by the wall
 * clock. Each line also names its {@code run}, because users are numbered per run.
 */
final class MergedRequests {

  private MergedRequests() {}

  static void write(List<Source> sources, Path folder) throws IOException {
    List<Lines> files = new ArrayList<>();
    try (Writer merged = Files.newBufferedWriter(folder.resolve(RequestsFile.FILE_NAME))) {
      PriorityQueue<Lines> next = new PriorityQueue<>(Comparator.comparingDouble(Lines::endMillis));
      for (Source source : sources) {
        Path file = source.folder().resolve(RequestsFile.FILE_NAME);
        if (Files.exists(file)) {
          Lines lines = new Lines(file, source.name());
          files.add(lines);
          if (lines.advance()) {
            next.add(lines);
          }
        }
      }
      while (!next.isEmpty()) {
        Lines first = next.poll();
        merged.write(first.line());
        if (first.advance()) {
          next.add(first);
        }
      }
    } finally {
      for (Lines lines : files) {
        lines.close();
      }
    }
  }

  private static final class Lines implements Closeable {

    private final BufferedReader file;
    private final String run;
    private String line;
    private double endMillis;

    Lines(Path file, String name) throws IOException {
      this.file = Files.newBufferedReader(file);
      run = ",\"run\":" + Json.FILES.writeValueAsString(name) + "}\n";
    }

    /** Reads the next complete line; the last line of a run that was killed may be cut off. */
    boolean advance() throws IOException {
      while ((line = file.readLine()) != null) {
        try {
          JsonNode response = Json.FILES.readTree(line);
          if (response.has("startMillis") && line.endsWith("}")) {
            endMillis =
                response.get("startMillis").asDouble() + response.path("e2eMillis").asDouble();
            return true;
          }
        } catch (JacksonException incomplete) {
          // skipped
        }
      }
      return false;
    }

    double endMillis() {
      return endMillis;
    }

    /** Returns the line unchanged, with the run added. */
    String line() {
      return line.substring(0, line.length() - 1) + run;
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
