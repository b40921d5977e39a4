package dev.gatlingllm.metrics;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Responses of a run, all of them or so many drawn at random: what other objectives or a part of
 * them would look like can be computed from these. Immutable.
 *
 * @param of number of responses that they were drawn from, those outside of the window included
 * @param all those that were drawn, by when their requests were written
 */
public record DrawnResponses(long of, List<Drawn> all) {

  /** No response ended. */
  public static final DrawnResponses NONE = new DrawnResponses(0, List.of());

  /**
   * A response. Times are milliseconds, {@link Response#UNKNOWN} where there is none.
   *
   * @param scenario Gatling's name of the scenario
   * @param request Gatling's name of the request
   * @param group prefix group from 0, or {@link Response#UNKNOWN}
   * @param model the model that was asked, or null if that is not known
   * @param turn turn of the conversation from 1, or 0 outside of one
   * @param attempt number of the attempt at this turn, from 1
   * @param second when the request was written, in seconds since the window opened
   * @param ttft time to first token
   * @param ttfo time to first output token
   * @param icl longest gap between chunks; of an unfinished request, so far as the window saw it
   * @param tpot time per output token
   * @param e2e time until the response ended or was cut
   * @param inputTokens prompt tokens as counted by the server, else as expected
   * @param cachedTokens those from the prefix cache
   * @param reusableTokens those that an earlier prompt had sent
   * @param outputTokens tokens of the response, by the server or the number of chunks
   * @param failure kind of failure, {@code cut} for a response under way when the load was stopped,
   *     or null
   * @param place what of it lies in the measured window
   */
  public record Drawn(
      String scenario,
      String request,
      int group,
      @Nullable String model,
      int turn,
      int attempt,
      double second,
      double ttft,
      double ttfo,
      double icl,
      double tpot,
      double e2e,
      int inputTokens,
      int cachedTokens,
      int reusableTokens,
      int outputTokens,
      @Nullable String failure,
      Place place) {

    Drawn later(double seconds) {
      return new Drawn(
          scenario,
          request,
          group,
          model,
          turn,
          attempt,
          second + seconds,
          ttft,
          ttfo,
          icl,
          tpot,
          e2e,
          inputTokens,
          cachedTokens,
          reusableTokens,
          outputTokens,
          failure,
          place);
    }
  }

  /**
   * What of a response lies in the measured window.
   *
   * @param counted whether it ended there
   * @param firstToken whether its TTFT is a sample of the window
   * @param end whether its E2E and TPOT are samples of the window
   * @param unfinished whether it was under way at the end of the window
   * @param waiting whether it had no token by then
   * @param oneToken whether it is known to be of one token, so that it cannot miss TPOT and ICL
   */
  public record Place(
      boolean counted,
      boolean firstToken,
      boolean end,
      boolean unfinished,
      boolean waiting,
      boolean oneToken) {}
}
