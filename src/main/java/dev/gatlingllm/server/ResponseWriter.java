package dev.gatlingllm.server;

import dev.gatlingllm.server.engine.Generation;

/** Writes the response to one request. Used on the event loop of the request. */
interface ResponseWriter {

  /** Returns the listener that receives the tokens of one choice. */
  Generation.Listener listener(ResponseChoice choice);
}
