package dev.gatlingllm.report;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toList;

import dev.gatlingllm.metrics.Buckets;
import dev.gatlingllm.metrics.ClientHealth;
import dev.gatlingllm.metrics.Condition;
import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.Oddity;
import dev.gatlingllm.metrics.Percentile;
import dev.gatlingllm.metrics.RunSummary;
import dev.gatlingllm.metrics.RunSummary.FailureCount;
import dev.gatlingllm.metrics.ScopeSummary;
import dev.gatlingllm.metrics.Summary;
import dev.gatlingllm.metrics.Totals;
import dev.gatlingllm.metrics.Totals.Share;
import dev.gatlingllm.report.Verdict.Level;
import dev.gatlingllm.report.Verdict.Reason;
import dev.gatlingllm.text.Numbers;
import dev.gatlingllm.text.Plurals;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** The rules of a verdict, the most important first. docs/report.md lists the limits. */
final class VerdictRules {

  /** From this share on, in percent, the objectives of goodput are met. */
  private static final double MET_PERCENT = 99;

  /** Below this share, in percent, they are missed. */
  private static final double MISSED_PERCENT = 95;

  /** Of one of many requests, the upper end of the share's interval is judged. */
  private static final double CONFIDENCE = 0.99;

  /** From this share on, in percent, failures are bad rather than doubtful. */
  private static final double BAD_FAILED_PERCENT = 1;

  private static final int KINDS_NAMED = 4;

  /** What a response lacks of which all tokens came at once. */
  private static final Set<Figure> OF_PACE = EnumSet.of(Figure.TPOT, Figure.ICL);

  /** Findings that say that the load generator itself may have caused the latencies. */
  private static final Set<String> GENERATOR =
      Set.of(
          "client-lag",
          "client-cpu",
          "client-gc",
          "schedule-delay",
          "client-uncalibrated",
          "out-of-file-descriptors",
          "out-of-ports");

  /** Findings that other rules state. */
  private static final Set<String> STATED =
      Set.of(
          ServerFindings.FAILURES,
          "cache-not-hit",
          "window-empty",
          RunReport.ASSERTION_FAILED,
          "requests-not-built");

  private final RunInfo info;
  private final RunSummary run;
  private final Totals totals;
  private final List<Finding> warnings;
  private final Optional<Stall> stall;
  private final List<Reason> reasons;

  /**
   * Creates the rules for a run.
   *
   * @param reasons receives what they find
   */
  VerdictRules(RunReport report, List<Reason> reasons) {
    this.info = report.info();
    this.run = report.summary();
    this.totals = run.overall().totals();
    this.warnings =
        Findings.of(info, run).stream()
            .filter(finding -> finding.level() == Finding.Level.WARNING)
            .toList();
    this.stall = Stall.of(run);
    this.reasons = reasons;
  }

  /** Adds at least one reason. */
  void judge() {
    assertions();
    notBuilt();
    if (totals.requests() == 0) {
      add("nothing-measured", Level.BAD, "Nothing was measured", "no response ended in the window");
    } else if (totals.ok() == 0) {
      // that explains why objectives were missed
      failures();
      objectives();
    } else {
      objectives();
      failures();
      reasons.addAll(new TrendRules(run, stall).reasons());
      new CacheRule(info, run).reason().ifPresent(reasons::add);
    }
    loadGenerator();
    openAssertions();
    readWithCare();
  }

  private void add(String kind, Level level, String title, String text, Object... figures) {
    reasons.add(reason(kind, level, title, text, figures));
  }

  static Reason reason(String kind, Level level, String title, String text, Object... figures) {
    return new Reason(kind, level, Plurals.format(title, figures), Plurals.format(text, figures));
  }

  private void assertions() {
    List<Finding> failed = failedAssertions();
    if (!failed.isEmpty()) {
      reasons.add(
          new Reason(
              "assertions",
              Level.BAD,
              Plurals.format("%,d assertion{s} failed", failed.size()),
              failed.stream().map(Finding::text).collect(joining("; "))));
    }
  }

  private List<Finding> failedAssertions() {
    return warnings.stream()
        .filter(finding -> finding.kind().equals(RunReport.ASSERTION_FAILED))
        .toList();
  }

