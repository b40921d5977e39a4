package dev.gatlingllm.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Locale;

/** A truth as one line of JSON. What did not happen, or is not known, is {@code null}. */
final class TruthJson {

  private static final byte LINE_END = '\n';

  private TruthJson() {}

  /**
   * @param sequence the how-manieth request to end it was, from 1
   */
  static byte[] line(long sequence, RequestTruth truth) {
    ObjectNode json =
        Json.object()
            .put("sequence", sequence)
            .put("id", truth.id())
            .put("requestId", truth.requestId())
            .put("path", truth.path())
            .put("protocol", truth.protocol())
            .put("streamed", truth.streamed())
            .put("status", truth.status() == 0 ? null : truth.status())
            .put("outcome", truth.outcome().name().toLowerCase(Locale.ROOT))
            .put("fault", truth.fault())
            .put("inputTokens", truth.inputTokens() < 0 ? null : truth.inputTokens())
            .put("cachedTokens", truth.cachedTokens())
            .put("outputTokens", truth.outputTokens())
            .put("receivedEpochMillis", truth.receivedEpochMillis())
            .put("receivedNanos", truth.receivedNanos());
    time(json, "admittedNanos", truth.admittedNanos());
    time(json, "prefillStartNanos", truth.prefillStartNanos());
    time(json, "prefillEndNanos", truth.prefillEndNanos());
    time(json, "firstWriteNanos", truth.firstWriteNanos());
    time(json, "endNanos", truth.endNanos());
    times(json, "tokenNanos", truth.tokenNanos());
    times(json, "tokenDueNanos", truth.tokenDueNanos());
    byte[] object = Json.bytes(json);
    byte[] line = Arrays.copyOf(object, object.length + 1);
    line[object.length] = LINE_END;
    return line;
  }

  private static void times(ObjectNode json, String field, long[] nanos) {
    var times = json.putArray(field);
    for (long time : nanos) {
      times.add(time);
    }
  }

  private static void time(ObjectNode json, String field, long nanos) {
    json.put(field, nanos == 0 ? null : nanos);
  }
}
