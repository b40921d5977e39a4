package dev.gatlingllm.server;

/** How the replies to a request reach its client. Used on its event loop. */
interface Response {

  /** What hears of the tokens of one choice. */
  Generation.Listener listener(Choice choice);
}
