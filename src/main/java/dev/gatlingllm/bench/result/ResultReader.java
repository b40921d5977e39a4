package dev.gatlingllm.bench.result;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;

/** Reads what JMH writes with {@code -rf json}. */
public final class ResultReader {

  private ResultReader() {}

  /**
   * Reads a file.
   *
   * @return a row for each benchmark and choice of parameters, in the file's order
   * @throws IllegalArgumentException if it cannot be read or is no such file; the message names the
   *     file and what is wrong with it
   */
  public static List<BenchmarkScores> read(Path file) {
    try {
      return read(Files.readString(file));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new IllegalArgumentException(file + " cannot be read: " + reason(e), e);
    }
  }

  /**
   * The same rows from results that are still in memory, where the primary metric has its own name.
   */
  public static List<BenchmarkScores> of(Collection<RunResult> results) {
    var json = new ByteArrayOutputStream();
    try (var out = new PrintStream(json, true, StandardCharsets.UTF_8)) {
      ResultFormatFactory.getInstance(ResultFormatType.JSON, out).writeOut(results);
    }
    List<BenchmarkScores> rows = new ArrayList<>();
    Iterator<BenchmarkScores> read = read(json.toString(StandardCharsets.UTF_8)).iterator();
    for (RunResult result : results) {
      rows.add(read.next().withPrimaryNamed(result.getPrimaryResult().getLabel()));
    }
    return rows;
  }

  private static List<BenchmarkScores> read(String json) {
    JsonNode root;
    try {
      root = new ObjectMapper().readTree(json);
    } catch (JsonProcessingException e) {
      var at = e.getLocation();
      throw new IllegalArgumentException(
          "no JSON at line "
              + (at == null ? 1 : at.getLineNr())
              + "; what JMH writes with -rf json is expected",
          e);
    }
    return ResultJson.rows(root);
  }

  private static String reason(IOException problem) {
    if (problem instanceof NoSuchFileException) {
      return "there is no such file";
    }
    if (problem instanceof CharacterCodingException) {
      return "it is no text in UTF-8";
    }
    return problem instanceof AccessDeniedException ? "access is denied" : problem.getMessage();
  }
}
