package dev.gatlingllm.stream;

import java.util.regex.Pattern;

/** An error in the server's own words, each of which may be null and none of which is trusted. */
record ServerError(String type, String code, String message) {

  private static final int LONGEST_MESSAGE = 1_000;

  /** What may become part of a label: labels are counted, so a sentence or an escape is not fit. */
  private static final Pattern FIT_FOR_A_LABEL = Pattern.compile("[A-Za-z0-9_.-]{1,40}");

  /**
   * The label of this error.
   *
   * @param prefix what comes before the type or code
   * @param known a code that says nothing new after that prefix
   */
  String label(String prefix, String known) {
    for (String word : new String[] {type, code}) {
      if (word != null && !word.equals(known) && FIT_FOR_A_LABEL.matcher(word).matches()) {
        return prefix + ' ' + word;
      }
    }
    return prefix;
  }

  /** The error's message, or where it has none, the given one. */
  String messageOr(String other) {
    if (message == null || message.isBlank()) {
      return other;
    }
    String stripped = message.strip();
    return stripped.length() <= LONGEST_MESSAGE ? stripped : stripped.substring(0, LONGEST_MESSAGE);
  }
}
