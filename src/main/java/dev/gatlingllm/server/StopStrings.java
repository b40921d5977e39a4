package dev.gatlingllm.server;

import java.util.List;

/**
 * Where a reply is to stop, as the request says.
 *
 * @param strings the stop strings; the one that is met first counts
 * @param included whether the reply shows the stop string that ends it
 */
record StopStrings(List<String> strings, boolean included) {

  static final StopStrings NONE = new StopStrings(List.of(), false);

  /**
   * A text up to its first stop string, or as it is when it has none.
   *
   * @param minTokens stop strings that begin before this many tokens do not count
   */
  TokenText applyTo(TokenText text, int minTokens) {
    if (strings.isEmpty()) {
      return text;
    }
    StringBuilder said = new StringBuilder();
    int from = 0;
    for (int token = 0; token < text.tokens(); token++) {
      said.append(text.text(token));
      if (token < minTokens) {
        from = said.length();
        continue;
      }
      for (String stop : strings) {
        int begin = said.indexOf(stop, from);
        if (begin >= 0) {
          return cut(text, token + 1, included ? begin + stop.length() : begin, stop);
        }
      }
      from = Math.max(from, said.length() - longest());
    }
    return text;
  }

  private int longest() {
    return strings.stream().mapToInt(String::length).max().orElse(0);
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
}
