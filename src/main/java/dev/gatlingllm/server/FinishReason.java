package dev.gatlingllm.server;

/** Why a reply ends. */
enum FinishReason {
  /** The model had no more to say, or met a stop string. */
  STOP("stop"),
  /** It was not to be longer. */
  LENGTH("length"),
  /** It is the client's turn to run tools. */
  TOOL_CALLS("tool_calls");

  private final String json;

  FinishReason(String json) {
    this.json = json;
  }

  String json() {
    return json;
  }
}
