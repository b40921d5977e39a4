package dev.gatlingllm.prompt;

import java.lang.ref.SoftReference;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the conversations of each group have in common, made once and kept as long as a conversation
 * has it or there is memory: a replayed file may have as many groups as entries. Any thread may
 * call.
 */
public final class SharedTexts<T> {

  private final ConcurrentMap<Integer, SoftReference<T>> byGroup = new ConcurrentHashMap<>();

  /** Returns what a group shares; made here if it is not there, perhaps by two threads at once. */
  public T get(int group, Supplier<T> source) {
    SoftReference<T> known = byGroup.get(group);
    @Nullable T kept = known == null ? null : known.get();
    if (kept != null) {
      return kept;
    }
    T made = source.get();
    byGroup.put(group, new SoftReference<>(made));
    return made;
  }
}
