package dev.gatlingllm.metrics;

import org.jspecify.annotations.Nullable;

/**
 * Which request a kept response answers. Immutable.
 *
 * @param scenario Gatling's name of the scenario
 * @param request Gatling's name of the request
 * @param group prefix group from 0, or {@link Response#UNKNOWN}
 * @param model the model that was asked, or null if it is unknown
 * @param turn turn of the conversation from 1, or 0 outside of one
 * @param attempt number of the attempt at this turn, from 1
 * @param second when the request was written, in seconds since the window opened
 */
public record SentRequest(
    String scenario,
    String request,
    int group,
    @Nullable String model,
    int turn,
    int attempt,
    double second) {

  static SentRequest of(WindowedResponse windowed) {
    Response response = windowed.response();
    return new SentRequest(
        response.who().scenario(),
        response.who().request(),
        response.who().group(),
        response.who().model(),
        response.turn().number(),
        response.turn().attempt(),
        second(windowed));
  }

  /** Returns when the request was written, in seconds since the window opened. */
  static double second(WindowedResponse windowed) {
    return windowed.clock().sinceOpen(windowed.response().timing().writtenNanos()) / 1e9;
  }

  /** Returns the same request by a window that opened so many seconds earlier. */
  SentRequest later(double seconds) {
    return new SentRequest(scenario, request, group, model, turn, attempt, second + seconds);
  }
}
