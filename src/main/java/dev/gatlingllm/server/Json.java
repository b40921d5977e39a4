package dev.gatlingllm.server;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Reads and writes JSON as trees. Thread-safe. */
final class Json {

  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private Json() {}

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  static byte[] bytes(JsonNode node) {
    try {
      return MAPPER.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns a text as the content of a JSON string, without the quotes. */
  static byte[] escaped(String text) {
    char[] escaped = JsonStringEncoder.getInstance().quoteAsString(text);
    return new String(escaped).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Parses the body of a request.
   *
   * @throws OpenAiError unless it is one JSON object
   */
  static ObjectNode parse(byte[] body) throws OpenAiError {
    JsonNode node;
    try {
      node = MAPPER.readTree(body);
    } catch (JacksonException e) {
      var at = e.getLocation();
      // Jackson's own limits, such as that of nesting, have no location
      String place =
          at == null ? "" : " (line %d, column %d)".formatted(at.getLineNr(), at.getColumnNr());
      throw OpenAiError.invalid(
          null,
          "We could not parse the JSON body of your request: "
              + e.getOriginalMessage()
              + place
              + ".");
    } catch (IOException e) {
      throw OpenAiError.invalid(null, "We could not read the body of your request: " + e);
    }
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw OpenAiError.invalid(
        null,
        "The body of your request must be a JSON object, got "
            + (node.isMissingNode()
                ? "nothing."
                : node.getNodeType().name().toLowerCase(Locale.ROOT) + "."));
  }
}
