package dev.gatlingllm.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/** The fields of one line of the truth log that a soak needs. */
record SoakTruth(
    String requestId,
    String id,
    String outcome,
    String fault,
    int status,
    long receivedNanos,
    int inputTokens,
    int cachedTokens,
    int outputTokens) {

  static SoakTruth of(JsonNode line) {
    return new SoakTruth(
        line.get("requestId").asText(),
        line.get("id").asText(),
        line.get("outcome").asText(),
        line.get("fault").isNull() ? null : line.get("fault").asText(),
        line.get("status").asInt(),
        line.get("receivedNanos").asLong(),
        line.get("inputTokens").asInt(),
        line.get("cachedTokens").asInt(),
        line.get("outputTokens").asInt());
  }

  /** The fault's name, or "none". */
  String faultName() {
    return fault == null ? "none" : fault.split(";")[0];
  }

  /** Returns whether either side broke the connection, which loses tokens in transit. */
  boolean wasBroken() {
    return Set.of("reset", "disconnect", "malformed").contains(faultName());
  }

  /** Returns whether the connection ended without any response. */
  boolean unanswered() {
    return status == 0;
  }

  /**
   * The kind of failure that the response is to be counted as, or null for a good one.
   *
   * @param chunks how many of its chunks came
   */
  String failure(int chunks) {
    if (outcome.equals("gone")) {
      return "timeout";
    }
    return switch (faultName()) {
      case "refuse", "hang-up" -> "connection";
      case "reset", "disconnect", "goaway" -> chunks == 0 ? "connection" : "truncated";
      case "truncate", "cut-character" -> "truncated";
      case "malformed" -> "malformed";
      case "error-body", "error-frame", "error-field" -> "error frame server_error";
      case "finish-error" -> "error frame";
      case "429" -> "http 429 rate_limit_error";
      case "500" -> "http 500 server_error";
      case "503" -> "http 503 overloaded_error";
      default -> outcome.equals("complete") ? null : outcome + " " + status;
    };
  }
}
