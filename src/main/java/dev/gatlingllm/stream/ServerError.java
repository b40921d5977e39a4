package dev.gatlingllm.stream;

import java.util.regex.Pattern;

/** An error as the server describes it. Each part may be null, and none is trusted. */
record ServerError(String type, String code, String message) {

  private static final int MAX_MESSAGE = 1_000;

  /** A word that may become part of a label. Labels are counted, so a sentence must not. */
  private static final Pattern LABEL_WORD = Pattern.compile("[A-Za-z0-9_.-]{1,40}");

  /**
   * Returns the label of this error.
   *
   * @param prefix text before the type or code
   * @param known a code that adds nothing to that prefix
   */
  String label(String prefix, String known) {
    for (String word : new String[] {type, code}) {
      if (word != null && !word.equals(known) && LABEL_WORD.matcher(word).matches()) {
        return prefix + ' ' + word;
      }
    }
    return prefix;
  }

  /** Returns the error's message, or the given one where it has none. */
  String messageOr(String other) {
    if (message == null || message.isBlank()) {
      return other;
    }
    String stripped = message.strip();
    return stripped.length() <= MAX_MESSAGE ? stripped : stripped.substring(0, MAX_MESSAGE);
  }
}
