package dev.gatlingllm.report;

import dev.gatlingllm.metrics.Breakdown;
import dev.gatlingllm.metrics.ColdWarm;
import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.Oddity;
import dev.gatlingllm.metrics.Percentile;
import dev.gatlingllm.metrics.RunSummary;
import dev.gatlingllm.metrics.RunSummary.Arrivals;
import dev.gatlingllm.metrics.RunSummary.FailureCount;
import dev.gatlingllm.metrics.ScopeSummary;
import dev.gatlingllm.metrics.ServerSignal;
import dev.gatlingllm.metrics.Summary;
import dev.gatlingllm.metrics.Totals;
import dev.gatlingllm.text.Numbers;
import dev.gatlingllm.text.Plurals;
import dev.gatlingllm.text.Redactor;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * The summary at the end of a run on the console, in the style of Gatling's, 120 columns wide as
 * Gatling's.
 */
public final class ConsoleSummary {

  private static final int MOST_CHARACTERS = 4_000;
  private static final int WIDTH = 120;
  private static final int LABEL = 48;
  private static final int CELL = 11;
  private static final String RULE = "=".repeat(WIDTH);
  private static final List<Figure> TIMES =
      List.of(Figure.TTFT, Figure.TTFO, Figure.ICL, Figure.TPOT, Figure.E2E);

  /** Shown only where responses have several values. */
  private static final List<Breakdown> BREAKDOWNS =
      List.of(Breakdown.MODEL, Breakdown.API, Breakdown.FINISH_REASON);

  /** Values of a breakdown, the most frequent ones. */
  private static final int MAX_VALUES = 8;

  private static final List<Figure> TOTALS =
      List.of(
          Figure.TOTAL_INPUT_TOKENS,
          Figure.TOTAL_OUTPUT_TOKENS,
          Figure.TOTAL_REASONING_TOKENS,
          Figure.TOTAL_CACHED_TOKENS,
          Figure.CACHE_HIT_PERCENT,
          Figure.OUTPUT_TOKENS_PER_SECOND);

  /** Shown only where there were any. */
  private static final List<Figure> EXCEPTIONS =
      List.of(
          Figure.WAITING,
          Figure.CUT,
          Figure.ABANDONED,
          Figure.RESENT,
          Figure.UNSENT_TURNS,
          Figure.NOT_BUILT);

  /** Shown only where the settings tell what the server runs on. */
  private static final List<Figure> OF_THE_SERVER =
      List.of(
          Figure.OUTPUT_TOKENS_PER_SECOND_PER_GPU,
          Figure.COST_PER_MILLION_OUTPUT_TOKENS,
          Figure.COST_PER_THOUSAND_GOOD_REQUESTS,
          Figure.COST_PER_THOUSAND_GOOD_CONVERSATIONS);

  private final RunInfo info;
  private final RunSummary run;
  private final Verdict verdict;
  private final StringBuilder text = new StringBuilder();

  private ConsoleSummary(RunInfo info, RunSummary run) {
    this.info = info;
    this.run = run;
    this.verdict = Verdict.of(new RunReport(info, run));
  }

  /** Returns the block for one run, each line ended by {@code \n}. */
  public static String of(RunReport report) {
    return new ConsoleSummary(report.info(), report.summary()).write();
  }

  private String write() {
    line(RULE);
    verdict();
    load();
    responses(run.overall().totals());
    failures();
    times();
    BREAKDOWNS.forEach(this::breakdown);
    tokens(run.overall().totals());
    server();
    findings();
    line(RULE);
    return text.toString();
  }

  private void verdict() {
    line(dashed("---- Verdict ", WIDTH));
    wrapped(verdict.level().name() + ". " + printable(verdict.text()));
    verdict.reasons().forEach(reason -> wrapped(printable(reason.sentence())));
  }

