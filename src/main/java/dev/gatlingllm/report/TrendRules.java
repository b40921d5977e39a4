package dev.gatlingllm.report;

import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.RunSummary;
import dev.gatlingllm.metrics.ScopeSummary;
import dev.gatlingllm.metrics.ScopeSummary.Step;
import dev.gatlingllm.metrics.Summary;
import dev.gatlingllm.metrics.Trend;
import dev.gatlingllm.report.Verdict.Level;
import dev.gatlingllm.report.Verdict.Reason;
import dev.gatlingllm.text.Numbers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** The rules of a verdict on whether a run was steady. docs/report.md lists the limits. */
final class TrendRules {

  /** A change by less than this share of the mean is no trend of a latency. */
  private static final double LATENCY_CHANGE = 0.25;

  /** A wider interval, in percent of the mean, does not show that a latency was steady. */
  private static final double MAX_INTERVAL_PERCENT = 100;

  /** Fewer responses have no 95th percentile, and tell little of a share. */
  static final long MIN_RESPONSES = 20;

  /** A change by less than this share of the mean is none of the output. */
  private static final double OUTPUT_CHANGE = 0.1;

  /** A change by less than this share of the mean, or by less than one, piles no requests up. */
  private static final double IN_FLIGHT_CHANGE = 0.25;

  /** Above this share of the whole response, the time to its first token is worth a remark. */
  private static final double WAITING_SHARE = 0.5;

  /** With fewer responses that have a pace, TTFT is E2E of too many to tell of waiting. */
  private static final double PACED_SHARE = 0.75;

  /** Requests with fewer of all samples may be left out. */
  private static final double KNOWN_SHARE = 0.95;

  private static final String SATURATED = "Saturated";
  private static final String DEGRADING = "Degrading";

  private final RunSummary run;

  TrendRules(RunSummary run) {
    this.run = run;
  }

  /** Judges all responses, and each request that gets worse where these do not show it. */
  List<Reason> reasons() {
    List<Reason> reasons = new ArrayList<>();
    Reason ofAll = trendOfAll();
    // a mix of requests that changes is no trend of a server
    Reason latency = ofAll.level() == Level.GOOD ? ofAll : steady(TrendRules::timed).orElse(ofAll);
    Reason whole = isRise(latency) ? latency : fallOfOutput().orElse(latency);
    reasons.add(whole);
    // in a batch that grows, responses begin at once and become slower
    Optional<Reason> pace =
        steady(of -> Figure.TPOT).isPresent()
            ? Optional.empty()
            : worse(whole, Figure.TPOT, run.overall(), "");
    pace.ifPresent(reasons::add);
    run.byRequest()
        .forEach(
            (name, request) -> {
              worse(whole, timed(request), request, " of " + name).ifPresent(reasons::add);
              worse(pace.orElse(whole), Figure.TPOT, request, " of " + name)
                  .ifPresent(reasons::add);
            });
    return reasons;
  }

  /** Returns a reason unless it may be chance, by which one of many latencies often rises. */
  private Optional<Reason> worse(Reason than, Figure timed, ScopeSummary of, String name) {
    Optional<Trend> rise =
        latency(timed, of, Summary::p50).filter(latency -> latency.rose(LATENCY_CHANGE));
    if (rise.isEmpty() || of.samples(timed) < MIN_RESPONSES) {
      return Optional.empty();
    }
    Trend latency = rise.get();
    boolean isFar = roseFar(latency);
    return Optional.of(rose(timed, latency, of, name))
        // a batch that grows by chance is slower and has more in flight, which are one thing
        .filter(reason -> isFar || (reason.level() == Level.BAD && timed != Figure.TPOT))
        .filter(reason -> reason.level().compareTo(isRise(than) ? than.level() : Level.GOOD) < 0);
  }

