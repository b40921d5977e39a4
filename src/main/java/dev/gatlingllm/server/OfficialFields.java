package dev.gatlingllm.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatlingllm.text.Nearest;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The fields that OpenAI's own servers know, for servers that refuse all others. */
final class OfficialFields {

  private static final Set<String> BOTH =
      Set.of(
          "frequency_penalty",
          "logit_bias",
          "logprobs",
          "max_tokens",
          "model",
          "n",
          "presence_penalty",
          "seed",
          "stop",
          "stream",
          "stream_options",
          "temperature",
          "top_p",
          "user");

  private static final Map<Api, Set<String>> KNOWN =
      Map.of(
          Api.CHAT,
          withBoth(
              "audio",
              "function_call",
              "functions",
              "max_completion_tokens",
              "messages",
              "metadata",
              "modalities",
              "parallel_tool_calls",
              "prediction",
              "prompt_cache_key",
              "prompt_cache_retention",
              "reasoning_effort",
              "response_format",
              "safety_identifier",
              "service_tier",
              "store",
              "tool_choice",
              "tools",
              "top_logprobs",
              "verbosity",
              "web_search_options"),
          Api.COMPLETIONS,
          withBoth("best_of", "echo", "prompt", "suffix"));

  private OfficialFields() {}

  private static Set<String> withBoth(String... own) {
    Set<String> fields = new TreeSet<>(BOTH);
    fields.addAll(Set.of(own));
    return fields;
  }

  /**
   * @throws OpenAiError naming a field that the API does not know, and the one that may be meant
   */
  static void check(Api api, JsonNode request) throws OpenAiError {
    for (Iterator<String> fields = request.fieldNames(); fields.hasNext(); ) {
      String field = fields.next();
      if (!KNOWN.get(api).contains(field)) {
        String meant =
            Nearest.to(field, KNOWN.get(api)).map(n -> " Did you mean " + n + "?").orElse("");
        throw OpenAiError.invalid(
            field, "Unrecognized request argument supplied: " + field + "." + meant);
      }
    }
  }
}