  /** Which load it was, and what of it the figures leave out. */
  private void load() {
    line(dashed("---- Load ", WIDTH));
    String simulation = info.simulation() == null ? "" : info.simulation();
    String name = simulation.substring(simulation.lastIndexOf('.') + 1);
    List<String> injection = info.load().injection();
    if (injection.isEmpty()) {
      entry(printable(name), "");
    }
    injection.forEach(profile -> wrapped(printable(name + ": " + profile)));
    String server = info.load().settings().getOrDefault("baseUrl", info.target().baseUrl());
    if (server != null) {
      wrapped("server: " + printable(server));
    }
    long before = run.inWarmUp().requests();
    long after = run.inDrain().requests();
    String measured = "measured " + Numbers.grouped(run.durationSeconds(), 1) + " s";
    wrapped(
        before + after == 0
            ? measured
            : Plurals.format(
                "%s (excludes %,d response{s} in the warm-up, %,d after the window)",
                measured, before, after));
    if (run.arrivals() != null
        && (run.arrivals().users() > 0 || run.arrivals().planned() != null)) {
      wrapped("arrivals: " + arrivals(run.arrivals()));
    }
  }

  static String arrivals(Arrivals came) {
    Arrivals planned = came.planned();
    String users = Plurals.format("%,d user{s}", came.users());
    if (planned != null && came.wereAtOnce()) {
      return users + Plurals.format("; planned: %,d user{s} at once", planned.users());
    }
    return users
        + ", %s/s".formatted(Numbers.significant(came.perSecond(), 3))
        + (came.variation() == null ? "" : ", variation " + Numbers.grouped(came.variation(), 2))
        + (planned == null ? "" : "; planned: " + arrivals(planned));
  }

  private void times() {
    headings("---- Times (ms) ", List.of("count", "mean", "p50", "p95", "p99", "max"));
    for (Figure metric : TIMES) {
      if (metric != Figure.TTFO || reasons()) {
        row(metric);
      }
    }
  }

  private void headings(String title, List<String> columns) {
    text.append(dashed(title, LABEL));
    columns.forEach(heading -> text.append('|').append(centred(heading)));
    line("");
  }

  private void breakdown(Breakdown by) {
    SortedMap<String, ScopeSummary> scopes = run.by(by);
    if (scopes.size() < 2) {
      return;
    }
    headings(
        "---- By " + by.words() + " (ms) ",
        List.of("OK", "KO", "TTFT p50", "TTFT p95", "TPOT p50", "E2E p50"));
    scopes.entrySet().stream()
        .sorted(Comparator.comparing(scope -> -scope.getValue().totals().requests()))
        .limit(MAX_VALUES)
        .forEach(scope -> row(scope.getKey(), scope.getValue()));
    int more = scopes.size() - MAX_VALUES;
    if (more > 0) {
      entry("and %d more, in tokens.json".formatted(more), "");
    }
  }

  private void row(String value, ScopeSummary scope) {
    text.append(padded("> " + cut(printable(value), LABEL - 3), LABEL));
    line(
        cell(count(scope.totals().ok()))
            + cell(count(scope.totals().ko()))
            + percentile(scope, Figure.TTFT, 50)
            + percentile(scope, Figure.TTFT, 95)
            + percentile(scope, Figure.TPOT, 50)
            + percentile(scope, Figure.E2E, 50));
  }

  private static String percentile(ScopeSummary scope, Figure metric, double percentile) {
    Summary summary = scope.metrics().get(metric);
    return summary == null
        ? cell("-")
        : percentile(summary, percentile, percentile == 50 ? summary.p50() : summary.p95());
  }

  /**
   * Returns whether the model reasons: only then does the first output differ from the first token.
   */
  private boolean reasons() {
    Map<Figure, Summary> metrics = run.overall().metrics();
    return metrics.containsKey(Figure.TTFO)
        && !metrics.get(Figure.TTFO).equals(metrics.get(Figure.TTFT));
  }

  private void row(Figure metric) {
    text.append(padded("> " + metric.label(), LABEL));
    Summary summary = run.overall().metrics().get(metric);
    if (summary == null) {
      line(cell("-").repeat(6));
      return;
    }
    line(
        cell(count(summary.count()))
            + cell(Numbers.millis(summary.mean()))
            + percentile(summary, 50, summary.p50())
            + percentile(summary, 95, summary.p95())
            + percentile(summary, 99, summary.p99())
            + cell(Numbers.millis(summary.max())));
  }

  private static String percentile(Summary summary, double percentile, double value) {
    return cell(Percentile.isShown(summary.count(), percentile) ? Numbers.millis(value) : "-");
  }

