package dev.gatlingllm.server;

import java.util.List;

/**
 * The stop strings of a request.
 *
 * @param strings the stop strings; the first one that occurs ends the completion
 * @param included whether the text includes the stop string
 */
record StopStrings(List<String> strings, boolean included) {

  /**
   * Returns a text up to its first stop string; the same text if it contains none.
   *
   * @param minTokens stop strings that begin before this number of tokens are ignored
   */
  TokenText applyTo(TokenText text, int minTokens) {
    if (strings.isEmpty()) {
      return text;
    }
    int longest = strings.stream().mapToInt(String::length).max().getAsInt();
    StringBuilder generated = new StringBuilder();
    int from = 0;
    for (int token = 0; token < text.tokens(); token++) {
      generated.append(text.text(token));
      if (token < minTokens) {
        from = generated.length();
        continue;
      }
      for (String stop : strings) {
        int begin = generated.indexOf(stop, from);
        if (begin >= 0) {
          return cut(text, token + 1, included ? begin + stop.length() : begin, stop);
        }
      }
      from = Math.max(from, generated.length() - longest);
    }
    return text;
  }

  private static TokenText cut(TokenText text, int tokens, int end, String stop) {
    int begin = 0;
    int token = 0;
    while (begin + text.text(token).length() <= end && token < tokens - 1) {
      begin += text.text(token++).length();
    }
    String last = text.text(token);
    return new StoppedText(
        text, tokens, token, last.substring(0, Math.min(last.length(), end - begin)), stop);
  }

  /**
   * A text that ends at a stop string. The tokens of the stop string count, as in real servers, but
   * their text is omitted.
   *
   * @param cutToken the first token with omitted text; those after it have no text
   * @param cutText the remaining text of that token
   */
  record StoppedText(TokenText whole, int tokens, int cutToken, String cutText, String stop)
      implements TokenText {

    @Override
    public String text(int index) {
      return index < cutToken ? whole.text(index) : index == cutToken ? cutText : "";
    }

    @Override
    public int id(int index) {
      return whole.id(index);
    }
  }
}
