package dev.gatlingllm.text;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Lists names, and finds the name that a misspelt one stands for. */
public final class Names {

  private Names() {}

  /**
   * Returns the name that takes the fewest edits, ignoring case; empty if that is more than half of
   * the word.
   */
  public static Optional<String> nearest(String word, Collection<String> names) {
    return names.stream()
        .min(Comparator.comparingInt(name -> edits(word, name)))
        .filter(name -> 2 * edits(word, name) <= Math.max(word.length(), name.length()));
  }

  /** Returns {@code ; did you mean NAME?}, or nothing if no name is near. */
  public static String suggestion(String word, Collection<String> names) {
    return nearest(word, names).map(name -> "; did you mean " + name + "?").orElse("");
  }

  /** Returns names in a row, of many the first ones and how many more there are. */
  public static String first(int most, List<String> names) {
    return String.join(", ", names.subList(0, Math.min(most, names.size())))
        + (names.size() > most ? ", and %,d more".formatted(names.size() - most) : "");
  }

  /** Returns the names that were counted, the most frequent first. */
  public static List<String> byFrequency(Map<String, Long> counts) {
    return counts.entrySet().stream()
        .sorted(
            Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey()))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Returns the folder and the file, as in {@code qwen3/tokenizer.json}, not the whole path. */
  public static String ofFile(Path path) {
    Path file = path.toAbsolutePath().normalize();
    int names = file.getNameCount();
    return names == 0 ? file.toString() : file.subpath(Math.max(0, names - 2), names).toString();
  }

  /** Returns the Levenshtein distance of two words, row by row. */
  private static int edits(String word, String name) {
    String a = word.toLowerCase(Locale.ROOT);
    String b = name.toLowerCase(Locale.ROOT);
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
