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
   * A response. Times are milliseconds, or {@link Response#UNKNOWN}.
   *
   * @param sent the request
   * @param ttft time to first token
   * @param ttfo time to first output token
   * @param icl longest gap between chunks; of an unfinished request, so far as the window saw it
   * @param iclInWindow longest gap that ended after the window opened, of a request written in the
   *     warm-up
   * @param tpot time per output token; of a response that its user left, as far as it came
   * @param e2e time until the response ended or was cut
   * @param inputTokens prompt tokens as counted by the server, else as expected
   * @param expectedTokens prompt tokens by our own count
   * @param cachedTokens those from the prefix cache
   * @param reusableTokens those that an earlier prompt had sent
   * @param outputTokens tokens of the response, by the server, the tokenizer or its chunks
   * @param failure kind of failure, {@code cut} for a response under way when the load was stopped,
   *     or null
   * @param place what of it lies in the measured window
   */
  public record Drawn(
      SentRequest sent,
      double ttft,
      double ttfo,
      double icl,
      double iclInWindow,
      double tpot,
      double e2e,
      int inputTokens,
      int expectedTokens,
      int cachedTokens,
      int reusableTokens,
      int outputTokens,
      @Nullable String failure,
      Place place) {

    Drawn later(double seconds) {
      return with(sent.later(seconds), icl, iclInWindow);
    }

    Drawn withoutGaps() {
      return with(sent, Response.UNKNOWN, Response.UNKNOWN);
    }

    private Drawn with(SentRequest sent, double icl, double iclInWindow) {
      return new Drawn(
          sent,
          ttft,
          ttfo,
          icl,
          iclInWindow,
          tpot,
          e2e,
          inputTokens,
          expectedTokens,
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
   * @param atOnce whether all of its tokens came at once, so that it misses both
   * @param left whether its user left
   * @param oneBody whether it was no stream, so that its TTFT is its whole duration
   */
  public record Place(
      boolean counted,
      boolean firstToken,
      boolean end,
      boolean unfinished,
      boolean waiting,
      boolean oneToken,
      boolean atOnce,
      boolean left,
      boolean oneBody) {}
}
