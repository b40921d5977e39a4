package dev.gatlingllm.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * Understands the JSON of generation requests. Fields that a simulated model has no use for ({@code
 * temperature}, {@code seed}, {@code ignore_eos}, …) are ignored, as are unknown ones.
 */
final class RequestReader {

  private static final int[] NO_TOKENS = {};

  private final String defaultModel;

  /**
   * @param defaultModel the model of a request that names none
   */
  RequestReader(String defaultModel) {
    this.defaultModel = defaultModel;
  }

  /**
   * @throws OpenAiError naming the field that is wrong and what would be right
   */
  GenerationRequest read(Api api, byte[] body) throws OpenAiError {
    JsonNode json = Json.parse(body);
    if (count(json, "n", 1) != 1) {
      throw OpenAiError.invalid("n", "'n' must be 1: this server generates one choice.");
    }
    JsonNode prompt = json.path(api.promptField());
    boolean asTokens = api == Api.COMPLETIONS && prompt.isArray();
    return new GenerationRequest(
        api,
        json.path("model").asText(defaultModel),
        asTokens
            ? List.of()
            : api == Api.CHAT ? Prompts.ofMessages(prompt) : Prompts.ofText(prompt),
        asTokens ? Prompts.ofTokens(prompt) : NO_TOKENS,
        maxTokens(api, json),
        flag(json, "stream"),
        flag(json.path("stream_options"), "include_usage"));
  }

  private static int maxTokens(Api api, JsonNode json) throws OpenAiError {
    String field =
        json.hasNonNull("max_completion_tokens") ? "max_completion_tokens" : "max_tokens";
    return count(json, field, api.defaultMaxTokens());
  }

  private static int count(JsonNode json, String field, int ifAbsent) throws OpenAiError {
    JsonNode value = json.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return ifAbsent;
    }
    if (!value.canConvertToInt() || !value.isIntegralNumber() || value.intValue() < 1) {
      throw OpenAiError.invalid(
          field, "'%s' must be a whole number of 1 or more, not %s.".formatted(field, value));
    }
    return value.intValue();
  }

  private static boolean flag(JsonNode json, String field) throws OpenAiError {
    JsonNode value = json.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return false;
    }
    if (!value.isBoolean()) {
      throw OpenAiError.invalid(
          field, "'%s' must be true or false, not %s.".formatted(field, value));
    }
    return value.booleanValue();
  }
}
