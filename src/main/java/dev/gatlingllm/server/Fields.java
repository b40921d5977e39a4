package dev.gatlingllm.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a JSON object's fields by type. One that is absent or null has its default; one of another
 * type, or out of its range, is an error that names it.
 *
 * @param path what stands before the fields' names in errors, such as {@code stream_options.}
 */
record Fields(JsonNode json, String path) {

  static Fields of(JsonNode json) {
    return new Fields(json, "");
  }

  /** An object inside of this one; empty when it is absent. */
  Fields object(String field) throws OpenAiError {
    JsonNode value = json.path(field);
    if (given(field) && !value.isObject()) {
      throw wrong(field, "an object", value);
    }
    return new Fields(value, path + field + ".");
  }

  boolean given(String field) {
    return json.hasNonNull(field);
  }

  JsonNode get(String field) {
    return json.path(field);
  }

  /** A whole number, or {@code ifAbsent}, which need not be in the range. */
  int count(String field, int ifAbsent, int min, int max) throws OpenAiError {
    JsonNode value = json.path(field);
    if (!given(field)) {
      return ifAbsent;
    }
    boolean whole = value.isIntegralNumber() && value.canConvertToInt();
    if (!whole || value.intValue() < min || value.intValue() > max) {
      String range =
          max == Integer.MAX_VALUE ? "of " + min + " or more" : "from " + min + " to " + max;
      throw wrong(field, "a whole number " + range, value);
    }
    return value.intValue();
  }

  /** Any whole number, or {@code ifAbsent}. */
  long whole(String field, long ifAbsent) throws OpenAiError {
    JsonNode value = json.path(field);
    if (given(field) && !(value.isIntegralNumber() && value.canConvertToLong())) {
      throw wrong(field, "a whole number", value);
    }
    return value.asLong(ifAbsent);
  }

  /** Sees to it that a field that is there is a number of a range; what it is is of no use here. */
  void checkNumber(String field, double min, double max) throws OpenAiError {
    JsonNode value = json.path(field);
    if (given(field)
        && !(value.isNumber() && value.doubleValue() >= min && value.doubleValue() <= max)) {
      throw wrong(field, "a number from %.0f to %.0f".formatted(min, max), value);
    }
  }

  boolean flag(String field, boolean ifAbsent) throws OpenAiError {
    JsonNode value = json.path(field);
    if (given(field) && !value.isBoolean()) {
      throw wrong(field, "true or false", value);
    }
    return value.asBoolean(ifAbsent);
  }

  String text(String field, String ifAbsent) throws OpenAiError {
    JsonNode value = json.path(field);
    if (given(field) && !value.isTextual()) {
      throw wrong(field, "a string", value);
    }
    return given(field) ? value.textValue() : ifAbsent;
  }

  /** A string, or an array of strings, none of them empty. */
  List<String> texts(String field, int most) throws OpenAiError {
    if (!given(field)) {
      return List.of();
    }
    JsonNode value = json.path(field);
    List<String> texts = new ArrayList<>();
    for (JsonNode text : value.isTextual() ? List.of(value) : value) {
      texts.add(text.isTextual() ? text.textValue() : "");
    }
    if (texts.isEmpty() && !value.isArray() || texts.size() > most || texts.contains("")) {
      throw wrong(field, "a string or an array of up to " + most + " strings, none empty", value);
    }
    return texts;
  }

  OpenAiError wrong(String field, String right, JsonNode value) {
    String text = value.toString();
    String shown = text.length() > 100 ? text.substring(0, 100) + "…" : text;
    return OpenAiError.invalid(
        path + field, "'%s%s' must be %s, not %s.".formatted(path, field, right, shown));
  }
}
