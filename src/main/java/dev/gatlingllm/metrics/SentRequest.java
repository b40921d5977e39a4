package dev.gatlingllm.metrics;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which request a kept response answers, and which values of breakdowns it has. Immutable.
 *
 * @param request Gatling's name of the request
 * @param group prefix group from 0, or {@link Response#UNKNOWN}
 * @param values the value of each breakdown that the response counts for
 * @param turn turn of the conversation from 1, or 0 outside of one
 * @param attempt number of the attempt at this turn, from 1
 * @param second when the request was written, in seconds since the window opened
 */
public record SentRequest(
    String request,
    int group,
    Map<Breakdown, String> values,
    int turn,
    int attempt,
    double second) {

  /** Takes a copy. */
  public SentRequest {
    Map<Breakdown, String> copy = new EnumMap<>(Breakdown.class);
    copy.putAll(values);
    values = Collections.unmodifiableMap(copy);
  }

  static SentRequest of(WindowedResponse windowed) {
    Response response = windowed.response();
    return new SentRequest(
        response.who().request(),
        response.who().group(),
        Breakdown.valuesOf(response),
        response.turn().number(),
        response.turn().attempt(),
        second(windowed));
  }

  /** Returns the value of a breakdown, or null for none. */
  public @Nullable String value(Breakdown by) {
    return values.get(by);
  }

  /** Returns when the request was written, in seconds since the window opened. */
  static double second(WindowedResponse windowed) {
    return windowed.clock().sinceOpen(windowed.response().timing().writtenNanos()) / 1e9;
  }

  /** Returns the same request by a window that opened so many seconds earlier. */
  SentRequest later(double seconds) {
    return new SentRequest(request, group, values, turn, attempt, second + seconds);
  }
}
