package dev.gatlingllm.stream;

import dev.gatlingllm.text.Redactor;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An error as the server describes it. Each part may be null, and none is trusted. */
record ServerError(@Nullable String type, @Nullable String code, @Nullable String message) {

  /** A word that may become part of a label. Labels are counted, so a sentence must not. */
  private static final Pattern LABEL_WORD = Pattern.compile("[A-Za-z0-9_.-]{1,40}");

  /**
   * Returns the label of this error.
   *
   * @param prefix text before the type or code
   * @param known a code that adds nothing to that prefix
   */
  String label(String prefix, @Nullable String known) {
    for (String word : new String[] {type, code}) {
      if (word != null && !word.equals(known) && isLabel(word)) {
        return prefix + ' ' + word;
      }
    }
    return prefix;
  }

  /** Returns the error's message, or the given one where it has none. */
  String messageOr(String other) {
    return message == null || message.isBlank() ? other : message;
  }

  /** Some servers give the key that they refuse as the code. */
  private static boolean isLabel(String word) {
    return LABEL_WORD.matcher(word).matches() && Redactor.ofProcess().redact(word).equals(word);
  }
}
