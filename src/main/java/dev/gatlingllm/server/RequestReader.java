package dev.gatlingllm.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * Understands the JSON of generation requests. Fields that a simulated model has no use for ({@code
 * temperature}, {@code top_p}, …) are checked and ignored; unknown ones are ignored or refused.
 */
final class RequestReader {

  private static final int MOST_CHOICES = 128;
  private static final int MOST_STOPS = 16;
  private static final int ANY = Integer.MAX_VALUE;

  private final String defaultModel;
  private final boolean rejectUnknown;

  /**
   * @param defaultModel the model of a request that names none
   * @param rejectUnknown whether to refuse fields that OpenAI's own servers do not know
   */
  RequestReader(String defaultModel, boolean rejectUnknown) {
    this.defaultModel = defaultModel;
    this.rejectUnknown = rejectUnknown;
  }

  /**
   * @throws OpenAiError naming the field that is wrong and what would be right
   */
  GenerationRequest read(Api api, byte[] body) throws OpenAiError {
    Fields fields = Fields.of(Json.parse(body));
    if (rejectUnknown) {
      OfficialFields.check(api, fields.json());
    }
    boolean chat = api == Api.CHAT;
    JsonNode prompt = fields.get(api.promptField());
    checkSampling(fields);
    refuseUnable(fields);
    return new GenerationRequest(
        api,
        fields.text("model", defaultModel),
        chat ? List.of(Prompts.ofMessages(prompt)) : Prompts.ofCompletion(prompt),
        fields.count("n", 1, 1, MOST_CHOICES),
        length(fields),
        stop(fields),
        chat ? Tools.of(fields) : Tools.NONE,
        schema(fields),
        fields.whole("seed", 0),
        chat && thinks(fields),
        delivery(api, fields));
  }

  private static void checkSampling(Fields fields) throws OpenAiError {
    fields.checkNumber("temperature", 0, 2);
    fields.checkNumber("top_p", 0, 1);
    fields.checkNumber("presence_penalty", -2, 2);
    fields.checkNumber("frequency_penalty", -2, 2);
    fields.text("user", "");
  }

  /** What would change the reply in ways that this server cannot is not ignored. */
  private static void refuseUnable(Fields fields) throws OpenAiError {
    if (fields.flag("echo", false) || !fields.text("suffix", "").isEmpty()) {
      throw OpenAiError.invalid(
          fields.given("suffix") ? "suffix" : "echo",
          "This server neither echoes prompts nor fills in before a 'suffix'.");
    }
  }

  private static ReplyLength length(Fields fields) throws OpenAiError {
    String maxField =
        fields.given("max_completion_tokens") ? "max_completion_tokens" : "max_tokens";
    int max = fields.count(maxField, 0, 1, ANY);
    int min = fields.count("min_tokens", 0, 0, ANY);
    if (max > 0 && min > max) {
      throw OpenAiError.invalid(
          "min_tokens",
          "'min_tokens' must be no more than '%s', %d, not %d.".formatted(maxField, max, min));
    }
    return new ReplyLength(max, min, fields.flag("ignore_eos", false));
  }

  private static StopStrings stop(Fields fields) throws OpenAiError {
    boolean included = fields.flag("include_stop_str_in_output", false);
    return new StopStrings(fields.texts("stop", MOST_STOPS), included);
  }

  /** What a reply to the request's {@code response_format} is made of; null for words. */
  private static JsonNode schema(Fields fields) throws OpenAiError {
    Fields format = fields.object("response_format");
    return switch (format.text("type", "text")) {
      case "text" -> null;
      case "json_object" ->
          Json.object()
              .set("properties", Json.object().set("answer", Json.object().put("type", "string")));
      case "json_schema" -> format.object("json_schema").get("schema");
      default ->
          throw format.wrong(
              "type", "\"text\", \"json_object\" or \"json_schema\"", format.get("type"));
    };
  }

  private static boolean thinks(Fields fields) throws OpenAiError {
    return !fields.text("reasoning_effort", "").equals("none")
        && fields.object("chat_template_kwargs").flag("enable_thinking", true);
  }

  private static GenerationRequest.Delivery delivery(Api api, Fields fields) throws OpenAiError {
    boolean stream = fields.flag("stream", false);
    if (!stream && fields.given("stream_options")) {
      throw OpenAiError.invalid(
          "stream_options",
          "The 'stream_options' parameter is only allowed when 'stream' is enabled.");
    }
    Fields options = fields.object("stream_options");
    return new GenerationRequest.Delivery(
        stream,
        options.flag("include_usage", false),
        options.flag("continuous_usage_stats", false),
        api == Api.CHAT ? chatLogprobs(fields) : fields.count("logprobs", -1, 0, 5));
  }

  private static int chatLogprobs(Fields fields) throws OpenAiError {
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