  /** The assertions of a shard are about the whole load: whether they hold is open. */
  private void openAssertions() {
    RunInfo.Shard shard = info.shard();
    int onTokens = info.assertions().onTokens().size();
    if (onTokens > 0 && shard != null && shard.sharesLoad()) {
      reasons.add(
          new Reason(
              "assertions-open",
              Level.DOUBTFUL,
              Plurals.format("%,d assertion{s} on token figures not judged here", onTokens),
              "the merge of the %d shards judges %s"
                  .formatted(shard.count(), onTokens == 1 ? "it" : "them")));
    }
  }

  private void notBuilt() {
    long notBuilt = totals.count(Figure.NOT_BUILT);
    if (notBuilt > 0) {
      add(
          "not-built",
          Level.BAD,
          "The simulation could not build %,d request{s}",
          "of %2$,d, %3$,d w{as|ere} sent",
          notBuilt,
          totals.requests() + notBuilt,
          totals.requests());
    }
  }

  /** Returns whether a reason says whether the run held, and names a stall. */
  private boolean isHeld() {
    return totals.objectives().isEmpty()
        && totals.ok() > 0
        && totals.ko() == 0
        && totals.count(Figure.NOT_BUILT) == 0;
  }

  private void withoutObjectives() {
    if (isHeld()) {
      String open =
          stall
              .map(Stall::words)
              .or(() -> Hang.of(run).map(Hang::words))
              .orElseGet(this::failedLater);
      add(
          "held",
          open.isEmpty() ? Level.GOOD : Level.DOUBTFUL,
          held(open.isEmpty()),
          "%s succeeded%s%s; no objectives are set, such as %s",
          allOf("all", totals.ok()),
          latency(),
          open.isEmpty() ? "" : ", but " + open,
          suggestion());
    }
  }

  private String held(boolean isKnown) {
    if (!failedAssertions().isEmpty()) {
      return "No response of the window failed";
    }
    return stall.isPresent()
        ? "It held but for a stall"
        : isKnown ? "It held" : "It held as far as is known";
  }

  private String failedLater() {
    long failed = run.inDrain().ko();
    return failed == 0
        ? ""
        : Plurals.format("%,d other request{s} failed after the window", failed);
  }

  private static String allOf(String all, long responses) {
    return responses == 1 ? "1 response of 1" : Plurals.format("%s %,d responses", all, responses);
  }

  /** Returns the 95th percentile, or the maximum of fewer responses than have one. */
  private String latency() {
    Figure timed = TrendRules.timed(run.overall());
    Summary all = run.overall().metrics().get(timed);
    if (all == null) {
      return "";
    }
    if (timed == Figure.TTFT && !Kinds.inOnePiece(run).isEmpty()) {
      Buckets streams = Kinds.ttftOfStreams(run);
      return latency(
          "TTFT", " of streams", streams.total(), streams.percentile(95), streams.percentile(100));
    }
    return latency(timed.label(), "", all.count(), all.p95(), all.max());
  }

  private static String latency(String label, String of, long count, double p95, double max) {
    return Percentile.isShown(count, 95)
        ? ", %s p95%s was %s".formatted(label, of, time(p95))
        : ", %s max%s was %s".formatted(label, of, time(max));
  }

  /** Returns objectives that the responses have values for. */
  private String suggestion() {
    boolean areStreams =
        run.overall().samples(Figure.OUTPUT_TOKENS) == totals.ok()
            && 2 * run.overall().samples(Figure.TPOT) >= run.overall().samples(Figure.E2E)
            && Kinds.inOnePiece(run).isEmpty();
    return areStreams ? "llm.goodput=ttft<500ms,tpot<50ms" : "llm.goodput=e2e<5s";
  }

