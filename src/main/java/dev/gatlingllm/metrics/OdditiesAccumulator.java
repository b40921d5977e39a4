package dev.gatlingllm.metrics;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Counts good responses by what is odd about them. */
@Accumulator
final class OdditiesAccumulator {

  private static final List<Oddity> ALL = List.of(Oddity.values());

  private EnumMap<Oddity, Long> counts = new EnumMap<>(Oddity.class);

  /** Adds a response that ended in the window. */
  void add(Response response) {
    if (response.ok()) {
      for (Oddity oddity : ALL) {
        if (oddity.isOf(response)) {
          add(oddity, 1L);
        }
      }
    }
  }

  private void add(Oddity oddity, long count) {
    counts.merge(oddity, count, Long::sum);
  }

  void add(OdditiesAccumulator other) {
    other.counts.forEach(this::add);
  }

  /** Returns the number of good responses with each oddity, without those that none has. */
  Map<Oddity, Long> summary() {
    return Collections.unmodifiableMap(new EnumMap<>(counts));
  }
}
