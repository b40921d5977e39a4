package dev.gatlingllm.server;

import dev.gatlingllm.server.engine.Engine;

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

  /** What the engine calls it. */
  Engine.End end() {
    return this == LENGTH ? Engine.End.LENGTH : Engine.End.STOP;
  }
}