  private void tokens(Totals totals) {
    line(dashed("---- Tokens ", WIDTH));
    for (Figure total : TOTALS) {
      // most models do not reason
      if (total != Figure.TOTAL_REASONING_TOKENS || totals.count(total) > 0) {
        boolean isKnown = totals.value(total).isPresent();
        entry(total.label() + (isKnown ? countedBy(total) : ""), value(total, totals));
      }
    }
  }

  /** What the server's own metrics tell. */
  private void server() {
    if (!run.server().hasReadings() || run.server().mixesServers()) {
      return;
    }
    line(dashed("---- Server, by its own metrics ", WIDTH));
    TtftParts parts = TtftParts.of(run);
    String why = TtftParts.whyNotComparable(run);
    if (parts.server() != null && !why.isEmpty()) {
      entry("mean TTFT here", "unknown: " + why);
    }
    time("mean TTFT here", parts.client());
    time("mean TTFT in the server", parts.server());
    if (TtftParts.areOfOthers(run)) {
      entry("  of this in its queue and in prefill", "unknown: it counted them of other requests");
    }
    time("  of this in its queue", parts.queue());
    time("  of this in prefill", parts.prefill());
    time("  not known: of requests that had not ended, or other work", parts.muchElse());
    time("network, gateway, client", parts.outside());
    count("preemptions", run.server().delta(ServerSignal.PREEMPTIONS));
    count("generated tokens", run.server().delta(ServerSignal.OUTPUT_TOKENS));
    Totals totals = run.overall().totals();
    totals
        .value(Figure.SERVER_TOKENS_FOR_LEAVERS)
        .ifPresent(tokens -> count("  for users who had left, at most", tokens));
    totals
        .value(Figure.SERVER_SLOT_AFTER_LEAVING)
        .ifPresent(millis -> time("mean time in the server after leaving, at most", millis));
  }

  private void time(String label, @Nullable Double millis) {
    if (millis != null) {
      entry(label, Numbers.millis(millis) + " ms");
    }
  }

  private void count(String label, @Nullable Double number) {
    if (number != null) {
      entry(label, Numbers.grouped(Math.round(number)));
    }
  }

  /** Returns who counted tokens that the server did not count. */
  private String countedBy(Figure total) {
    Summary input = run.overall().metrics().get(Figure.INPUT_TOKENS);
    long ok = run.overall().totals().ok();
    if (total == Figure.TOTAL_INPUT_TOKENS && input != null && input.count() < ok) {
      return Plurals.format(" (of %,d of %,d response{s})", input.count(), ok);
    }
    long ours = run.count(Oddity.NO_USAGE);
    if (ours == 0 || (total != Figure.TOTAL_INPUT_TOKENS && total != Figure.TOTAL_OUTPUT_TOKENS)) {
      return "";
    }
    return ours < ok ? " (partly counted by the client)" : " (counted by the client)";
  }

  private static String value(Figure total, Totals totals) {
    OptionalDouble value = totals.value(total);
    if (value.isEmpty()) {
      return "not reported";
    }
    return switch (total.unit()) {
      case PERCENT -> percents(value.getAsDouble(), totals.value(Figure.CACHE_HIT_PERCENT_UPPER));
      case TOKENS_PER_SECOND -> rate(value.getAsDouble());
      case MONEY -> Numbers.significant(value.getAsDouble(), 3);
      default -> Numbers.grouped((long) value.getAsDouble());
    };
  }

