package dev.gatlingllm.server;

/**
 * How long a reply may and must be, in tokens, as its request says.
 *
 * @param max the most, or 0 when the request does not say
 * @param min the least: the model does not stop before
 * @param ignoreEos whether the model is to go on when it has no more to say
 */
record ReplyLength(int max, int min, boolean ignoreEos) {}
