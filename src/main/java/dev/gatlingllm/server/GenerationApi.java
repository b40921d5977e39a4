package dev.gatlingllm.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatlingllm.text.Names;
import java.util.Iterator;
import java.util.List;

/** The APIs that generate text, and how they differ. */
enum GenerationApi {
  CHAT(
      "/v1/chat/completions",
      "messages",
      "chatcmpl-",
      "chat.completion",
      "chat.completion.chunk",
      64,
      """
      audio function_call functions max_completion_tokens messages metadata modalities
      parallel_tool_calls prediction prompt_cache_key prompt_cache_retention
      reasoning_effort response_format safety_identifier service_tier store tool_choice
      tools top_logprobs verbosity web_search_options
      """),
  COMPLETIONS(
      "/v1/completions",
      "prompt",
      "cmpl-",
      "text_completion",
      "text_completion",
      16,
      "best_of echo prompt suffix"),
  /** Anthropic's. */
  MESSAGES(
      "/v1/messages",
      "messages",
      "msg_",
      "message",
      "message",
      64,
      """
      cache_control container context_management inference_geo max_tokens messages metadata model
      output_config service_tier stop_sequences stream system temperature thinking tool_choice
      tools top_k top_p
      """),
  /** OpenAI's, whose conversations the server can hold. */
  RESPONSES(
      "/v1/responses",
      "input",
      "resp_",
      "response",
      "response",
      64,
      """
      background conversation include input instructions max_output_tokens max_tool_calls metadata
      model parallel_tool_calls previous_response_id prompt prompt_cache_key prompt_cache_retention
      reasoning safety_identifier service_tier store stream stream_options temperature text
      tool_choice tools top_logprobs top_p truncation user
      """);

  private static final String COMMON_FIELDS =
      """
      frequency_penalty logit_bias logprobs max_tokens model n presence_penalty seed stop
      stream stream_options temperature top_p user
      """;

  final String path;

  /** The field of the request that contains the prompt. */
  final String promptField;

  final String idPrefix;

  /** The value of {@code object} in a response that is not streamed. */
  final String object;

  /** The value of {@code object} in a streamed chunk. */
  final String chunkObject;

  /**
   * The length of a response if the request has no maximum, in tokens. A chat stops there by
   * itself; for a text completion, it is the API's maximum.
   */
  final int defaultTokens;

  private final String ownFields;

  GenerationApi(
      String path,
      String promptField,
      String idPrefix,
      String object,
      String chunkObject,
      int defaultTokens,
      String ownFields) {
    this.path = path;
    this.promptField = promptField;
    this.idPrefix = idPrefix;
    this.object = object;
    this.chunkObject = chunkObject;
    this.defaultTokens = defaultTokens;
    this.ownFields = ownFields;
  }

  /** Returns whether a response without a maximum can fill the context window. */
  boolean fillsTheWindow() {
    return this == CHAT || this == RESPONSES;
  }

  /**
   * Checks that a request has only fields that its API has.
   *
   * @throws OpenAiError for any other field, with the nearest known one
   */
  void rejectUnknownFields(JsonNode request) throws OpenAiError {
    boolean common = this == CHAT || this == COMPLETIONS;
    String names = common ? COMMON_FIELDS + ownFields : ownFields;
    List<String> known = List.of(names.strip().split("\\s+"));
    for (Iterator<String> fields = request.fieldNames(); fields.hasNext(); ) {
      String field = fields.next();
      if (!known.contains(field)) {
        String nearest =
            Names.nearest(field, known).map(name -> " Did you mean " + name + "?").orElse("");
        throw OpenAiError.invalid(
            field, "Unrecognized request argument supplied: " + field + "." + nearest);
      }
    }
  }
}
