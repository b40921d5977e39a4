package dev.gatlingllm.benchmarks;

import java.util.List;
import java.util.Locale;

/** A response of one token, as servers send it to requests for a class or a route. */
enum ShortResponse {
  /** One body of JSON. */
  JSON {
    @Override
    String headers() {
      return "Content-Type: application/json\r\nContent-Length: " + body().length() + "\r\n";
    }

    @Override
    String body() {
      return start("chat.completion")
          + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"yes\"},"
          + "\"finish_reason\":\"stop\"}],"
          + USAGE
          + "}";
    }
  },
  /** A stream of server-sent events. */
  STREAM {
    @Override
    String headers() {
      return "Content-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n";
    }

    @Override
    String body() {
      StringBuilder chunks = new StringBuilder();
      for (String event :
          List.of(
              delta("{\"role\":\"assistant\",\"content\":\"\"}", "null"),
              delta("{\"content\":\"yes\"}", "null"),
              delta("{}", "\"stop\""),
              start("chat.completion.chunk") + "\"choices\":[]," + USAGE + "}",
              "[DONE]")) {
        String chunk = "data: " + event + "\n\n";
        chunks.append(Integer.toHexString(chunk.length())).append("\r\n").append(chunk);
        chunks.append("\r\n");
      }
      return chunks + "0\r\n\r\n";
    }
  };

  private static final String USAGE =
      "\"usage\":{\"prompt_tokens\":8,\"completion_tokens\":1,\"total_tokens\":9}";

  /** Returns the headers that depend on the body, each with its line end. */
  abstract String headers();

  /** Returns the body in ASCII, as it is sent. */
  abstract String body();

  private static String start(String object) {
    return "{\"id\":\"chatcmpl-8f14e45fceea167a5a36dedd4bea2543\",\"object\":\""
        + object
        + "\",\"created\":1700000000,\"model\":\"simulated\",";
  }

  private static String delta(String delta, String finishReason) {
    return start("chat.completion.chunk")
        + "\"choices\":[{\"index\":0,\"delta\":"
        + delta
        + ",\"finish_reason\":"
        + finishReason
        + "}]}";
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
