package dev.gatlingllm.workload;

import dev.gatlingllm.ReplayFormat;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A trace in CSV. Its columns are found by the names in the header, because releases of the same
 * trace differ in their columns.
 *
 * @param format whose trace it is
 * @param header the names of all columns
 */
public record CsvTrace(ReplayFormat format, List<String> header) {

  private static final List<String> AZURE =
      List.of("TIMESTAMP", "ContextTokens", "GeneratedTokens");
  private static final List<String> BURSTGPT =
      List.of("Timestamp", "Request tokens", "Response tokens");

  /** The columns that a header must have, as error messages name them. */
  public static final String HEADERS =
      String.join(", ", AZURE) + ", or " + String.join(", ", BURSTGPT);

  /** Such as {@code 2023-11-16 18:17:03.9799600}; newer files have an offset too. */
  private static final DateTimeFormatter DATE =
      new DateTimeFormatterBuilder()
          .appendPattern("yyyy-MM-dd[' ']['T']HH:mm:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .appendPattern("[XXX]")
          .toFormatter();

  /**
   * A row.
   *
   * @param time when the request arrived: milliseconds of a date, or seconds
   * @param inputTokens length of the prompt, from 1
   * @param outputTokens length of the response, from 1
   */
  public record Row(double time, int inputTokens, int outputTokens) {}

  /** Returns the trace whose header a line is; empty for any other line. */
  public static Optional<CsvTrace> of(String firstLine) {
    return Stream.of(ReplayFormat.AZURE, ReplayFormat.BURSTGPT)
        .map(format -> new CsvTrace(format, fields(firstLine)))
        .filter(trace -> trace.header.containsAll(trace.columns()))
        .findFirst();
  }

  private List<String> columns() {
    return format == ReplayFormat.AZURE ? AZURE : BURSTGPT;
  }

  /** Returns the fields of a line, without white space and quotes around them. */
  static List<String> fields(String line) {
    return Arrays.stream(line.split(",", -1))
        .map(field -> field.strip().replaceFirst("^\"(.*)\"$", "$1").strip())
        .toList();
  }

  /**
   * Reads a line after the header.
   *
   * @throws IllegalArgumentException if a field is missing or invalid. A response of 0 tokens is
   *     one: the request failed when the trace was recorded
   */
  public Row row(String line) {
    List<String> fields = fields(line);
    return new Row(time(fields), tokens(fields, 1), tokens(fields, 2));
  }

  private double time(List<String> fields) {
    String text = field(fields, 0);
    try {
      if (format == ReplayFormat.BURSTGPT) {
        return Double.parseDouble(text);
      }
      // the files state no zone or UTC, and only differences count
      Instant date = LocalDateTime.parse(text, DATE).toInstant(ZoneOffset.UTC);
      return date.getEpochSecond() * 1e3 + date.getNano() / 1e6;
    } catch (NumberFormatException | DateTimeException e) {
      throw invalid(0, format == ReplayFormat.AZURE ? "a date with a time" : "a number", text);
    }
  }

  private int tokens(List<String> fields, int column) {
    String text = field(fields, column);
    if (text.matches("\\d{1,9}") && Integer.parseInt(text) > 0) {
      return Integer.parseInt(text);
    }
    throw invalid(column, "a whole number of at least 1", text);
  }

  private String field(List<String> fields, int column) {
    int index = header.indexOf(columns().get(column));
    return index < fields.size() ? fields.get(index) : "";
  }

  private IllegalArgumentException invalid(int column, String allowed, String text) {
    return new IllegalArgumentException(
        "\"" + columns().get(column) + "\" must be " + allowed + ", got " + text);
  }
}
