package dev.gatlingllm.metrics;

import dev.gatlingllm.metrics.ServerClock.Change;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Collects the {@code Date} headers of responses, from which {@link ServerClock} tells how clocks
 * differ. Memory is bounded: of a long run, every second, fourth, … change of the header is kept.
 * Not safe for use by several threads.
 */
final class ServerDates {

  static final int MAX_CHANGES = 512;

  private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** The years 1970 to 2200: nanoseconds since the epoch fit into a long. */
  private static final long MAX_SECOND = 7_258_118_400L;

  /** How long before its end a header has the seconds. */
  private static final int SECONDS_BEFORE_END = "00 GMT".length();

  private static final class Span {
    private @Nullable Long afterNanos;
    private @Nullable Long byNanos;
  }

  private final TreeMap<Long, Span> changes = new TreeMap<>();
  private long stride = 1;
  private long responses;
  private long atLeastNanos = Long.MIN_VALUE;
  private long atMostNanos = Long.MAX_VALUE;
  private String lastHeader = "";
  private @Nullable Long lastSecond;

  /**
   * Adds the header of a response; ignores one that is not a date.
   *
   * @param header such as {@code Fri, 27 Nov 2026 11:00:00 GMT}
   * @param writtenNanos when the request was written, in nanoseconds since the epoch
   * @param receivedNanos when the head of the response arrived
   */
  void add(String header, long writtenNanos, long receivedNanos) {
    if (!header.equals(lastHeader)) {
      lastSecond = second(header);
      lastHeader = header;
    }
    Long second = lastSecond;
    if (second == null) {
      return;
    }
    responses++;
    atLeastNanos = Math.max(atLeastNanos, second * SECOND_NANOS - receivedNanos);
    atMostNanos = Math.min(atMostNanos, (second + 1) * SECOND_NANOS - writtenNanos);
    Span began = span(second);
    if (began.byNanos == null || receivedNanos < began.byNanos) {
      began.byNanos = receivedNanos;
    }
    Span next = span(second + 1);
    if (next.afterNanos == null || writtenNanos > next.afterNanos) {
      next.afterNanos = writtenNanos;
    }
  }

  /**
   * Returns the date in seconds since the epoch, or null for none. Most headers differ from the
   * last one in their seconds alone; the JDK's parser is much code for once a second.
   */
  private @Nullable Long second(String header) {
    int seconds = header.length() - SECONDS_BEFORE_END;
    return lastSecond != null
            && lastHeader.length() == header.length()
            && lastHeader.regionMatches(0, header, 0, seconds)
            && header.endsWith(" GMT")
            && header.charAt(seconds - 4) == ':'
            && "012345".indexOf(header.charAt(seconds)) >= 0
            && "0123456789".indexOf(header.charAt(seconds + 1)) >= 0
        ? (Long) (lastSecond / 60 * 60 + Integer.parseInt(header, seconds, seconds + 2, 10))
        : parse(header);
  }

  private static @Nullable Long parse(String header) {
    try {
      long second =
          DateTimeFormatter.RFC_1123_DATE_TIME.parse(header, Instant::from).getEpochSecond();
      return second >= 0 && second < MAX_SECOND ? second : null;
    } catch (DateTimeException invalid) {
      return null;
    }
  }

  /** Returns the span of a change; of one that is not kept, a span that is forgotten. */
  private Span span(long second) {
    if (second % stride != 0) {
      return new Span();
    }
    Span span = changes.computeIfAbsent(second, unseen -> new Span());
    if (changes.size() > MAX_CHANGES) {
      stride *= 2;
      changes.keySet().removeIf(key -> key % stride != 0);
    }
    return span;
  }

  /** Returns what the headers tell; empty if no response had one. */
  Optional<ServerClock> clock() {
    return responses == 0
        ? Optional.empty()
        : Optional.of(
            new ServerClock(
                responses,
                atLeastNanos,
                atMostNanos,
                changes.entrySet().stream()
                    .map(
                        change ->
                            new Change(
                                change.getKey(),
                                change.getValue().afterNanos,
                                change.getValue().byNanos))
                    .toList()));
  }
}
