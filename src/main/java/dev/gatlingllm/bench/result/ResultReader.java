package dev.gatlingllm.bench.result;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** Reads what JMH writes with {@code -rf json}. */
public final class ResultReader {

  private ResultReader() {}

  /**
   * Reads a file.
   *
   * @return a row for each benchmark and choice of parameters, in the file's order
   * @throws IllegalArgumentException if the file cannot be read or is invalid; the message names
   *     the file and the problem
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

  private static List<BenchmarkScores> read(String json) {
    JsonNode root;
    try {
      root = new ObjectMapper().readTree(json);
    } catch (JsonProcessingException e) {
      var at = e.getLocation();
      throw new IllegalArgumentException(
          "not JSON at line "
              + (at == null ? 1 : at.getLineNr())
              + "; must be written by JMH with -rf json",
          e);
    }
    return ResultJson.rows(root);
  }

  private static String reason(IOException problem) {
    if (problem instanceof NoSuchFileException) {
      return "no such file";
    }
    if (problem instanceof CharacterCodingException) {
      return "not UTF-8";
    }
    return problem instanceof AccessDeniedException ? "access is denied" : problem.getMessage();
  }
}
