package dev.gatlingllm.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An error response with the fields of OpenAI's error body. */
final class OpenAiError extends Exception {

  private static final Logger LOG = LoggerFactory.getLogger(OpenAiError.class);
  private static final String INVALID = "invalid_request_error";
  private static final HttpResponseStatus OVERLOADED =
      new HttpResponseStatus(529, "Site is overloaded");

  private final HttpResponseStatus status;
  private final String type;
  private final @Nullable String param;
  private final @Nullable String code;
  private final HttpHeaders headers = new DefaultHttpHeaders();

  private OpenAiError(
      int status, String message, String type, @Nullable String param, @Nullable String code) {
    // no stack trace: this is a response, not a failure of the server
    super(message, null, false, false);
    this.status = HttpResponseStatus.valueOf(status);
    this.type = type;
    this.param = param;
    this.code = code;
  }

  /**
   * @param param the invalid field, or null for the request as a whole
   */
  static OpenAiError invalid(@Nullable String param, String message) {
    return new OpenAiError(400, message, INVALID, param, null);
  }

  /** An error of the HTTP request rather than of a field in its body. */
  static OpenAiError http(HttpResponseStatus status, String message) {
    return new OpenAiError(status.code(), message, INVALID, null, null);
  }

  static OpenAiError noApiKey() {
    return unauthorized(
        "You didn't provide an API key. You need to provide it in an Authorization header using"
            + " Bearer auth (i.e. Authorization: Bearer YOUR_KEY).",
        null);
  }

  /** The message does not contain the key, because errors end up in logs. */
  static OpenAiError wrongApiKey() {
    return unauthorized("Incorrect API key provided.", "invalid_api_key");
  }

  private static OpenAiError unauthorized(String message, @Nullable String code) {
    return new OpenAiError(401, message, INVALID, null, code)
        .withHeader(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer");
  }

  static OpenAiError modelNotFound(String model) {
    return new OpenAiError(
        404,
        "The model `" + model + "` does not exist or you do not have access to it.",
        INVALID,
        null,
        "model_not_found");
  }

  static OpenAiError responseNotFound(String id) {
    return new OpenAiError(
        404,
        "Previous response with id '" + id + "' not found.",
        INVALID,
        "previous_response_id",
        "previous_response_not_found");
  }

  static OpenAiError contextLengthExceeded(
      GenerationApi api, int limit, int prompt, int completion) {
    String message =
        "This model's maximum context length is %d tokens. However, you requested %d tokens (%d in the %s, %d in the completion). Please reduce the length of the %s or completion."
            .formatted(
                limit,
                (long) prompt + completion,
                prompt,
                api.promptField,
                completion,
                api.promptField);
    return new OpenAiError(400, message, INVALID, api.promptField, "context_length_exceeded");
  }

  static OpenAiError rateLimited() {
    return new OpenAiError(
        429,
        "Rate limit reached for requests. Please try again later.",
        "rate_limit_error",
        null,
        "rate_limit_exceeded");
  }

  static OpenAiError overloaded() {
    return new OpenAiError(
        503,
        "The engine is currently overloaded. Please try again later.",
        "overloaded_error",
        null,
        null);
  }

  static OpenAiError failed() {
    return new OpenAiError(
        500, "The server had an error while processing your request.", "server_error", null, null);
  }

  /** Returns the error that a handler threw; one with status 500 for any other exception. */
  static OpenAiError of(Throwable thrown) {
    if (thrown instanceof OpenAiError error) {
      return error;
    }
    LOG.error("Could not handle a request", thrown);
    return new OpenAiError(500, thrown.toString(), "server_error", null, null);
  }

  /** Adds a header of the response. */
  OpenAiError withHeader(CharSequence name, Object value) {
    headers.set(name, value);
    return this;
  }

  /**
   * Adds {@code Retry-After}, in whole seconds.
   *
   * @param time zero omits the header
   */
  OpenAiError retryAfter(Duration time) {
    return time.isZero()
        ? this
        : withHeader(HttpHeaderNames.RETRY_AFTER, time.plusNanos(999_999_999).toSeconds());
  }

  HttpResponseStatus status() {
    return status;
  }

  /** Returns the status in Anthropic's Messages API, which has one of its own for overload. */
  HttpResponseStatus messagesStatus() {
    return status.equals(HttpResponseStatus.SERVICE_UNAVAILABLE) ? OVERLOADED : status;
  }

  HttpHeaders headers() {
    return headers;
  }

  ObjectNode body() {
    return Json.object().set("error", json());
  }

  /** Returns the body in the form of Anthropic's Messages API. */
  ObjectNode asMessagesError(String requestId) {
    ObjectNode body = Json.object().put("type", "error");
    body.putObject("error")
        .put(
            "type",
            switch (status.code()) {
              case 401 -> "authentication_error";
              case 403 -> "permission_error";
              case 404 -> "not_found_error";
              case 413 -> "request_too_large";
              case 429 -> "rate_limit_error";
              case 500 -> "api_error";
              case 503 -> "overloaded_error";
              default -> INVALID;
            })
        .put("message", getMessage());
    return body.put("request_id", requestId);
  }

  /** Returns the event of OpenAI's Responses API. */
  ObjectNode asResponsesEvent() {
    return Json.object()
        .put("type", "error")
        .put("code", type)
        .put("message", getMessage())
        .put("param", param)
        .put("sequence_number", 0);
  }

  /** Returns the error without the object around it. */
  byte[] error() {
    return Json.bytes(json());
  }

  private ObjectNode json() {
    return Json.object()
        .put("message", getMessage())
        .put("type", type)
        .put("param", param)
        .put("code", code);
  }
}
