package dev.gatlingllm.server;

import dev.gatlingllm.server.engine.Generation;

/** How the replies to a request reach its client. Used on its event loop. */
interface Response {

  /** What hears of the tokens of one choice. */
  Generation.Listener listener(Choice choice);
}
