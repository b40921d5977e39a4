package dev.gatlingllm.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * What a client asked for, once its JSON is understood.
 *
 * @param prompts one, or several in a text completion
 * @param n how many replies to each prompt
 * @param seed of the request's own, 0 when there is none
 * @param thinks whether the model may reason before it speaks
 * @param schema what the content is to be instead of words: a JSON schema, or null
 */
record GenerationRequest(
    Api api,
    String model,
    List<Prompt> prompts,
    int n,
    ReplyLength length,
    StopStrings stop,
    Tools tools,
    JsonNode schema,
    long seed,
    boolean thinks,
    Delivery delivery) {

  /**
   * How the reply is to be handed over.
   *
   * @param stream whether to send tokens as they come
   * @param includeUsage whether a stream ends in a chunk with usage
   * @param continuousUsage whether each chunk of the stream has usage
   * @param logprobs how many likely tokens to tell for each, 0 for the one that was said; −1 for no
   *     probabilities at all
   */
  record Delivery(boolean stream, boolean includeUsage, boolean continuousUsage, int logprobs) {}
}
