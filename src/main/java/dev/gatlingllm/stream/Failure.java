package dev.gatlingllm.stream;

import dev.gatlingllm.text.Redactor;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Why a response does not count as a good one.
 *
 * @param kind the label under which failures are counted, from a small set of values: {@code http
 *     <status>} and {@code error frame} (both followed by the server's error type or code where it
 *     is a single word), {@code malformed}, {@code truncated}, {@code no output}, {@value
 *     #TIMEOUT}, {@value #STALLED}, {@code connection}, {@value #OUT_OF_FILE_DESCRIPTORS}, {@value
 *     #OUT_OF_PORTS}; beyond these {@code check} for a failed check of the user's, {@code context
 *     window} for a turn that was never sent
 * @param message what happened, in the server's own words where it gave any; one line of at most
 *     1,000 characters; null where it was not kept
 */
public record Failure(String kind, @Nullable String message) {

  /** The response took longer than the client awaits a whole response. */
  public static final String TIMEOUT = "timeout";

  /** The stream paused for longer than the client awaits a chunk. */
  public static final String STALLED = "stalled";

  /** The load generator could not open a connection: its process has too many files open. */
  public static final String OUT_OF_FILE_DESCRIPTORS = "out of file descriptors";

  /** The load generator could not open a connection: all local ports are in use. */
  public static final String OUT_OF_PORTS = "out of ports";

  /** The id of a response, a request or a message, of which each failure has another one. */
  private static final Pattern ID =
      Pattern.compile(
          "\\b(resp_|msg_|req[_-]|chatcmpl-|cmpl-)[\\w-]+"
              + "|\\b\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}\\b");

  private static final int MAX_KIND = 100;
  private static final int MAX_MESSAGE = 1_000;

  /**
   * Makes both texts one line each, the message without secrets, as all output shows them. The kind
   * is left alone: a server could make a secret of any word of it, with a cookie of that value.
   */
  public Failure {
    kind = Redactor.ownLine(kind, MAX_KIND);
    message = message == null ? null : Redactor.ofProcess().line(message, MAX_MESSAGE);
  }

  /**
   * Returns kind and message in one line, as in {@code http 429: Slow down}, without ids: Gatling
   * counts each text apart.
   */
  public String describe() {
    return message == null || message.isEmpty()
        ? kind
        : kind + ": " + ID.matcher(message).replaceAll(id -> prefix(id.group(1)) + '…');
  }

  private static String prefix(@Nullable String prefix) {
    return prefix == null ? "" : prefix;
  }
}
