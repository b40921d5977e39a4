package dev.gatlingllm.stream;

import java.util.ArrayList;
import java.util.List;

/** Chat chunks as a server sends them, and the kinds that a timeline saw in them. */
final class ChatChunks {

  private ChatChunks() {}

  static List<OutputKind> kinds(TokenTimeline timeline) {
    List<OutputKind> kinds = new ArrayList<>();
    for (int i = 0; i < timeline.chunks(); i++) {
      kinds.add(timeline.chunkKind(i));
    }
    return kinds;
  }

  /** A chat chunk whose only choice has the given delta. */
  static String delta(String fields) {
    return "{\"id\":\"c1\",\"choices\":[{\"index\":0,\"delta\":{" + fields + "}}]}";
  }

  static String content(String text) {
    return delta("\"content\":\"" + text + "\"");
  }

  static String finish(String reason) {
    return "{\"id\":\"c1\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"%s\"}]}"
        .formatted(reason);
  }
}
