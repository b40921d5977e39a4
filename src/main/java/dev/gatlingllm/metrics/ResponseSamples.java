package dev.gatlingllm.metrics;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Single responses of a run, for pages that show what figures cannot. Immutable.
 *
 * @param conversations a few conversations, by their first request; drawn by their ids alone, so
 *     that none is more likely than another
 * @param slowest the good responses with the longest TTFT whose first token is in the measured
 *     window, longest first
 * @param failed the first failed ones of the measured window, in the order of their requests
 * @param drawn responses of the whole run, drawn at random
 */
public record ResponseSamples(
    List<Conversation> conversations,
    List<Sample> slowest,
    List<Sample> failed,
    DrawnResponses drawn) {

  /** No response ended. */
  public static final ResponseSamples NONE =
      new ResponseSamples(List.of(), List.of(), List.of(), DrawnResponses.NONE);

  /**
   * A conversation, or a virtual user without one.
   *
   * @param id id of the conversation, or {@code user} and the user's number
   * @param responses its first responses, in the order of their requests
   */
  public record Conversation(String id, List<Sample> responses) {}

  /**
   * One response.
   *
   * @param conversation as in {@link Conversation#id}
   * @param sent the request
   * @param ttftMillis time to first token, or null without output
   * @param e2eMillis time until the response ended or was cut
   * @param inputTokens prompt tokens as counted by the server, else as expected, or {@link
   *     Response#UNKNOWN}
   * @param cachedTokens those from the prefix cache, or {@link Response#UNKNOWN}
   * @param outputTokens tokens of the response, or {@link Response#UNKNOWN}
   * @param failure kind of failure, {@code cut} for a response under way when the load was stopped,
   *     or null
   * @param responseId the server's id of the response, or null; untrusted text
   */
  public record Sample(
      String conversation,
      SentRequest sent,
      @Nullable Double ttftMillis,
      double e2eMillis,
      int inputTokens,
      int cachedTokens,
      int outputTokens,
      @Nullable String failure,
      @Nullable String responseId) {

    Sample later(double seconds) {
      return new Sample(
          conversation,
          sent.later(seconds),
          ttftMillis,
          e2eMillis,
          inputTokens,
          cachedTokens,
          outputTokens,
          failure,
          responseId);
    }
  }
}
