package dev.gatlingllm.report.runs;

import dev.gatlingllm.report.RunInfo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Checks that runs are the shards of one load: each of them once, with the same settings, and
 * complete.
 */
final class ShardCheck {

  /**
   * A run that was found.
   *
   * @param complete whether it came to its end
   */
  record Begun(Path folder, boolean complete, RunInfo info) {

    /** The order of shards; of merged runs, which are none, first. */
    static final Comparator<Begun> BY_SHARD =
        Comparator.comparing(run -> run.info.shard() == null ? 0 : run.info.shard().index());

    @Override
    public String toString() {
      return folder
          + (info.start() == null ? "" : ", started " + info.start())
          + (complete ? "" : ", not complete");
    }
  }

  /** Settings that do not decide the load: a shard may have its own replica, and its own files. */
  private static final Set<String> OWN_SETTINGS =
      Set.of("baseUrl", "chunkTimes", "inferencePerfFiles");

  private final int count;

  /**
   * Creates the check of a load.
   *
   * @param count number of its shards, from 1
   */
  ShardCheck(int count) {
    this.count = count;
  }

  /**
   * Returns what is missing before the runs can be merged, as a sentence without a full stop; empty
   * if nothing is.
   *
   * @throws MergeException if these runs cannot be merged, whatever arrives later
   */
  String missing(List<Begun> runs) throws MergeException {
    TreeMap<Integer, Begun> shards = new TreeMap<>();
    // a run that goes on has not used all of its settings yet
    List<Begun> complete = runs.stream().filter(Begun::complete).toList();
    for (Begun run : runs) {
      int index = index(run);
      if (run.complete()) {
        requireSameLoad(complete.get(0), run);
      }
      Begun first = shards.putIfAbsent(index, run);
      if (first != null && first.folder().normalize().equals(run.folder().normalize())) {
        throw new MergeException(run.folder() + " is named twice");
      }
      if (first != null) {
        throw new MergeException(
            ("Two runs are shard %d/%d: %s; and %s. A shard that runs twice sends its part of the"
                    + " load twice. Move the run that must not count to another folder")
                .formatted(index, count, first, run));
      }
    }
    List<String> problems = new ArrayList<>();
    missing(shards.keySet(), count).ifPresent(problems::add);
    for (Begun run : shards.values()) {
      if (!run.complete()) {
        problems.add(
            "shard %d/%d is not complete: %s is still running, or was stopped"
                .formatted(index(run), count, run.folder()));
      }
    }
    return String.join("; ", problems);
  }

  /**
   * Returns which shards are missing, as a sentence without a full stop; empty if all are there.
   *
   * @param present the numbers of those that are there
   */
  static Optional<String> missing(Set<Integer> present, int count) {
    SortedSet<Integer> missing = new TreeSet<>();
    for (int index = 1; index <= count; index++) {
      missing.add(index);
    }
    missing.removeAll(present);
    String numbers = ranges(missing) + " of " + count;
    return switch (missing.size()) {
      case 0 -> Optional.empty();
      case 1 -> Optional.of("shard " + numbers + " is missing");
      default -> Optional.of("shards " + numbers + " are missing");
    };
  }

  private int index(Begun run) throws MergeException {
    RunInfo.Shard shard = run.info().shard();
    if (shard == null || !run.info().runs().isEmpty()) {
      throw new MergeException(
          run.folder()
              + " is a merged run, and no shard. Name the runs of the shards alone, or move it to"
              + " another folder");
    }
    if (shard.count() != count) {
      throw new MergeException(
          shard.count() == 1
              ? ("%s sent the whole load: llm.shard was not set. --expect %d takes the shards 1/%d"
                      + " to %d/%d. Leave it out, or run it again with llm.shard")
                  .formatted(run.folder(), count, count, count, count)
              : ("%s is shard %d/%d, but --expect %d takes the shards of %d. Leave it out, or use"
                      + " --expect %d")
                  .formatted(
                      run.folder(), shard.index(), shard.count(), count, count, shard.count()));
    }
    return shard.index();
  }

  private static void requireSameLoad(Begun first, Begun other) throws MergeException {
    Map<String, @Nullable String> one = load(first.info());
    Map<String, @Nullable String> another = load(other.info());
    Set<String> names = new LinkedHashSet<>(one.keySet());
    names.addAll(another.keySet());
    for (String name : names) {
      String value = one.get(name);
      String different = another.get(name);
      if (!Objects.equals(value, different)) {
        throw new MergeException(
            ("The runs are of different loads: %s is %s in %s, and %s in %s. Leave out the runs of"
                    + " another load; shards of one load must have the same settings")
                .formatted(
                    name,
                    Objects.requireNonNullElse(value, "not set"),
                    first.folder(),
                    Objects.requireNonNullElse(different, "not set"),
                    other.folder()));
      }
    }
  }

  /** Returns what all shards of a load must have in common. */
  private static Map<String, @Nullable String> load(RunInfo info) {
    Map<String, @Nullable String> load = new LinkedHashMap<>();
    load.put("the simulation", info.simulation());
    load.put("llm.model", info.target().model());
    load.put("llm.api", info.target().api());
    load.put("llm.tokenizer", info.target().tokenizer());
    load.put("llm.seed", info.seed() == null ? null : info.seed().toString());
    settings(info).forEach((name, value) -> load.put("llm." + name, value));
    return load;
  }

  /** Returns the settings that decide the load, by their names. */
  static Map<String, String> settings(RunInfo info) {
    Map<String, String> settings = new LinkedHashMap<>(info.load().settings());
    settings.keySet().removeAll(OWN_SETTINGS);
    // the same file may lie in another place on each machine
    settings.computeIfPresent("replay", (name, file) -> file.substring(file.lastIndexOf('/') + 1));
    return settings;
  }

  /** Returns numbers in words, such as {@code 2, 4 to 6, 9}. */
  static String ranges(SortedSet<Integer> numbers) {
    List<String> ranges = new ArrayList<>();
    for (int from : numbers) {
      if (numbers.contains(from - 1)) {
        continue;
      }
      int to = from;
      while (numbers.contains(to + 1)) {
        to++;
      }
      String rest = to == from ? "" : (to == from + 1 ? ", " : " to ") + to;
      ranges.add(from + rest);
    }
    return String.join(", ", ranges);
  }
}
