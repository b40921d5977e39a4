package dev.gatlingllm.server;

import java.util.Comparator;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/** Finds what somebody probably meant to type. */
final class NearestName {

  private NearestName() {}

  /** The name that takes the fewest edits, unless that is more than half of the word. */
  static Optional<String> to(String word, Iterable<String> names) {
    return StreamSupport.stream(names.spliterator(), false)
        .min(Comparator.comparingInt(name -> edits(word, name)))
        .filter(name -> 2 * edits(word, name) <= Math.max(word.length(), name.length()));
  }

  /** Levenshtein's distance, row by row. */
  private static int edits(String a, String b) {
    int[] row = IntStream.rangeClosed(0, b.length()).toArray();
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
