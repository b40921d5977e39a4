package dev.gatlingllm.report.runs;

import dev.gatlingllm.metrics.Interval;
import dev.gatlingllm.metrics.ServerClock;
import dev.gatlingllm.report.Finding;
import dev.gatlingllm.report.RunInfo;
import dev.gatlingllm.text.Names;
import dev.gatlingllm.text.Numbers;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far apart the clocks of load generators are, by the {@code Date} headers of the server that
 * they asked. The first generator whose responses had such headers is the reference.
 */
final class ClockOffsets {

  private static final String KIND = "merged-clocks";

  /** A smaller difference hardly matters beside windows of seconds. */
  private static final double MAX_UNNOTICED_MILLIS = 100;

  /** Of more load generators, those that are furthest off are named. */
  private static final int MAX_NAMED = 8;

  /**
   * The clock of a load generator.
   *
   * @param name of its run
   * @param aheadMillis how far it is ahead of the reference
   */
  private record Offset(String name, Interval aheadMillis) {

    boolean isOff() {
      return aheadMillis.isKnown() && !aheadMillis.contains(0);
    }

    double middleMillis() {
      return (aheadMillis.low() + aheadMillis.high()) / 2;
    }

    /** Returns a bound that the difference certainly exceeds; negative if there may be none. */
    double leastMillis() {
      return Math.max(aheadMillis.low(), -aheadMillis.high());
    }

    double mostMillis() {
      return Math.max(-aheadMillis.low(), aheadMillis.high());
    }

    @Override
    public String toString() {
      return "%s %s ms (± %s ms) %s"
          .formatted(
              name,
              Numbers.millis(Math.abs(middleMillis())),
              Numbers.millis(aheadMillis.high() - middleMillis()),
              middleMillis() > 0 ? "ahead" : "behind");
    }
  }

  private final @Nullable Source reference;
  private final List<Offset> offsets;

  /** Compares the clocks of load generators that worked side by side. */
  ClockOffsets(List<Source> sources) {
    reference =
        sources.stream().filter(source -> source.info().clock() != null).findFirst().orElse(null);
    offsets =
        sources.stream()
            .map(source -> new Offset(source.label(), aheadMillis(source.info(), reference)))
            .toList();
  }

  private static Interval aheadMillis(RunInfo run, @Nullable Source reference) {
    if (reference == null || run.clock() == null) {
      return Interval.UNKNOWN;
    }
    RunInfo first = reference.info();
    if (run.equals(first)) {
      return new Interval(0, 0);
    }
    ServerClock theirs = Objects.requireNonNull(first.clock());
    String server = run.target().baseUrl();
    boolean isSameServer = server != null && server.equals(first.target().baseUrl());
    return run.clock().aheadMillisOf(theirs, isSameServer);
  }

  /** Returns whether it is known of each clock how far it is ahead. */
  boolean areKnown() {
    return offsets.stream().allMatch(offset -> offset.aheadMillis.isKnown());
  }

  /** Returns whether any clock certainly differs from the reference. */
  boolean areCorrected() {
    return offsets.stream().anyMatch(Offset::isOff);
  }

  /**
   * Returns how far the clock of a load generator is ahead of the reference; 0 where the two may
   * agree, or nothing is known.
   *
   * @param index of its run
   */
  long aheadMillis(int index) {
    Offset offset = offsets.get(index);
    return offset.isOff() ? Math.round(offset.middleMillis()) : 0;
  }

  /** Moves runs to the clock of the reference. */
  void correct(List<Source> sources) {
    for (int i = 0; i < sources.size(); i++) {
      sources.get(i).frame().correctClock(-aheadMillis(i));
    }
  }

  /** Returns what a reader should know about the clocks; nothing if no headers tell of them. */
  List<Finding> findings() {
    if (reference == null || offsets.size() == 1) {
      return List.of();
    }
    List<Finding> found = new ArrayList<>();
    List<Offset> known = offsets.stream().filter(o -> o.aheadMillis.isKnown()).toList();
    List<Offset> off =
        known.stream()
            .filter(Offset::isOff)
            .sorted(Comparator.comparingDouble(Offset::leastMillis).reversed())
            .toList();
    if (!off.isEmpty()) {
      found.add(difference(off, reference.label()));
    } else if (known.size() > 1) {
      found.add(
          Finding.note(
              KIND,
              "By the Date headers of responses, the clocks of the load generators may agree: they"
                  + " differ from that of %s by %s ms at most.",
              reference.label(),
              Numbers.millis(known.stream().mapToDouble(Offset::mostMillis).max().orElse(0))));
    }
    unknown().ifPresent(found::add);
    return found;
  }

  private static Finding difference(List<Offset> off, String reference) {
    String text =
        ("By the Date headers of responses, clocks differ from that of %s: %s. The merge moved"
                + " their windows and timelines by as much. requests.jsonl keeps each load generator's"
                + " own times, in the order of one clock. Synchronise the clocks.")
            .formatted(
                reference, Names.first(MAX_NAMED, off.stream().map(Offset::toString).toList()));
    return new Finding(
        KIND,
        off.get(0).leastMillis() > MAX_UNNOTICED_MILLIS
            ? Finding.Level.WARNING
            : Finding.Level.NOTE,
        text);
  }

  private Optional<Finding> unknown() {
    List<String> names =
        offsets.stream().filter(o -> !o.aheadMillis.isKnown()).map(Offset::name).toList();
    return names.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Finding(
                KIND,
                Finding.Level.NOTE,
                "Nothing is known of the clocks of these load generators, because responses had no"
                    + " Date header or the headers contradict each other: "
                    + Names.first(MAX_NAMED, names)
                    + "."));
  }
}
