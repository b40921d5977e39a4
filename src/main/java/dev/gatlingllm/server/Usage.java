package dev.gatlingllm.server;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * How many tokens a request took.
 *
 * @param cached tokens of the prompt that were cached, or null when the server does not say
 * @param reasoning tokens of the completion that were reasoning, or null for a model without any
 */
record Usage(int prompt, int completion, Integer cached, Integer reasoning) {

  ObjectNode json() {
    ObjectNode usage =
        Json.object()
            .put("prompt_tokens", prompt)
            .put("completion_tokens", completion)
            .put("total_tokens", prompt + completion);
    if (cached != null) {
      usage.putObject("prompt_tokens_details").put("cached_tokens", cached);
    }
    if (reasoning != null) {
      usage.putObject("completion_tokens_details").put("reasoning_tokens", reasoning);
    }
    return usage;
  }
}
