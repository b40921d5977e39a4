package dev.gatlingllm.workload;

import dev.gatlingllm.prompt.SeededRandom;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A column of a feeder's records, of which conversations take values by number, so that neither the
 * order of arrival nor the number of load generators matters. Immutable.
 *
 * @param feeder its name in messages, such as that of a file
 * @param name the column's name
 * @param records all columns of each record; at least one record
 * @param order which record a number gets
 */
public record Column(String feeder, String name, List<Map<String, Object>> records, Order order) {

  /** Which record a number gets, as Gatling's feeders do it for one user after the other. */
  public enum Order {
    /** The records in order, each once. */
    QUEUE,
    /** The records in order, again and again. */
    CIRCULAR,
    /** Any record, whatever others got. */
    RANDOM,
    /** The records in an order that the seed decides, each once. */
    SHUFFLE
  }

  /** Stands for no record: all are taken. */
  static final int NONE = -1;

  private static final long SHUFFLED = 0x5F1E;

  /** Checks that there are records, and that each has the column. */
  public Column {
    if (records.isEmpty()) {
      throw new IllegalArgumentException(feeder + " must have records, got none");
    }
    for (int i = 0; i < records.size(); i++) {
      if (records.get(i).get(name) == null) {
        throw invalid(
            feeder,
            i,
            "a column " + name,
            records.get(i).isEmpty()
                ? "none"
                : String.join(", ", new TreeSet<>(records.get(i).keySet())));
      }
    }
  }

  /** Returns the number of records. */
  public int size() {
    return records.size();
  }

  /** Returns the value of a record, as a text. */
  String value(int record) {
    return String.valueOf(records.get(record).get(name));
  }

  /** Returns the different values, in the order of their first record. */
  public List<String> distinctValues() {
    return IntStream.range(0, size()).mapToObj(this::value).distinct().toList();
  }

  /** Returns whether there are only as many numbers as records. */
  boolean ends() {
    return order == Order.QUEUE || order == Order.SHUFFLE;
  }

  /**
   * Returns which record numbers get if it is not a random one.
   *
   * @return the index of a record, from the number modulo that of records
   */
  IntUnaryOperator inOrder(long seed) {
    return order == Order.SHUFFLE
        ? shuffled(size(), SeededRandom.of(seed, SHUFFLED))::get
        : IntUnaryOperator.identity();
  }

  /** Returns the numbers below a size in random order. */
  static List<Integer> shuffled(int size, SeededRandom random) {
    List<Integer> numbers = IntStream.range(0, size).boxed().collect(Collectors.toList());
    for (int i = size - 1; i > 0; i--) {
      Collections.swap(numbers, i, random.nextInt(i + 1));
    }
    return List.copyOf(numbers);
  }

  /** Returns the value of a record as a length. */
  int length(int record, int least) {
    String text = value(record).strip();
    // counts written by spreadsheets and JSON may end with .0
    String whole = text.replaceFirst("\\.0+$", "");
    if (whole.matches("\\d{1,9}") && Integer.parseInt(whole) >= least) {
      return Integer.parseInt(whole);
    }
    throw invalid(feeder, record, "a whole number of at least " + least + inColumn(), text);
  }

  /** Returns the value of a record as a text that is not blank, without white space around it. */
  String text(int record) {
    String text = value(record).strip();
    if (text.isEmpty()) {
      throw invalid(feeder, record, "a text" + inColumn(), "a blank one");
    }
    return text;
  }

  private String inColumn() {
    return " in column " + name;
  }

  private static IllegalArgumentException invalid(
      String feeder, int record, String allowed, String got) {
    return new IllegalArgumentException(
        "record " + (record + 1) + " of " + feeder + " must have " + allowed + ", got " + got);
  }

  /** Describes the column without its values. */
  @Override
  public String toString() {
    return feeder + ", column " + name + ", " + size() + " records";
  }
}
