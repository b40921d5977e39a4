package dev.gatlingllm.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the fields of a JSON object by type. An absent or null field has its default; a field of
 * another type or out of its range is an error.
 *
 * @param path the prefix of field names in errors, such as {@code stream_options.}
 */
record RequestFields(JsonNode json, String path) {

  static RequestFields of(JsonNode json) {
    return new RequestFields(json, "");
  }

  /** Returns a nested object; empty if absent. */
  RequestFields object(String field) throws OpenAiError {
    JsonNode value = json.path(field);
    if (has(field) && !value.isObject()) {
      throw invalid(field, "an object", value);
    }
    return new RequestFields(value, path + field + ".");
  }

  boolean has(String field) {
    return json.hasNonNull(field);
  }

  JsonNode get(String field) {
    return json.path(field);
  }

  /** Returns a number in a range, or {@code ifAbsent}, which can be outside the range. */
  int count(String field, int ifAbsent, int min, int max) throws OpenAiError {
    JsonNode value = json.path(field);
    if (!has(field)) {
      return ifAbsent;
    }
    boolean whole = value.isIntegralNumber() && value.canConvertToInt();
    if (!whole || value.intValue() < min || value.intValue() > max) {
      String range = max == Integer.MAX_VALUE ? "of at least " + min : "from " + min + " to " + max;
      throw invalid(field, "a whole number " + range, value);
    }
    return value.intValue();
  }

  /** Returns any whole number, or {@code ifAbsent}. */
  long integer(String field, long ifAbsent) throws OpenAiError {
    JsonNode value = json.path(field);
    if (has(field) && !(value.isIntegralNumber() && value.canConvertToLong())) {
      throw invalid(field, "a whole number", value);
    }
    return value.asLong(ifAbsent);
  }

  /** Checks that a field, if present, is a number in a range. */
  void checkRange(String field, double min, double max) throws OpenAiError {
    JsonNode value = json.path(field);
    if (has(field)
        && !(value.isNumber() && value.doubleValue() >= min && value.doubleValue() <= max)) {
      throw invalid(field, "a number from %.0f to %.0f".formatted(min, max), value);
    }
  }

  boolean flag(String field, boolean ifAbsent) throws OpenAiError {
    JsonNode value = json.path(field);
    if (has(field) && !value.isBoolean()) {
      throw invalid(field, "true or false", value);
    }
    return value.asBoolean(ifAbsent);
  }

  String text(String field, String ifAbsent) throws OpenAiError {
    JsonNode value = json.path(field);
    if (has(field) && !value.isTextual()) {
      throw invalid(field, "a string", value);
    }
    return has(field) ? value.textValue() : ifAbsent;
  }

  /** Returns the strings of a field that is a string or an array of non-empty strings. */
  List<String> texts(String field, int max) throws OpenAiError {
    if (!has(field)) {
      return List.of();
    }
    JsonNode value = json.path(field);
    List<String> texts = new ArrayList<>();
    for (JsonNode text : value.isTextual() ? List.of(value) : value) {
      texts.add(text.isTextual() ? text.textValue() : "");
    }
    if ((texts.isEmpty() && !value.isArray()) || texts.size() > max || texts.contains("")) {
      throw invalid(field, "a string or an array of up to " + max + " strings, none empty", value);
    }
    return texts;
  }

  OpenAiError invalid(String field, String allowed, JsonNode value) {
    String text = value.toString();
    String shown = text.length() > 100 ? text.substring(0, 100) + "…" : text;
    return OpenAiError.invalid(
        path + field, "'%s%s' must be %s, got %s.".formatted(path, field, allowed, shown));
  }
}
