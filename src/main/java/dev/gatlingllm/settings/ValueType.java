package dev.gatlingllm.settings;

import dev.gatlingllm.Distribution;
import dev.gatlingllm.text.Choice;
import dev.gatlingllm.text.Durations;
import java.net.InetSocketAddress;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the values of a setting are read, and which are allowed. Messages have the form "must be …,
 * got …", so that the name of the setting can precede them.
 *
 * @param form what a text must be to be read, such as {@code a whole number}
 * @param parser reads a text; throws {@link IllegalArgumentException}
 * @param allowed whether a value that was read is allowed
 * @param range what an allowed value must be, such as {@code at least 1}
 */
record ValueType<T>(
    String form, Function<String, T> parser, Predicate<? super T> allowed, String range) {

  /** Eleven digits last until the year 5138; milliseconds have more. */
  private static final Pattern EPOCH_SECOND = Pattern.compile("(\\d{1,11})(?:\\s*\\+\\s*(.+))?");

  private static <T> ValueType<T> of(String form, Function<String, T> parser) {
    return new ValueType<>(form, parser, value -> true, "");
  }

  /** Values with a parser that explains its own errors. */
  static <T> ValueType<T> parsedBy(Function<String, T> parser) {
    return of("valid", parser);
  }

  static ValueType<String> text() {
    return of("a text", Function.identity());
  }

  static <E extends Enum<E>> ValueType<E> oneOf(Class<E> type) {
    return parsedBy(text -> Choice.parse(type, text));
  }

  static ValueType<Boolean> flag() {
    return of(
        "true or false",
        text -> {
          if (text.equals("true") || text.equals("false")) {
            return Boolean.valueOf(text);
          }
          throw new NumberFormatException(text);
        });
  }

  static ValueType<Integer> integer(int min) {
    return of("a whole number", Integer::valueOf).that(value -> value >= min, "at least " + min);
  }

  static ValueType<Long> wholeNumber() {
    return of("a whole number", Long::valueOf);
  }

  static ValueType<Long> wholeNumber(long min) {
    return wholeNumber().that(value -> value >= min, "at least " + min);
  }

  /** Finite numbers. */
  static ValueType<Double> number(Predicate<Double> allowed, String range) {
    return of("a number", Double::valueOf)
        .that(value -> Double.isFinite(value) && allowed.test(value), range);
  }

  static ValueType<Double> positiveNumber() {
    return number(value -> value > 0, "above 0");
  }

  /** Shares from 0 to 1, also in percent. */
  static ValueType<Double> share() {
    return of(
            "a share such as 10% or 0.1",
            text ->
                text.endsWith("%")
                    ? Double.valueOf(text.substring(0, text.length() - 1).strip()) / 100
                    : Double.valueOf(text))
        .that(share -> share >= 0 && share <= 1, "a share from 0% to 100%, such as 10% or 0.1");
  }

  static ValueType<Duration> duration(Duration min) {
    return parsedBy(Durations::parse)
        .that(value -> value.compareTo(min) >= 0, "at least " + Durations.format(min));
  }

  /**
   * Instants: as ISO 8601 writes them, or seconds since 1970, to which a duration may be added. The
   * sum is what a script can say that starts several processes.
   */
  static ValueType<Instant> instant() {
    return parsedBy(
        text -> {
          Matcher epoch = EPOCH_SECOND.matcher(text);
          try {
            if (!epoch.matches()) {
              return OffsetDateTime.parse(text).toInstant();
            }
            Instant instant = Instant.ofEpochSecond(Long.parseLong(epoch.group(1)));
            return epoch.group(2) == null ? instant : instant.plus(Durations.parse(epoch.group(2)));
          } catch (DateTimeException | ArithmeticException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                "must be an instant with its time zone, such as 2026-11-27T12:00:00Z, or seconds"
                    + " since 1970, such as 1795780800 or 1795780800+30s, got "
                    + text,
                e);
          }
        });
  }

  /**
   * Lengths and counts. A range that reaches below the minimum is an error. The tail of an
   * unbounded distribution is not; it is cut where values are drawn.
   */
  static ValueType<Distribution> lengths(int min) {
    return parsedBy(Distribution::parse)
        .that(
            value ->
                value.maximum() >= min
                    && (value.minimum() >= min || Double.isInfinite(value.maximum())),
            "at least " + min);
  }

  /** Pauses in seconds: a duration, or a distribution of numbers. */
  static ValueType<Distribution> seconds() {
    return parsedBy(
            text ->
                text.contains("(")
                    ? Distribution.parse(text)
                    : Distribution.constant(Durations.millis(pause(text)) / 1e3))
        .that(value -> value.maximum() >= 0, "at least 0");
  }

  private static Duration pause(String text) {
    try {
      return Durations.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "must be a duration with its unit, such as 500ms, or a distribution of seconds, such as"
              + " uniform(1,5), got "
              + text,
          e);
    }
  }

  /** The URL of a server of other data than ours: without user, password and query. */
  static ValueType<String> collectorUrl() {
    return text()
        .that(
            url -> url.matches("(?i)https?://[^/?#@\\s]+(/[^?#@\\s]*)?"),
            "a URL such as http://collector:4318, without user, password and query");
  }

  /** A port of the loopback interface, or an address and a port. */
  static ValueType<InetSocketAddress> socketAddress() {
    String allowed = "a port from 0 to 65535, such as 9464 or 0.0.0.0:9464";
    return parsedBy(
        text -> {
          int colon = text.lastIndexOf(':');
          String port = text.substring(colon + 1);
          String host = colon < 0 ? "127.0.0.1" : text.substring(0, colon);
          InetSocketAddress address =
              port.matches("\\d{1,5}") && Integer.parseInt(port) <= 65_535 && !host.isEmpty()
                  ? new InetSocketAddress(host, Integer.parseInt(port))
                  : null;
          if (address == null || address.isUnresolved()) {
            throw new IllegalArgumentException("must be " + allowed + ", got " + text);
          }
          return address;
        });
  }

  /** The same type, limited to a range. */
  ValueType<T> that(Predicate<? super T> allowed, String range) {
    return new ValueType<>(form, parser, allowed, range);
  }

  /** The same type, with a word that stands for one more allowed value. */
  ValueType<T> or(String word, T value) {
    return new ValueType<>(
        form + " or " + word,
        text -> text.equals(word) ? value : parser.apply(text),
        other -> other.equals(value) || allowed.test(other),
        range + " or " + word);
  }

  /**
   * Reads a text.
   *
   * @throws IllegalArgumentException if it is not a value or the value is not allowed
   */
  T parse(String text) {
    try {
      return check(parser.apply(text), text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("must be " + form + ", got " + text, e);
    }
  }

  /**
   * Returns the value if it is allowed.
   *
   * @throws IllegalArgumentException if it is not
   */
  T check(T value, Object shown) {
    if (allowed.test(value)) {
      return value;
    }
    throw new IllegalArgumentException("must be " + range + ", got " + shown);
  }
}
