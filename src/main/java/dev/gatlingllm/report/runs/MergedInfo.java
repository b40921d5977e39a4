package dev.gatlingllm.report.runs;

import dev.gatlingllm.report.Finding;
import dev.gatlingllm.report.KeptFile;
import dev.gatlingllm.report.RequestsFile;
import dev.gatlingllm.report.RunInfo;
import dev.gatlingllm.report.RunInfo.Shard;
import dev.gatlingllm.report.RunInfo.Target;
import dev.gatlingllm.report.RunInfo.Versions;
import dev.gatlingllm.report.RunReport;
import dev.gatlingllm.report.assertion.Assertions;
import dev.gatlingllm.report.assertion.TestCase;
import dev.gatlingllm.text.Names;
import dev.gatlingllm.text.Numbers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What was run, of several runs together. A property on which the runs differ is null, and a remark
 * lists the values.
 */
final class MergedInfo {

  /** A load may have hundreds of load generators. */
  private static final int MAX_NAMED = 5;

  private static final String PARTS = "merged-shards";
  private static final String WINDOWS = "merged-windows";

  /** Remarks that hold for an earlier merge, but not for one that adds more runs to it. */
  private static final Set<String> OF_ONE_MERGE =
      Set.of(RunReport.ASSERTION_FAILED, PARTS, WINDOWS);

  private final List<Source> sources;
  private final ClockOffsets clocks;
  private final List<Finding> remarks = new ArrayList<>();

  private MergedInfo(List<Source> sources, ClockOffsets clocks) {
    this.sources = sources;
    this.clocks = clocks;
  }

  static RunInfo of(String id, List<Source> sources, ClockOffsets clocks) {
    return new MergedInfo(sources, clocks).info(id);
  }

  private RunInfo info(String id) {
    if (sources.size() > 1) {
      remarks.add(
          Finding.note(
              "merged",
              "This run merges %,d run{s}: %s. Counts and histograms are added up,"
                  + " percentiles are computed from the sums, rates are over the time from the first"
                  + " opening of a window to the last closing, and times are %s.",
              sources.size(),
              Names.first(MAX_NAMED, sources.stream().map(Source::label).toList()),
              clocks.areCorrected()
                  ? "moved to one clock"
                  : "those of the load generators' clocks"));
    }
    RunInfo merged =
        new RunInfo(
            id,
            common("simulations", RunInfo::simulation),
            start(),
            new Versions(
                common("versions of gatling-llm", info -> info.versions().gatlingLlm()),
                common("versions of Gatling", info -> info.versions().gatling()),
                common("versions of Java", info -> info.versions().java())),
            common("seeds", RunInfo::seed),
            new Target(
                common("base URLs", info -> info.target().baseUrl()),
                common("models", info -> info.target().model()),
                common("APIs", info -> info.target().api()),
                common("tokenizers", info -> info.target().tokenizer())),
            RunInfo.Load.ofAll(sources.stream().map(source -> source.info().load()).toList()),
            commonShard(),
            null,
            Assertions.NONE,
            List.of(),
            sources.stream().flatMap(source -> source.runs().stream()).toList());
    settings();
    parts();
    missingLines();
    remarks.addAll(clocks.findings());
    lateStarts();
    overlap();
    sources.stream()
        .flatMap(source -> source.info().remarks().stream().map(remark -> named(remark, source)))
        .filter(remark -> !OF_ONE_MERGE.contains(remark.kind()))
        .forEach(remarks::add);
    return merged.withAssertions(assertions()).withRemarks(remarks.stream().distinct().toList());
  }

  /** Says which of several runs was killed. */
  private Finding named(Finding remark, Source source) {
    return sources.size() > 1 && remark.kind().startsWith("recovered")
        ? remark.of(source.label())
        : remark;
  }

  /** Those on token figures are judged on the whole; of Gatling's own, each run's have counted. */
  private Assertions assertions() {
    return new Assertions(
        sources.stream()
            .flatMap(source -> source.info().assertions().onTokens().stream())
            .distinct()
            .toList(),
        sources.stream().flatMap(MergedInfo::gatlings).toList());
  }

  private static Stream<TestCase> gatlings(Source source) {
    return Stream.ofNullable(source.info().assertions().gatlings())
        .flatMap(List::stream)
        .map(test -> test.ofRun(source.name()));
  }

  /** Returns the first start, by one clock. */
  private Instant start() {
    return IntStream.range(0, sources.size())
        .mapToObj(i -> begun(sources.get(i)).minusMillis(clocks.aheadMillis(i)))
        .min(Comparator.naturalOrder())
        .orElseThrow();
  }

  private static Instant begun(Source source) {
    return Objects.requireNonNull(source.info().start(), "a run with responses has begun");
  }

  /** Compares those that all runs are known to have used: one that was killed may lack some. */
  private void settings() {
    Set<String> known = new TreeSet<>(ShardCheck.settings(sources.get(0).info()).keySet());
    sources.forEach(source -> known.retainAll(ShardCheck.settings(source.info()).keySet()));
    known.forEach(name -> common("llm." + name, info -> ShardCheck.settings(info).get(name)));
  }