  private Reason trendOfAll() {
    ScopeSummary all = run.overall();
    Figure timed = timed(all);
    String label = timed.label();
    long samples = all.samples(timed);
    Optional<Trend> medians = latency(timed, all, Summary::p50);
    if (medians.isEmpty()) {
      return reason(
          Level.DOUBTFUL,
          "Too little to tell whether it was steady",
          "%s s with %,d sample{s} of %s",
          Numbers.decimals(run.durationSeconds(), 1),
          samples,
          label);
    }
    Trend latency = medians.get();
    if (latency.rose(LATENCY_CHANGE)) {
      return rose(timed, latency, all, "");
    }
    if (latency.fell(LATENCY_CHANGE)) {
      return reason(
          Level.DOUBTFUL,
          "Not steady",
          "%s fell from %s to %s: the warm-up was too short, or the load decreased",
          label,
          VerdictRules.time(latency.first()),
          VerdictRules.time(latency.last()));
    }
    Optional<Trend> risen = latency(timed, all, Summary::mean).filter(TrendRules::roseFar);
    if (risen.isPresent()) {
      Reason ofSome = rose(timed, risen.get(), all, "", 0);
      return reason(
          ofSome.level(),
          ofSome.title(),
          "mean %s; the median went from %s to %s: some requests wait, such as those of one replica",
          ofSome.text(),
          VerdictRules.time(latency.first()),
          VerdictRules.time(latency.last()));
    }
    // medians of steps with few responses of two kinds, such as cold and warm ones, jump
    Optional<Trend> ofMeans =
        latency(timed, all, Summary::mean).filter(means -> !isSteady(latency) && isSteady(means));
    Trend known = ofMeans.orElse(latency);
    boolean isKnown = samples >= MIN_RESPONSES && isSteady(known);
    return reason(
        isKnown ? Level.GOOD : Level.DOUBTFUL,
        isKnown
            ? "Steady"
            : (samples < MIN_RESPONSES ? "Too few responses" : label + " varied too much")
                + " to tell whether it was steady",
        "%s%s went from %s to %s over the window (95 %% interval of the change %s to %s)%s",
        ofMeans.isPresent() ? "mean " : "",
        label,
        VerdictRules.time(known.first()),
        VerdictRules.time(known.last()),
        // no latency falls by more than it was
        change(Math.max(-known.first(), known.low())),
        change(known.high()),
        waiting());
  }

  /** Returns a reason if each of several requests is known to be steady. */
  private Optional<Reason> steady(Function<ScopeSummary, Figure> timed) {
    String ofMost = "";
    long most = 0;
    long known = 0;
    int judged = 0;
    long all = 0;
    // TTFT of one body is its whole duration
    List<String> bodies = Kinds.inOnePiece(run);
    for (Map.Entry<String, ScopeSummary> request : run.byRequest().entrySet()) {
      ScopeSummary scope = request.getValue();
      Figure figure = timed.apply(scope);
      long samples = bodies.contains(request.getKey()) ? 0 : scope.samples(figure);
      all += samples;
      if (samples >= MIN_RESPONSES) {
        Optional<Trend> medians =
            latency(figure, scope, Summary::p50)
                .filter(trend -> !trend.rose(LATENCY_CHANGE) && !trend.fell(LATENCY_CHANGE));
        boolean someWait =
            latency(figure, scope, Summary::mean).filter(TrendRules::roseFar).isPresent();
        if (medians.isEmpty() || someWait || !isSteady(figure, scope, medians.get())) {
          return Optional.empty();
        }
        known += samples;
        judged++;
        if (samples > most) {
          most = samples;
          ofMost =
              "%s of %s went from %s to %s over the window"
                  .formatted(
                      figure.label(),
                      request.getKey(),
                      VerdictRules.time(medians.get().first()),
                      VerdictRules.time(medians.get().last()));
        }
      }
    }
    return judged > 0 && known >= KNOWN_SHARE * all
        ? Optional.of(
            reason(
                Level.GOOD,
                "Steady",
                "%s%s%s",
                judged == 1
                    ? ""
                    : "each of %,d requests of which there are enough responses was; "
                        .formatted(judged),
                ofMost,
                waiting()))
        : Optional.empty();
  }

  private boolean isSteady(Figure timed, ScopeSummary of, Trend medians) {
    return isSteady(medians)
        || latency(timed, of, Summary::mean).filter(TrendRules::isSteady).isPresent();
  }