  private void responses(Totals totals) {
    line(dashed("---- Responses ", WIDTH));
    entry("OK", Numbers.grouped(totals.ok()));
    entry("KO", Numbers.grouped(totals.ko()));
    for (Figure exception : EXCEPTIONS) {
      if (totals.count(exception) > 0) {
        entry(exception.label(), Numbers.grouped(totals.count(exception)));
      }
    }
    totals
        .value(Figure.RESPONSES_PER_SECOND)
        .ifPresent(perSecond -> entry(Figure.RESPONSES_PER_SECOND.label(), rate(perSecond)));
    for (Figure figure : OF_THE_SERVER) {
      if (totals.value(figure).isPresent()) {
        entry(figure.label(), value(figure, totals));
      }
    }
    share(
        totals,
        Figure.DIFFERENT_PERCENT,
        "different from the first of %,d compared response{s} to one prompt",
        Figure.COMPARED_RESPONSES);
    share(
        totals,
        Figure.INVALID_JSON_PERCENT,
        "invalid of %,d response{s} to requests for JSON",
        Figure.JSON_RESPONSES);
    if (!totals.objectives().isEmpty()) {
      double percent = totals.value(Figure.GOODPUT_PERCENT).orElseThrow();
      double perSecond = totals.value(Figure.GOODPUT_PER_SECOND).orElseThrow();
      long missed = totals.count(Figure.UNFINISHED_MISSED);
      long leftOut = totals.count(Figure.MISSED_IN_WARM_UP);
      entry(
          "goodput"
              + (missed == 0
                  ? ""
                  : Plurals.format(", with %,d unfinished request{s} that missed", missed))
              + (leftOut == 0 ? "" : ", without %,d that missed in the warm-up".formatted(leftOut)),
          percent(percent) + ", " + rate(perSecond) + "/s");
      for (Totals.Share share : totals.objectives()) {
        entry("  " + share.objective(), percent(share.percent()));
      }
    }
    conversations(run.overall());
    coldWarm(run.coldWarm());
  }

  private void share(Totals totals, Figure percent, String label, Figure of) {
    totals
        .value(percent)
        .ifPresent(value -> entry(Plurals.format(label, totals.count(of)), percent(value)));
  }

  private void conversations(ScopeSummary scope) {
    Totals totals = scope.totals();
    Summary turns = scope.metrics().get(Figure.CONVERSATION_TURNS);
    // of single turns that are not retried, the requests say the same
    if (totals.value(Figure.CONVERSATION_SUCCESS_PERCENT).isEmpty()
        || (turns != null && turns.max() <= 1 && totals.count(Figure.RETRIES) == 0)) {
      return;
    }
    long abandoned = totals.count(Figure.ABANDONED_CONVERSATIONS);
    entry(
        "conversations",
        "%s completed, %s failed, %s%s not ended"
            .formatted(
                Numbers.grouped(totals.count(Figure.COMPLETED_CONVERSATIONS)),
                Numbers.grouped(totals.count(Figure.FAILED_CONVERSATIONS)),
                abandoned == 0 ? "" : Numbers.grouped(abandoned) + " abandoned, ",
                Numbers.grouped(totals.unfinishedConversations())));
    Summary duration = scope.metrics().get(Figure.CONVERSATION_DURATION);
    Summary tools = scope.metrics().get(Figure.CONVERSATION_TOOL_TIME);
    if (turns != null && duration != null && tools != null) {
      entry(
          "  mean turns and duration",
          "%s, %s ms%s%s"
              .formatted(
                  Numbers.grouped(turns.mean(), 1),
                  Numbers.millis(duration.mean()),
                  tools.max() == 0
                      ? ""
                      : ", of which tools " + Numbers.millis(tools.mean()) + " ms",
                  duration.count() == turns.count()
                      ? ""
                      : Plurals.format("; %,d ha{s|ve} a duration", duration.count())));
    }
  }

  private void coldWarm(ColdWarm ttft) {
    String ratio = ratio(ttft);
    if (ratio.isEmpty() || ttft.cold() == null || ttft.warm() == null) {
      return;
    }
    entry(
        "TTFT p50 of cold and warm prompts",
        "%s and %s ms%s"
            .formatted(
                Numbers.millis(ttft.cold().p50()),
                Numbers.millis(ttft.warm().p50()),
                run.overall().totals().value(Figure.CACHE_HIT_PERCENT).isPresent()
                    ? ""
                    : ", by what had been sent before"));
    entry("  ratio of geometric means", ratio);
  }

