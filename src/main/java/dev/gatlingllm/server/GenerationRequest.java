package dev.gatlingllm.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A parsed request for one or more completions.
 *
 * @param prompts one prompt; a text completion can have several
 * @param n the number of completions per prompt
 * @param seed the request's seed; 0 if it has none
 * @param reasoning whether the completion can start with reasoning
 * @param schema the JSON schema of the content; null for plain text
 * @param kept the texts to keep for requests that continue the response; null to keep none
 */
record GenerationRequest(
    GenerationApi api,
    String model,
    List<Prompt> prompts,
    int n,
    Length length,
    StopStrings stop,
    Tools tools,
    @Nullable JsonNode schema,
    long seed,
    boolean reasoning,
    Delivery delivery,
    @Nullable List<String> kept) {

  /**
   * The length of a completion in tokens.
   *
   * @param max the maximum; 0 if the request has none
   * @param min the minimum: the model does not stop before
   * @param ignoreEos whether the model never stops by itself
   */
  record Length(int max, int min, boolean ignoreEos) {}

  /**
   * The form of the response.
   *
   * @param stream whether tokens are sent as they are generated
   * @param includeUsage whether a stream ends with a usage chunk
   * @param continuousUsage whether each chunk of a stream contains the usage
   * @param logprobs the number of likely tokens to list for each; 0 lists none besides the
   *     generated one, −1 omits probabilities
   */
  record Delivery(boolean stream, boolean includeUsage, boolean continuousUsage, int logprobs) {}
}