  /** Returns a reason if less came for as many requests, as from a server that hangs in part. */
  private Optional<Reason> fallOfOutput() {
    boolean isText = timed(run.overall()) != Figure.E2E;
    Optional<Trend> output = output(run.overall(), isText, 0);
    boolean areFewer =
        trend(run.overall(), 0, Step::activeStreams, step -> 1)
            .filter(inFlight -> inFlight.last() < (1 - OUTPUT_CHANGE) * inFlight.first())
            .isPresent();
    // responses may become shorter
    boolean endLess =
        output(run.overall(), false, 0).filter(trend -> trend.fell(LATENCY_CHANGE)).isPresent();
    return output
        .filter(trend -> trend.fell(LATENCY_CHANGE) && endLess && !areFewer)
        .map(
            trend ->
                reason(
                    Level.DOUBTFUL,
                    "Not steady",
                    "output %s, while about as many requests were in flight",
                    change(trend, isText ? "tokens/s" : "responses/s")));
  }

  private static boolean isSteady(Trend latency) {
    return Math.abs(latency.percent(latency.last() - latency.first())) <= 100 * LATENCY_CHANGE
        && latency.percent(latency.high() - latency.low()) < MAX_INTERVAL_PERCENT;
  }

  /** Returns the reason of a latency that rose: of the window, or of its second half. */
  private Reason rose(Figure timed, Trend latency, ScopeSummary of, String name) {
    Reason whole = rose(timed, latency, of, name, 0);
    if (whole.level() == Level.BAD || !name.isEmpty()) {
      return whole;
    }
    // output rises with a load that grows until it is more than the server can serve
    double half = run.durationSeconds() / 2;
    return trend(of, half, step -> ofStep(step, timed, Summary::p50), step -> count(step, timed))
        .filter(late -> late.rose(LATENCY_CHANGE))
        .map(late -> rose(timed, late, of, name, half))
        .filter(late -> late.level() == Level.BAD)
        .orElse(whole);
  }

  /** Returns the reason of a latency that rose: a queue, unless output rose with it. */
  private Reason rose(Figure timed, Trend latency, ScopeSummary of, String name, double begin) {
    // what the server tells is of the time before a response, of all requests
    boolean isStart = name.isEmpty() && timed != Figure.TPOT;
    String queue = isStart ? TtftParts.of(run).mostlyQueue() : "";
    boolean isText = timed != Figure.E2E;
    Trend output = output(of, isText, begin).orElseThrow();
    Trend inFlight = trend(of, begin, Step::activeStreams, step -> 1).orElseThrow();
    boolean isPiledUp = inFlight.rose(IN_FLIGHT_CHANGE) && inFlight.last() - inFlight.first() >= 1;
    Optional<Trend> longer = prompts(of, begin, Step::promptTokens);
    // what takes longer to compute is longer in flight, without any queue
    boolean isAsPrompts =
        // a token is computed from the whole context, cached or not
        prompts(of, begin, timed == Figure.TPOT ? Step::promptTokens : TrendRules::uncachedTokens)
            .filter(
                prompts ->
                    latency.last() / latency.first()
                        < (1 + LATENCY_CHANGE) * prompts.last() / prompts.first())
            .isPresent();
    boolean isSaturated =
        !output.rose(OUTPUT_CHANGE) && ((isPiledUp && !isAsPrompts) || !queue.isEmpty());
    return reason(
        isSaturated ? Level.BAD : Level.DOUBTFUL,
        isSaturated ? SATURATED : DEGRADING,
        "%s%s rose from %s to %s%s, while output %s%s%s%s",
        timed.label(),
        name,
        VerdictRules.time(latency.first()),
        VerdictRules.time(latency.last()),
        begin > 0 ? " in the second half" : "",
        change(output, isText ? "tokens/s" : "responses/s"),
        isPiledUp
            ? " and requests in flight rose from %s to %s"
                .formatted(
                    Numbers.grouped(inFlight.first(), 0), Numbers.grouped(inFlight.last(), 0))
            : "",
        longer.map(prompts -> "; the mean prompt " + change(prompts, "tokens")).orElse(""),
        isStart ? waiting() : "");
  }

