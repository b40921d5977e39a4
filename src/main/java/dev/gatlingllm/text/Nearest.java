package dev.gatlingllm.text;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the known name that a misspelt one probably stands for. */
public final class Nearest {

  private Nearest() {}

  /**
   * Returns the name that takes the fewest edits, whatever its case; empty if all of them differ in
   * more than half of their letters.
   */
  public static Optional<String> to(String word, Collection<String> names) {
    return names.stream()
        .min(Comparator.comparingInt(name -> distance(word, name)))
        .filter(name -> 2 * distance(word, name) <= Math.max(word.length(), name.length()));
  }

  /** Levenshtein's distance, by Wagner and Fischer. */
  private static int distance(String one, String other) {
    String from = one.toLowerCase(Locale.ROOT);
    String to = other.toLowerCase(Locale.ROOT);
    int[] row = new int[to.length() + 1];
    for (int j = 1; j <= to.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int change = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[to.length()];
  }
}