  /** Says how many times as fast warm prompts are, or why none can tell; empty for too few. */
  private String ratio(ColdWarm ttft) {
    ColdWarm.SpeedUp speedUp = ttft.speedUp();
    int models = run.by(Breakdown.MODEL).size();
    if (speedUp == null && models > 1) {
      return "not comparable: they are of %,d models".formatted(models);
    }
    String lengths =
        ttft.haveOtherLengths()
            ? String.format(Locale.ROOT, "warm prompts are %.2f times as long", ttft.lengths())
            : "";
    if (speedUp == null) {
      return lengths.isEmpty() ? "" : "not comparable: " + lengths;
    }
    return String.format(
        Locale.ROOT,
        "%s (95 %% interval %.2f to %.2f)%s",
        speedUp.low() <= 1 && speedUp.high() >= 1
            ? "no difference shown"
            : String.format(Locale.ROOT, "warm %.2f times as fast", speedUp.ratio()),
        speedUp.low(),
        speedUp.high(),
        lengths.isEmpty() ? "" : "; " + lengths);
  }

  private void failures() {
    if (run.failures().isEmpty()) {
      return;
    }
    line(dashed("---- Failures ", WIDTH));
    run.failures().entrySet().stream()
        .sorted(Comparator.comparing(failure -> -failure.getValue().count()))
        .forEach(failure -> failure(failure.getKey(), failure.getValue()));
  }

  private void failure(String kind, FailureCount failure) {
    entry(printable(kind), Numbers.grouped(failure.count()));
    failure.examples().stream()
        .findFirst()
        .ifPresent(words -> line("    " + cut(printable(words), WIDTH - 4)));
  }

  /** Without failures, which have a section of their own, and without what the verdict says. */
  private void findings() {
    List<Finding> findings =
        Findings.of(info, run).stream()
            .filter(finding -> !finding.kind().equals(ServerFindings.FAILURES))
            .filter(finding -> !isInVerdict(finding.text()))
            .toList();
    if (findings.isEmpty()) {
      return;
    }
    line(dashed("---- Findings ", WIDTH));
    findings.forEach(finding -> wrapped(printable(finding.text())));
  }

  private boolean isInVerdict(String words) {
    return verdict.text().contains(words)
        || verdict.reasons().stream().anyMatch(reason -> reason.sentence().contains(words));
  }

  private void wrapped(String words) {
    StringBuilder row = new StringBuilder(">");
    for (String word : words.split(" ")) {
      if (row.length() + 1 + word.length() > WIDTH) {
        line(row.toString());
        row = new StringBuilder(" ");
      }
      row.append(' ').append(word);
    }
    line(row.toString());
  }

  private void entry(String label, String value) {
    int room = WIDTH - 3 - value.length();
    line("> " + padded(cut(label, room), room) + " " + value);
  }

  private void line(String line) {
    text.append(line).append('\n');
  }

  private static String cell(String value) {
    return "|" + " ".repeat(Math.max(0, CELL - value.length())) + value;
  }

  private static String centred(String heading) {
    return dashed("-".repeat((CELL - heading.length()) / 2) + heading, CELL);
  }

  private static String dashed(String title, int width) {
    return title + "-".repeat(width - title.length());
  }

  private static String padded(String label, int width) {
    return label + " ".repeat(Math.max(0, width - label.length()));
  }

  private static String cut(String words, int width) {
    return words.length() <= width ? words : words.substring(0, width - 3) + "...";
  }

  /** Returns a text that neither moves the cursor nor sets colors: it may be a stranger's. */
  private static String printable(String words) {
    return Redactor.ofProcess().line(words, MOST_CHARACTERS);
  }

  /** A share, or the bounds of one that is not known exactly. */
  private static String percents(double least, OptionalDouble most) {
    if (most.isEmpty()) {
      return "at least " + percent(least);
    }
    String upper = percent(most.getAsDouble());
    return percent(least).equals(upper) ? upper : percent(least) + " to " + upper;
  }

  /** A percentage that is neither 0 nor 100 is not rounded to that; NaN is unknown. */
  private static String percent(double percent) {
    if (Double.isNaN(percent)) {
      return "unknown";
    }
    if (percent > 0 && percent < 0.05) {
      return "< 0.1 %";
    }
    return percent >= 99.95 && percent < 100
        ? "> 99.9 %"
        : String.format(Locale.ROOT, "%.1f %%", percent);
  }

  /** A count that fits a cell. */
  private static String count(long count) {
    return count < 1_000_000
        ? Numbers.grouped(count)
        : String.format(Locale.ROOT, "%,.2fM", count / 1e6);
  }

  private static String rate(double perSecond) {
    return Numbers.grouped(perSecond, 1);
  }
}