  /** Returns whether a latency rose by more than may be chance, by which one of many often does. */
  private static boolean roseFar(Trend latency) {
    double change = (latency.low() + latency.high()) / 2;
    return latency.rose(LATENCY_CHANGE) && change > latency.high() - latency.low();
  }

  private static boolean isRise(Reason trend) {
    return trend.title().equals(SATURATED) || trend.title().equals(DEGRADING);
  }

  /** Returns the trend of a mean length of prompts, if it rose. */
  private Optional<Trend> prompts(ScopeSummary of, double begin, ToDoubleFunction<Step> length) {
    return trend(of, begin, length, step -> step.promptTokens() > 0 ? step.okPerSecond() : 0)
        .filter(prompts -> prompts.rose(LATENCY_CHANGE));
  }

  private static double uncachedTokens(Step step) {
    Double hit = step.cacheHitPercent();
    return step.promptTokens() * (hit == null ? 1 : 1 - hit / 100);
  }

  /** Returns the latency that is judged: embeddings and scores have no first token. */
  static Figure timed(ScopeSummary of) {
    return of.metrics().containsKey(Figure.TTFT) ? Figure.TTFT : Figure.E2E;
  }

  private Optional<Trend> latency(Figure timed, ScopeSummary of, ToDoubleFunction<Summary> value) {
    return trend(of, 0, step -> ofStep(step, timed, value), step -> count(step, timed));
  }

  private Optional<Trend> output(ScopeSummary of, boolean isText, double begin) {
    return trend(of, begin, isText ? Step::outputTokensPerSecond : Step::okPerSecond, step -> 1);
  }

  private Optional<Trend> trend(
      ScopeSummary of, double begin, ToDoubleFunction<Step> value, ToDoubleFunction<Step> weight) {
    return Trend.of(of.charts().steps(), begin, run.durationSeconds(), value, weight);
  }

  private static double count(Step step, Figure figure) {
    return ofStep(step, figure, Summary::count);
  }

  private static double ofStep(Step step, Figure figure, ToDoubleFunction<Summary> value) {
    Summary summary = step.latencies().get(figure);
    return summary == null ? 0 : value.applyAsDouble(summary);
  }

  private static String change(double millis) {
    return (millis < 0 ? "-" : "+") + VerdictRules.time(Math.abs(millis));
  }

  private static String change(Trend output, String unit) {
    return output.rose(OUTPUT_CHANGE) || output.fell(OUTPUT_CHANGE)
        ? "%s from %s to %s %s"
            .formatted(
                output.last() > output.first() ? "rose" : "fell",
                Numbers.grouped(output.first(), 0),
                Numbers.grouped(output.last(), 0),
                unit)
        : "stayed at about %s %s"
            .formatted(Numbers.grouped((output.first() + output.last()) / 2, 0), unit);
  }

  /** Returns a remark if most of a response was the time before it, such as in a queue. */
  private String waiting() {
    String queue = TtftParts.of(run).mostlyQueue();
    if (!queue.isEmpty()) {
      return ". Requests waited in the server's queue for " + queue;
    }
    double ttftMillis = 0;
    double e2eMillis = 0;
    for (ScopeSummary request : run.byRequest().values()) {
      Summary ttft = request.metrics().get(Figure.TTFT);
      Summary e2e = request.metrics().get(Figure.E2E);
      if (ttft != null
          && e2e != null
          && request.samples(Figure.TPOT) >= PACED_SHARE * e2e.count()) {
        ttftMillis += e2e.count() * ttft.mean();
        e2eMillis += e2e.count() * e2e.mean();
      }
    }
    return ttftMillis <= WAITING_SHARE * e2eMillis
        ? ""
        : ". TTFT was "
            + VerdictRules.percent(Math.min(100, 100 * ttftMillis / e2eMillis))
            + " of E2E: requests waited, or prompts or hidden reasoning took long to compute";
  }

  private static Reason reason(Level level, String title, String text, Object... figures) {
    return VerdictRules.reason("trend", level, title, text, figures);
  }
}