  private void objectives() {
    long leftOut = totals.count(Figure.MISSED_IN_WARM_UP);
    if (totals.objectives().isEmpty()) {
      if (leftOut == 0) {
        withoutObjectives();
      } else {
        add(
            "objectives",
            Level.DOUBTFUL,
            "Objectives not judged",
            "all %,d response{s} had missed one in the warm-up, which must be longer",
            leftOut);
      }
      return;
    }
    double percent = totals.value(Figure.GOODPUT_PERCENT).orElse(0);
    String each =
        totals.objectives().stream()
            .map(share -> words(share.objective()) + " (" + percent(share.percent()) + ")")
            .collect(joining(", "));
    long missed = totals.count(Figure.UNFINISHED_MISSED);
    String all =
        percent(percent)
            + " of requests met "
            + each
            + (missed == 0
                ? ""
                : Plurals.format("; %,d unfinished request{s} had already missed one", missed))
            + (leftOut == 0
                ? ""
                : Plurals.format(
                    "; %,d response{s} had missed one in the warm-up and {is|are} left out",
                    leftOut))
            + withoutTokens()
            + inOnePiece();
    Level level = level(percent);
    String title =
        switch (level) {
          case GOOD -> "Objectives met";
          case DOUBTFUL -> "Objectives mostly met";
          case BAD -> "Objectives missed";
        };
    reasons.add(new Reason("objectives", level, title, all));
    run.byRequest().forEach((name, request) -> objectivesOf(name, request).ifPresent(reasons::add));
  }

  /** Returns a reason if a request met fewer objectives than all, by more than chance. */
  private Optional<Reason> objectivesOf(String name, ScopeSummary scope) {
    Totals request = scope.totals();
    long requests = request.judged();
    // embeddings miss a limit of TTFT without being slow, which the share of all counts
    List<Share> known =
        request.objectives().stream()
            .filter(share -> request.ok() == 0 || scope.samples(figure(share.objective())) > 0)
            .toList();
    if (known.isEmpty()) {
      return Optional.empty();
    }
    Share least = Collections.min(known, Comparator.comparingDouble(Share::percent));
    boolean isAll = known.size() == request.objectives().size();
    double percent = isAll ? request.value(Figure.GOODPUT_PERCENT).orElseThrow() : least.percent();
    double most =
        100 * Percentile.shareInterval(percent / 100 * requests, requests, CONFIDENCE).high();
    Level level = level(most);
    return level.compareTo(level(totals.value(Figure.GOODPUT_PERCENT).orElse(0))) < 0
        ? Optional.of(
            reason(
                "objectives",
                level,
                level == Level.BAD ? "Objectives missed by %s" : "Objectives mostly met by %s",
                "%2$s of its %3$,d request{s} met %4$s",
                name,
                percent(percent),
                requests,
                isAll ? "all" : words(least.objective())))
        : Optional.empty();
  }

  private static Figure figure(Condition objective) {
    return objective.indicator().figure();
  }

  private static Level level(double percent) {
    return percent >= MET_PERCENT
        ? Level.GOOD
        : percent < MISSED_PERCENT ? Level.BAD : Level.DOUBTFUL;
  }

  /** Says how many good responses missed objectives because they have no tokens. */
  private String withoutTokens() {
    long count = totals.ok() - run.overall().samples(Figure.OUTPUT_TOKENS);
    boolean isMissed =
        totals.objectives().stream().anyMatch(share -> figure(share.objective()) != Figure.E2E);
    return count > 0 && isMissed
        ? Plurals.format(
            "; %,d response{s} without tokens, such as embeddings, count{s|} as missed", count)
        : "";
  }

  /** Says how many good responses missed an objective because their tokens have no pace. */
  private String inOnePiece() {
    long count = run.count(Oddity.UNSTREAMED);
    boolean isMissed =
        totals.objectives().stream().anyMatch(share -> OF_PACE.contains(figure(share.objective())));
    return count > 0 && isMissed
        ? Plurals.format(
            "; %,d response{s} came at once, without a pace of tokens, and count{s|} as missed",
            count)
        : "";
  }

  private static String words(Condition objective) {
    Figure figure = figure(objective);
    return figure.label() + objective.toString().substring(figure.key().length());
  }

