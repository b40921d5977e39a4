package dev.gatlingllm.stream;

/** Chat chunks as a server sends them. */
final class ChatChunks {

  private ChatChunks() {}

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
