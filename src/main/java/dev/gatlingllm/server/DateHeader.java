package dev.gatlingllm.server;

import io.netty.handler.codec.DateFormatter;
import java.util.Date;

/** The value of a response's {@code Date}, made anew only when the second has changed. */
final class DateHeader {

  private record Value(long second, String text) {}

  private static volatile Value last = new Value(-1, "");

  private DateHeader() {}

  /** Returns the value of this moment. Any thread can call this. */
  static String now() {
    long second = Math.floorDiv(System.currentTimeMillis(), 1_000);
    Value value = last;
    if (value.second != second) {
      value = new Value(second, DateFormatter.format(new Date(second * 1_000)));
      last = value;
    }
    return value.text;
  }
}
