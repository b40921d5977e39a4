package dev.gatlingllm.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Parses the JSON of generation requests. Sampling fields ({@code temperature}, {@code top_p}, …)
 * are checked and ignored; unknown fields are ignored or rejected.
 *
 * @param defaultModel the model of a request without one
 * @param rejectUnknown whether to reject fields that OpenAI's own API does not have
 * @param store the responses that a request can continue
 */
record RequestReader(String defaultModel, boolean rejectUnknown, ResponseStore store) {

  private static final int MAX_CHOICES = 128;
  private static final int MAX_STOPS = 16;

  /**
   * Parses a request.
   *
   * @throws OpenAiError for an invalid field, with what is allowed
   */
  GenerationRequest read(GenerationApi api, byte[] body) throws OpenAiError {
    RequestFields fields = RequestFields.of(Json.parse(body));
    if (rejectUnknown) {
      api.rejectUnknownFields(fields.json());
    }
    if (api == GenerationApi.MESSAGES) {
      return MessagesRequest.read(fields, defaultModel);
    }
    if (api == GenerationApi.RESPONSES) {
      return ResponsesRequest.read(fields, defaultModel, store);
    }
    boolean chat = api == GenerationApi.CHAT;
    JsonNode prompt = fields.get(api.promptField);
    checkSampling(fields);
    rejectUnsupported(fields);
    return new GenerationRequest(
        api,
        fields.text("model", defaultModel),
        chat
            ? List.of(Prompt.ofMessages(fields.get("tools"), prompt))
            : Prompt.ofCompletion(prompt),
        fields.count("n", 1, 1, MAX_CHOICES),
        length(
            fields, fields.has("max_completion_tokens") ? "max_completion_tokens" : "max_tokens"),
        stop(fields, "stop"),
        chat ? Tools.of(fields) : Tools.NONE,
        schema(fields),
        fields.integer("seed", 0),
        chat && allowsReasoning(fields),
        delivery(api, fields),
        null);
  }

  private static void checkSampling(RequestFields fields) throws OpenAiError {
    fields.checkRange("temperature", 0, 2);
    fields.checkRange("top_p", 0, 1);
    fields.checkRange("presence_penalty", -2, 2);
    fields.checkRange("frequency_penalty", -2, 2);
    fields.text("user", "");
  }

  /** Rejects fields that would change the response in a way this server does not support. */
  private static void rejectUnsupported(RequestFields fields) throws OpenAiError {
    if (fields.flag("echo", false) || !fields.text("suffix", "").isEmpty()) {
      throw OpenAiError.invalid(
          fields.has("suffix") ? "suffix" : "echo",
          "This server supports neither 'echo' nor 'suffix'.");
    }
  }

  /**
   * Returns how long a response is to be.
   *
   * @param maxField the field with the maximum
   */
  static GenerationRequest.Length length(RequestFields fields, String maxField) throws OpenAiError {
    int max = fields.count(maxField, 0, 1, Integer.MAX_VALUE);
    int min = fields.count("min_tokens", 0, 0, Integer.MAX_VALUE);
    if (max > 0 && min > max) {
      throw OpenAiError.invalid(
          "min_tokens",
          "'min_tokens' must be at most '%s' (%d), got %d.".formatted(maxField, max, min));
    }
    return new GenerationRequest.Length(max, min, fields.flag("ignore_eos", false));
  }

  /**
   * Returns the strings that end a response.
   *
   * @param field the field that has them
   */
  static StopStrings stop(RequestFields fields, String field) throws OpenAiError {
    boolean included = fields.flag("include_stop_str_in_output", false);
    return new StopStrings(fields.texts(field, MAX_STOPS), included);
  }

  /** Returns the JSON schema of a chat or a text completion; null for plain text. */
  private static @Nullable JsonNode schema(RequestFields fields) throws OpenAiError {
    RequestFields format = fields.object("response_format");
    return fields.has("guided_json")
        ? fields.object("guided_json").json()
        : schema(format, format.object("json_schema").get("schema"));
  }

  /**
   * Returns the JSON schema of a format; null for plain text.
   *
   * @param schema the schema in the format, where it has one
   */
  static @Nullable JsonNode schema(RequestFields format, JsonNode schema) throws OpenAiError {
    return switch (format.text("type", "text")) {
      case "text" -> null;
      case "json_object" ->
          Json.object()
              .set("properties", Json.object().set("answer", Json.object().put("type", "string")));
      case "json_schema" -> schema;
      default ->
          throw format.invalid(
              "type", "\"text\", \"json_object\" or \"json_schema\"", format.get("type"));
    };
  }

  private static boolean allowsReasoning(RequestFields fields) throws OpenAiError {
    return !fields.text("reasoning_effort", "").equals("none")
        && fields.object("chat_template_kwargs").flag("enable_thinking", true);
  }

  private static GenerationRequest.Delivery delivery(GenerationApi api, RequestFields fields)
      throws OpenAiError {
    boolean stream = fields.flag("stream", false);
    if (!stream && fields.has("stream_options")) {
      throw OpenAiError.invalid(
          "stream_options",
          "The 'stream_options' parameter is only allowed when 'stream' is enabled.");
    }
    RequestFields options = fields.object("stream_options");
    return new GenerationRequest.Delivery(
        stream,
        options.flag("include_usage", false),
        options.flag("continuous_usage_stats", false),
        api == GenerationApi.CHAT ? chatLogprobs(fields) : fields.count("logprobs", -1, 0, 5));
  }

  private static int chatLogprobs(RequestFields fields) throws OpenAiError {
    int top = fields.count("top_logprobs", 0, 0, 20);
    if (fields.flag("logprobs", false)) {
      return top;
    }
    if (top > 0) {
      throw OpenAiError.invalid(
          "top_logprobs", "'top_logprobs' is only allowed when 'logprobs' is true.");
    }
    return -1;
  }
}
