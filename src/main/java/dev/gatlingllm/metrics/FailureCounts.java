package dev.gatlingllm.metrics;

import dev.gatlingllm.metrics.RunSummary.FailureCount;
import dev.gatlingllm.stream.Failure;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Failures by kind, with a few distinct examples of each.
 *
 * <p>Kinds and messages hold what a server says, which may be anything and of any length: both are
 * cut, and kinds above {@link #MAX_KINDS} are pooled.
 */
@Accumulator
final class FailureCounts {

  static final int MAX_KINDS = 100;
  static final int MAX_EXAMPLES = 5;
  static final int MAX_CHARS = 500;
  static final String OTHER_KINDS = "other";

  @Accumulator
  private static final class Kind {
    private long count;
    private LinkedHashSet<String> examples = new LinkedHashSet<>();
  }

  private TreeMap<String, Kind> kinds = new TreeMap<>();

  void add(Failure failure) {
    String message = failure.message();
    add(cut(failure.kind()), 1, message == null ? Set.of() : Set.of(cut(message)));
  }

  void add(FailureCounts other) {
    other.kinds.forEach((name, kind) -> add(name, kind.count, kind.examples));
  }

  private void add(String name, long count, Set<String> examples) {
    boolean hasRoom = kinds.size() < MAX_KINDS || kinds.containsKey(name);
    Kind kind = kinds.computeIfAbsent(hasRoom ? name : OTHER_KINDS, unseen -> new Kind());
    kind.count += count;
    for (String example : examples) {
      if (kind.examples.size() < MAX_EXAMPLES) {
        kind.examples.add(example);
      }
    }
  }

  private static String cut(String text) {
    if (text.length() <= MAX_CHARS) {
      return text;
    }
    boolean splitsPair = Character.isHighSurrogate(text.charAt(MAX_CHARS - 1));
    return text.substring(0, splitsPair ? MAX_CHARS - 1 : MAX_CHARS);
  }

  SortedMap<String, FailureCount> summary() {
    SortedMap<String, FailureCount> counts = new TreeMap<>();
    kinds.forEach(
        (name, kind) -> counts.put(name, new FailureCount(kind.count, List.copyOf(kind.examples))));
    return Collections.unmodifiableSortedMap(counts);
  }
}
