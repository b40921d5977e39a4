package dev.gatlingllm.server;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The value of a response's {@code Date}, made anew only when the second has changed. */
final class DateHeader {

  private record Value(long second, String text) {}

  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private static volatile Value last = new Value(-1, "");

  private DateHeader() {}

  /** Returns the value of this moment. Any thread can call this. */
  static String now() {
    long second = Math.floorDiv(System.currentTimeMillis(), 1_000);
    Value value = last;
    if (value.second != second) {
      value = new Value(second, FORMAT.format(Instant.ofEpochSecond(second)));
      last = value;
    }
    return value.text;
  }
}