  private void failures() {
    if (totals.ko() == 0) {
      return;
    }
    double failed = 100.0 * totals.ko() / totals.requests();
    List<Map.Entry<String, FailureCount>> kinds =
        run.failures().entrySet().stream()
            .sorted(Comparator.comparingLong(kind -> -kind.getValue().count()))
            .collect(toList());
    String named =
        kinds.stream()
            .limit(KINDS_NAMED)
            .map(kind -> kind.getKey() + " " + Numbers.grouped(kind.getValue().count()))
            .collect(joining(", "));
    long others = kinds.stream().skip(KINDS_NAMED).mapToLong(kind -> kind.getValue().count()).sum();
    long retries = totals.count(Figure.RETRIES);
    String load =
        retries == 0 || retries >= totals.requests()
            ? ""
            : ". Retries added "
                + percent(100.0 * retries / (totals.requests() - retries))
                + " to the load";
    reasons.add(
        new Reason(
            "failures",
            failed < BAD_FAILED_PERCENT ? Level.DOUBTFUL : Level.BAD,
            totals.ok() == 0
                ? allOf("All", totals.ko()) + " failed"
                : percent(failed) + " of responses failed",
            named
                + (others == 0 ? "" : ", other " + Numbers.grouped(others))
                + allOfOneRequest()
                + load));
  }

  /** Names the request that failed, if others did not. */
  private String allOfOneRequest() {
    List<String> failed =
        run.byRequest().entrySet().stream()
            .filter(request -> request.getValue().totals().ko() == totals.ko())
            .map(Map.Entry::getKey)
            .toList();
    return failed.size() == 1 && run.byRequest().size() > 1
        ? ", all of them of " + failed.get(0)
        : "";
  }

  private void loadGenerator() {
    List<String> late =
        warnings.stream()
            .filter(finding -> GENERATOR.contains(finding.kind()))
            .map(finding -> shortForm(inSentence(statement(finding.text()))))
            .toList();
    OptionalDouble lag = stall.map(time -> time.lagMillis(run)).orElse(OptionalDouble.empty());
    if (late.isEmpty() && lag.isPresent()) {
      // a stop of some seconds hardly moves p99 of a minute
      late =
          List.of(
              "an event loop was up to %s late in this run, in which nothing arrived for %.0f s"
                  .formatted(time(lag.getAsDouble()), stall.orElseThrow().seconds()));
    }
    ClientHealth client = run.client();
    if (!late.isEmpty()) {
      reasons.add(
          new Reason(
              "load-generator",
              Level.DOUBTFUL,
              "Do not trust these latencies",
              String.join("; ", late)));
    } else if (client != null && client.worstLoopLag() != null) {
      add(
          "load-generator",
          Level.GOOD,
          "The load generator kept up",
          "event loops were at most %s late at p99",
          time(client.worstLoopLag().p99()));
    }
  }

  private void readWithCare() {
    List<String> others =
        warnings.stream()
            .filter(finding -> !GENERATOR.contains(finding.kind()))
            .filter(finding -> !STATED.contains(finding.kind()))
            .filter(finding -> !(isHeld() && finding.kind().equals("stall")))
            .map(finding -> statement(finding.text()))
            .toList();
    if (!others.isEmpty()) {
      String all = inSentence(String.join(". ", others));
      reasons.add(new Reason("care", Level.DOUBTFUL, "Read with care", all));
    }
  }

  /** Returns a finding's statement; its explanation follows with the findings. */
  private static String statement(String text) {
    return text.split("\\.( |$)", 2)[0];
  }

  /**
   * Returns a statement as a part of a sentence; names such as TTFT and SGLang stay as they are.
   */
  private static String inSentence(String statement) {
    boolean isName = statement.length() < 2 || Character.isUpperCase(statement.charAt(1));
    return isName ? statement : Character.toLowerCase(statement.charAt(0)) + statement.substring(1);
  }

  /** Returns what was seen, without what it means and without details in parentheses. */
  private static String shortForm(String statement) {
    return statement.substring(statement.indexOf(": ") + 1).strip().replaceAll(" \\([^()]*\\)", "");
  }

  static String time(double millis) {
    return millis < 1_000
        ? Numbers.millis(millis) + " ms"
        : Numbers.grouped(millis / 1_000, 1) + " s";
  }

  /** Returns a percentage in words; {@code unknown} for NaN. */
  static String percent(double percent) {
    if (Double.isNaN(percent)) {
      return "unknown";
    }
    boolean isNearlyAllOrNone = Math.min(percent, Math.abs(100 - percent)) < 0.05;
    return Numbers.decimals(percent, isNearlyAllOrNone ? 3 : 1) + " %";
  }
}
