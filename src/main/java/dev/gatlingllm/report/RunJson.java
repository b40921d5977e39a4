package dev.gatlingllm.report;

import static dev.gatlingllm.report.Json.object;

import dev.gatlingllm.metrics.Breakdown;
import dev.gatlingllm.metrics.Buckets;
import dev.gatlingllm.metrics.Comparison;
import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.Interval;
import dev.gatlingllm.metrics.RunSummary;
import dev.gatlingllm.metrics.RunSummary.Arrivals;
import dev.gatlingllm.metrics.ScopeSummary;
import dev.gatlingllm.metrics.ServerClock;
import dev.gatlingllm.metrics.Summary;
import dev.gatlingllm.metrics.Totals;
import dev.gatlingllm.text.Choice;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The parts that {@code tokens.json} and the data of a page have in common, as maps in the order of
 * the file. Unknown values are null. {@link Json#FIGURES} writes them.
 */
final class RunJson {

  private static final double CONFIDENCE = 0.95;

  /** Without ICL: the gaps of one response are alike, so that they tell less than their number. */
  private static final List<Figure> WITH_INTERVALS = List.of(Figure.TTFT, Figure.TPOT, Figure.E2E);

  private static final List<Figure> BRIEF_METRICS =
      List.of(Figure.TTFT, Figure.TPOT, Figure.E2E, Figure.INPUT_TOKENS, Figure.OUTPUT_TOKENS);

  private static final List<Figure> BRIEF_TOTALS =
      List.of(
          Figure.OK, Figure.FAILURES, Figure.CACHE_HIT_PERCENT, Figure.EXPECTED_REUSABLE_PERCENT);

  /** Columns of tables with a row for each scope; {@link #brief} has what they need. */
  private static final List<PageFigure> COLUMNS =
      Stream.of(
              PageFigure.totals(Figure.OK, Figure.FAILURES),
              PageFigure.percentiles(Figure.TTFT, 50, 95, 99),
              PageFigure.percentiles(Figure.TPOT, 50, 95),
              PageFigure.percentiles(Figure.E2E, 50, 95),
              Stream.of(Figure.INPUT_TOKENS, Figure.OUTPUT_TOKENS).map(PageFigure::mean),
              PageFigure.totals(Figure.CACHE_HIT_PERCENT, Figure.EXPECTED_REUSABLE_PERCENT))
          .flatMap(columns -> columns)
          .toList();

  /** What went otherwise than planned. */
  private static final List<Figure> RETRIES =
      List.of(
          Figure.WAITING,
          Figure.CUT,
          Figure.ABANDONED,
          Figure.RETRIES,
          Figure.RESENT,
          Figure.UNSENT_TURNS,
          Figure.NOT_BUILT,
          Figure.TURNS_CUT,
          Figure.DROPPED_TOKENS,
          Figure.BROKEN_CONVERSATIONS);

  /** Totals of a turn in tables and charts. */
  private static final List<Figure> TURN_TOTALS =
      Stream.of(BRIEF_TOTALS, List.of(Figure.CACHE_HIT_PERCENT_UPPER), RETRIES)
          .flatMap(List::stream)
          .toList();

  private RunJson() {}

  static Map<String, Object> run(RunInfo run, double durationSeconds) {
    return object(
        "id", run.id(),
        "simulation", run.simulation(),
        "start", run.start() == null ? null : run.start().toString(),
        "startDelayMillis",
            run.startDelayMillis().isEmpty() ? null : run.startDelayMillis().getAsLong(),
        "durationSeconds", durationSeconds,
        "version", run.versions().gatlingLlm(),
        "gatlingVersion", run.versions().gatling(),
        "javaVersion", run.versions().java(),
        "seed", run.seed(),
        "baseUrl", run.target().baseUrl(),
        "model", run.target().model(),
        "api", run.target().api(),
        "tokenizer", run.target().tokenizer(),
        "shard", run.shard(),
        "clock", run.clock() == null ? null : clock(run.clock()),
        "settings", run.load().settings(),
        "injection", run.load().injection(),
        "machine", run.load().machine());
  }

  private static Map<String, Object> clock(ServerClock clock) {
    Interval ahead = clock.aheadMillis();
    return object(
        "responses",
        clock.responses(),
        "serverAheadMillis",
        ahead.isKnown() ? List.of(ahead.low(), ahead.high()) : null);
  }

  /** Returns when the users of an open load came; null for another load. */
  static @Nullable Map<String, Object> arrivals(@Nullable Arrivals arrivals) {
    if (arrivals == null) {
      return null;
    }
    Map<String, Object> fields = usersOf(arrivals);
    fields.put("planned", arrivals.planned() == null ? null : usersOf(arrivals.planned()));
    return fields;
  }

  private static Map<String, Object> usersOf(Arrivals arrivals) {
    return object(
        "users", arrivals.users(),
        "perSecond", arrivals.perSecond(),
        "variation", arrivals.variation());
  }

  static Map<String, Object> totals(Totals totals) {
    Map<String, Object> fields = new LinkedHashMap<>();
    for (Figure figure : Figure.totals()) {
      if (figure == Figure.GOODPUT_PERCENT) {
        fields.put("goodput", goodput(totals));
      } else if (!figure.isNested()) {
        put(fields, figure, totals);
      }
    }
    return fields;
  }

  private static void put(Map<String, Object> fields, Figure total, Totals totals) {
    fields.put(total.fileKey(), totals.values().get(total));
  }

  private static @Nullable Map<String, Object> goodput(Totals totals) {
    if (totals.objectives().isEmpty()) {
      return null;
    }
    Map<String, Object> objectives = new LinkedHashMap<>();
    for (Totals.Share share : totals.objectives()) {
      objectives.put(
          share.objective().indicator().figure().key(),
          object(
              "limitMillis",
              share.objective().limit(),
              "inclusive",
              share.objective().comparison() == Comparison.LESS_OR_EQUAL,
              "percent",
              Double.isNaN(share.percent()) ? null : share.percent()));
    }
    return object(
        "perSecond", totals.values().get(Figure.GOODPUT_PER_SECOND),
        "percent", totals.values().get(Figure.GOODPUT_PERCENT),
        "unfinishedMissed", totals.count(Figure.UNFINISHED_MISSED),
        "missedInWarmUp", totals.count(Figure.MISSED_IN_WARM_UP),
        "objectives", objectives);
  }

  static Map<String, Summary> metrics(Map<Figure, Summary> metrics) {
    Map<String, Summary> fields = new LinkedHashMap<>();
    Figure.distributions().stream()
        .filter(metric -> !metric.isNested())
        .forEach(metric -> fields.put(metric.fileKey(), metrics.get(metric)));
    return fields;
  }

  /** Returns how conversations ended in the window; null if none had a response in it. */
  static @Nullable Map<String, Object> conversations(RunSummary run) {
    Totals totals = run.overall().totals();
    if (totals.count(Figure.CONVERSATIONS) == 0) {
      return null;
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    put(fields, Figure.COMPLETED_CONVERSATIONS, totals);
    put(fields, Figure.FAILED_CONVERSATIONS, totals);
    put(fields, Figure.ABANDONED_CONVERSATIONS, totals);
    fields.put("unfinished", totals.unfinishedConversations());
    put(fields, Figure.CONVERSATION_SUCCESS_PERCENT, totals);
    putConversations(fields, run.overall());
    fields.put(
        Figure.CONVERSATION_AGE.fileKey(), run.overall().metrics().get(Figure.CONVERSATION_AGE));
    fields.put("byOutcome", each(run.by(Breakdown.OUTCOME), RunJson::outcome));
    return fields;
  }

  private static Map<String, Object> outcome(ScopeSummary scope) {
    Map<String, Object> fields = object("count", scope.totals().count(Figure.CONVERSATIONS));
    putConversations(fields, scope);
    return fields;
  }

  private static void putConversations(Map<String, Object> fields, ScopeSummary scope) {
    Figure.ofConversations()
        .forEach(figure -> fields.put(figure.fileKey(), scope.metrics().get(figure)));
  }

  /**
   * Returns the 95 % confidence intervals of the usual percentiles of figures of which each
   * response has one sample; an end is null where there are too few samples to bound that side.
   */
  static Map<String, Object> intervals(ScopeSummary scope) {
    Map<String, Object> fields = new LinkedHashMap<>();
    for (Figure figure : WITH_INTERVALS) {
      Buckets samples = scope.buckets().get(figure);
      fields.put(figure.fileKey(), samples == null ? null : intervals(samples));
    }
    return fields;
  }

  private static Map<String, Object> intervals(Buckets samples) {
    Map<String, Object> fields = new LinkedHashMap<>();
    for (int percentile : new int[] {50, 95, 99}) {
      Interval interval = samples.percentileInterval(percentile, CONFIDENCE);
      fields.put("p" + percentile, Arrays.asList(finite(interval.low()), finite(interval.high())));
    }
    return fields;
  }

  private static @Nullable Double finite(double end) {
    return Double.isInfinite(end) ? null : end;
  }

  /** Returns totals and metrics of each scope, by the scope's name or number. */
  static Map<String, Object> scopes(Map<?, ScopeSummary> scopes) {
    return each(
        scopes,
        scope -> object("totals", totals(scope.totals()), "metrics", metrics(scope.metrics())));
  }

  /** Returns the few figures of each scope that a table shows: there may be a thousand scopes. */
  static Map<String, Object> briefScopes(Map<?, ScopeSummary> scopes) {
    return each(scopes, RunJson::brief);
  }

  private static Map<String, Object> each(
      Map<?, ScopeSummary> scopes, Function<ScopeSummary, Object> content) {
    Map<String, Object> fields = new LinkedHashMap<>();
    scopes.forEach((name, scope) -> fields.put(name.toString(), content.apply(scope)));
    return fields;
  }

  /** Returns what tables and charts show of each turn. */
  static Map<String, Object> turns(Map<?, ScopeSummary> turns) {
    return each(
        turns,
        turn ->
            object("totals", some(TURN_TOTALS, turn.totals()), "metrics", metrics(turn.metrics())));
  }

  private static Map<String, Object> some(List<Figure> figures, Totals totals) {
    Map<String, Object> fields = new LinkedHashMap<>();
    figures.forEach(total -> put(fields, total, totals));
    return fields;
  }

  private static Map<String, Object> brief(ScopeSummary scope) {
    Map<String, Object> metrics = new LinkedHashMap<>();
    for (Figure metric : BRIEF_METRICS) {
      Summary summary = scope.metrics().get(metric);
      if (summary != null) {
        metrics.put(
            metric.fileKey(),
            metric.unit() == Figure.Unit.MILLISECONDS
                ? Map.of(
                    "count", summary.count(),
                    "p50", summary.p50(),
                    "p95", summary.p95(),
                    "p99", summary.p99())
                : Map.of("mean", summary.mean()));
      }
    }
    return Map.of("totals", some(BRIEF_TOTALS, scope.totals()), "metrics", metrics);
  }

  /** Returns the number of successful responses by the name of what is odd about them. */
  static Map<String, Long> oddities(RunSummary run) {
    Map<String, Long> fields = new LinkedHashMap<>();
    run.oddities().forEach((oddity, count) -> fields.put(Choice.key(oddity), count));
    return fields;
  }

  /** Returns what pages need to know about figures: their names, and the columns of tables. */
  static Map<String, Object> figures() {
    Map<String, Object> named = new LinkedHashMap<>();
    Map<String, Object> ofConversations = new LinkedHashMap<>();
    for (Figure figure : Figure.distributions()) {
      Map<String, Object> into = figure.isNested() ? ofConversations : named;
      into.put(
          figure.fileKey(),
          Map.of(
              "label", figure.label(),
              "description", figure.description(),
              "unit", figure.unit().symbol(),
              "rare", figure.isRare()));
    }
    return Map.of(
        "figures", named,
        "conversationFigures", ofConversations,
        "columns", COLUMNS,
        "retryColumns", PageFigure.totals(RETRIES.toArray(Figure[]::new)).toList());
  }
}