  private <T> @Nullable T common(String what, Function<RunInfo, @Nullable T> property) {
    T first = property.apply(sources.get(0).info());
    if (sources.stream().allMatch(source -> Objects.equals(property.apply(source.info()), first))) {
      return first;
    }
    String each =
        Names.first(
            MAX_NAMED,
            sources.stream()
                .map(source -> property.apply(source.info()) + " (" + source.name() + ")")
                .toList());
    remarks.add(Finding.note("merged-difference", "The runs had different %s: %s.", what, each));
    return null;
  }

  /** Without {@code --expect}, any parts of a load may be merged. */
  private void parts() {
    List<@Nullable Shard> shards =
        sources.stream()
            .flatMap(source -> source.runs().stream())
            .<@Nullable Shard>map(RunInfo.Merged::shard)
            .toList();
    Shard first = shards.get(0);
    if (sources.size() == 1
        || first == null
        || shards.stream().noneMatch(shard -> shard != null && shard.sharesLoad())) {
      return;
    }
    TreeSet<Integer> indices = new TreeSet<>();
    boolean once = true;
    for (Shard shard : shards) {
      once &= shard != null && shard.count() == first.count() && indices.add(shard.index());
    }
    if (!once || indices.size() < first.count()) {
      remarks.add(
          Finding.warning(
              PARTS,
              "The merged runs are not the %,d shards of one load, each once: %s. Counts, rates and"
                  + " assertions are not those of the whole load. Merge with --expect %1$d.",
              first.count(),
              once
                  ? "of the shards, only " + ShardCheck.ranges(indices) + " are there"
                  : "one is there twice, or of another load"));
    }
  }

  /** A run may be copied without its lines. */
  private void missingLines() {
    List<String> without =
        sources.stream()
            .filter(source -> !KeptFile.exists(source.folder().resolve(RequestsFile.FILE_NAME)))
            .map(Source::label)
            .toList();
    if (!without.isEmpty()) {
      remarks.add(
          Finding.note(
              "merged-requests",
              "requests.jsonl has no lines of %s: the file is missing there. Figures do not depend"
                  + " on it.",
              Names.first(MAX_NAMED, without)));
    }
  }

  /** Returns null for the parts of a load: together they are no part. */
  private @Nullable Shard commonShard() {
    List<@Nullable Shard> shards =
        sources.stream().<@Nullable Shard>map(source -> source.info().shard()).distinct().toList();
    return shards.size() == 1 ? shards.get(0) : null;
  }

  /** When the first and the last window of the runs opened, and when they closed. */
  private record Windows(long firstOpen, long lastOpen, long firstClose, long lastClose) {

    /** Returns for how long all runs were measured at the same time; negative for a gap. */
    long sharedNanos() {
      return firstClose - lastOpen;
    }

    long wholeNanos() {
      return lastClose - firstOpen;
    }

    boolean overlapLittle() {
      return sharedNanos() < 0.9 * wholeNanos();
    }
  }

  private void lateStarts() {
    List<Source> late =
        sources.stream()
            .filter(source -> source.info().beganLate())
            .sorted(Comparator.comparing(source -> -delayMillis(source)))
            .toList();
    if (!late.isEmpty()) {
      remarks.add(
          Finding.warning(
              "merged-late",
              "%,d load generator{s} began more than a second after llm.startAt: %s. Until then,"
                  + " the server had less load.",
              late.size(),
              Names.first(MAX_NAMED, late.stream().map(MergedInfo::delay).toList())));
    }
  }

  private static long delayMillis(Source source) {
    return source.info().startDelayMillis().orElse(0);
  }

  private static String delay(Source source) {
    return "%s by %s s"
        .formatted(source.label(), Numbers.significant(delayMillis(source) / 1e3, 3));
  }

  private void overlap() {
    Windows windows = windows(index -> 0);
    if (sources.size() > 1) {
      remarks.add(
          Finding.note(
              WINDOWS,
              "The windows of the load generators opened within %.3f s of each other and closed"
                  + " within %.3f s.",
              (windows.lastOpen - windows.firstOpen) / 1e9,
              (windows.lastClose - windows.firstClose) / 1e9));
    }
    if (windows.overlapLittle()) {
      Windows seeming = windows(clocks::aheadMillis);
      remarks.add(
          Finding.warning(
              "merged-overlap",
              "The load generators measured side by side for only %.1f s of the %.1f s from the"
                  + " first start to the last end%s. Rates are over all of these seconds, in parts"
                  + " of which the load was smaller.",
              windows.sharedNanos() / 1e9,
              windows.wholeNanos() / 1e9,
              seeming.overlapLittle() ? "" : ", although their own clocks say otherwise"));
    }
  }

  /**
   * Returns when the runs were measured.
   *
   * @param aheadMillis added to the times of a run, by its index
   */
  private Windows windows(IntToLongFunction aheadMillis) {
    long firstOpen = Long.MAX_VALUE;
    long lastOpen = Long.MIN_VALUE;
    long firstClose = Long.MAX_VALUE;
    long lastClose = Long.MIN_VALUE;
    for (int i = 0; i < sources.size(); i++) {
      long ahead = TimeUnit.MILLISECONDS.toNanos(aheadMillis.applyAsLong(i));
      long open = sources.get(i).windowOpenNanos() + ahead;
      long close = sources.get(i).windowCloseNanos() + ahead;
      firstOpen = Math.min(firstOpen, open);
      lastOpen = Math.max(lastOpen, open);
      firstClose = Math.min(firstClose, close);
      lastClose = Math.max(lastClose, close);
    }
    return new Windows(firstOpen, lastOpen, firstClose, lastClose);
  }
}
