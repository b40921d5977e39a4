package dev.gatlingllm.stream;

/**
 * The verdict on a reply that has ended.
 *
 * @param kind null for a good reply; else the label under which its failure is counted, one of
 *     {@code http <status>} and {@code error frame} (both followed by the server's error type or
 *     code, where it has a fit one), {@code malformed}, {@code truncated}, {@code no output},
 *     {@code timeout}, {@code stalled}, {@code connection}
 * @param message what happened, in the server's own words where it had any; untrusted text of at
 *     most 1,000 characters; null for a good reply
 */
public record ReplyEnding(String kind, String message) {

  static final ReplyEnding GOOD = new ReplyEnding(null, null);

  /** Whether the reply counts as one. */
  public boolean good() {
    return kind == null;
  }

  /** Kind and message in one line, as in {@code http 429: Slow down}; for failures only. */
  public String describe() {
    return message.isEmpty() ? kind : kind + ": " + message;
  }
}
