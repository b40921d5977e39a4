package dev.gatlingllm.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatlingllm.prompt.SeededRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The images of prompts. In the text of a message, a mark with the image's hash stands for it until
 * the text is tokenized: an image becomes a number of tokens that depend on its content alone.
 */
final class ImageParts {

  /** Characters for private use, which no text of a test has. */
  private static final char OPEN = '\uF8F0';

  private static final char CLOSE = '\uF8F1';
  private static final Pattern MARK = Pattern.compile(OPEN + "(-?\\d+)" + CLOSE);
  private static final Pattern DATA = Pattern.compile("data:image/[a-z+.-]+;base64,(.*)");

  private ImageParts() {}

  /** Returns whether a part of a message is an image. */
  static boolean isImage(JsonNode part) {
    return switch (part.path("type").asText()) {
      case "image_url", "input_image", "image" -> true;
      default -> false;
    };
  }

  /**
   * Returns the mark of an image. Images at another address are not fetched; the address stands for
   * the content.
   *
   * @param part of a chat, of OpenAI's Responses API, or of Anthropic's Messages API
   * @param name the part's name in errors
   * @throws OpenAiError if it is no image
   */
  static String mark(JsonNode part, String name) throws OpenAiError {
    JsonNode url = part.path("image_url");
    JsonNode source = part.path("source");
    String data =
        source.has("data")
            ? "data:"
                + source.path("media_type").asText()
                + ";base64,"
                + source.get("data").asText()
            : url.path("url").asText(url.asText(source.path("url").asText()));
    Matcher inline = DATA.matcher(data);
    boolean isInline = inline.matches();
    if (!isInline && !data.matches("https?://\\S+")) {
      throw OpenAiError.invalid(
          name, "'" + name + "' must have an image in Base64 or the URL of one.");
    }
    try {
      if (isInline && Base64.getDecoder().decode(inline.group(1)).length == 0) {
        throw new IllegalArgumentException("no data");
      }
    } catch (IllegalArgumentException e) {
      throw OpenAiError.invalid(
          name, "'" + name + "' has an image that cannot be decoded: " + e.getMessage() + ".");
    }
    return OPEN + Integer.toString(data.hashCode()) + CLOSE;
  }

  /** Returns whether a text has marks. */
  static boolean hasMarks(String text) {
    return text.indexOf(OPEN) >= 0;
  }

  /**
   * Returns the tokens of a text with marks.
   *
   * @param tokenizer tokenizes what is between them
   * @param imageTokens number of tokens of an image
   */
  static int[] encode(String text, Function<String, int[]> tokenizer, int imageTokens) {
    List<int[]> pieces = new ArrayList<>();
    Matcher marks = MARK.matcher(text);
    int from = 0;
    while (marks.find()) {
      pieces.add(tokenizer.apply(text.substring(from, marks.start())));
      // no token of a vocabulary is negative
      pieces.add(
          SeededRandom.of(Long.parseLong(marks.group(1)))
              .ints(imageTokens, Integer.MIN_VALUE, -1)
              .toArray());
      from = marks.end();
    }
    pieces.add(tokenizer.apply(text.substring(from)));
    return pieces.stream().flatMapToInt(Arrays::stream).toArray();
  }
}
