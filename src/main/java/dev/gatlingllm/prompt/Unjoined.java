package dev.gatlingllm.prompt;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Words of which no two can be joined by a piece of the vocabulary, whatever their order. Without
 * such a piece no merge and no segmentation can go over a space, so that words are independent of
 * each other even where nothing parts them before.
 */
final class Unjoined {

  private final TreeSet<String> words;
  private final TreeSet<String> reversed = new TreeSet<>();

  private Unjoined(Collection<String> words) {
    this.words = new TreeSet<>(words);
    words.forEach(word -> reversed.add(reverse(word)));
  }

  /**
   * The words that are left when for each joint either those before it or those after it are
   * dropped, whichever are fewer; in the order given.
   */
  static Set<String> of(Collection<String> words, Collection<Joint> joints) {
    Set<String> kept = new LinkedHashSet<>(words);
    if (!joints.isEmpty()) {
      Unjoined unjoined = new Unjoined(words);
      joints.forEach(unjoined::part);
      kept.retainAll(unjoined.words);
    }
    return kept;
  }

  private void part(Joint joint) {
    List<String> before =
        matching(reversed, reverse(joint.left()), joint.wholeLeft()).stream()
            .map(Unjoined::reverse)
            .toList();
    List<String> after = matching(words, joint.right(), joint.wholeRight());
    List<String> fewer = before.size() <= after.size() ? before : after;
    for (String word : fewer) {
      words.remove(word);
      reversed.remove(reverse(word));
    }
  }

  private static List<String> matching(TreeSet<String> sorted, String start, boolean whole) {
    if (whole) {
      return sorted.contains(start) ? List.of(start) : List.of();
    }
    return List.copyOf(sorted.subSet(start, start + Character.MAX_VALUE));
  }

  private static String reverse(String word) {
    return new StringBuilder(word).reverse().toString();
  }
}
