package dev.gatlingllm.report;

import dev.gatlingllm.metrics.Breakdown;
import dev.gatlingllm.metrics.DrawnResponses;
import dev.gatlingllm.metrics.DrawnResponses.Drawn;
import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.RunSummary;
import dev.gatlingllm.metrics.ScopeSummary;
import dev.gatlingllm.metrics.ScopeSummary.Step;
import dev.gatlingllm.metrics.Trend;
import dev.gatlingllm.report.Latency.Average;
import dev.gatlingllm.report.Verdict.Level;
import dev.gatlingllm.report.Verdict.Reason;
import dev.gatlingllm.text.Numbers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The rules of a verdict on whether a run was steady. docs/report.md lists the limits. */
final class TrendRules {

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

  /** From which shares of the window on a load that grows may be more than the server can serve. */
  private static final List<Double> LATE = List.of(1 / 2.0, 2 / 3.0);

  /** With fewer requests in flight than this share of the usual, a part tells nothing. */
  private static final double ABOUT_AS_MANY = 0.75;

  /** By so many times as long must responses be in flight, too, where tokens come slowly. */
  private static final double LONGER = 2;

  private static final ToDoubleFunction<List<Step>> MEAN_IN_FLIGHT =
      Trend.mean(Step::activeStreams, step -> 1);

  private static final String SATURATED = "Saturated";
  private static final String DEGRADING = "Degrading";
  private static final String NOT_STEADY = "Not steady";

  private final RunSummary run;
  private final Optional<Stall> stall;

  /** Names of requests answered in one body, whose TTFT is E2E. */
  private final List<String> bodies;

  TrendRules(RunSummary run, Optional<Stall> stall) {
    this.run = run;
    this.stall = stall;
    this.bodies = Kinds.inOnePiece(run);
  }

  /** Judges all responses, and each request that gets worse where these do not show it. */
  List<Reason> reasons() {
    List<Reason> reasons = new ArrayList<>();
    Reason ofAll = trend(latency("", run.overall(), timed(run.overall())));
    // a mix of requests that changes is no trend of a server
    Reason latency = ofAll.level() == Level.GOOD ? ofAll : ofEach(this::first).orElse(ofAll);
    Reason whole =
        isRise(latency)
            ? latency
            : fallOfOutput()
                .or(() -> isChange(latency) ? Optional.empty() : slowTime().or(this::slowResponses))
                .orElse(latency);
    reasons.add(whole);
    // in a batch that grows, responses begin at once and become slower
    Optional<Reason> slower =
        ofEach(this::pace).isPresent() ? Optional.empty() : worse(pace("", run.overall()), whole);
    slower.ifPresent(reasons::add);
    run.byRequest()
        .forEach(
            (name, request) -> {
              worse(first(name, request), whole).ifPresent(reasons::add);
              worse(pace(name, request), slower.orElse(whole)).ifPresent(reasons::add);
            });
    return reasons;
  }

  private Latency first(String name, ScopeSummary request) {
    return latency(name, request, bodies.contains(name) ? Figure.E2E : timed(request));
  }

  private Latency pace(String name, ScopeSummary request) {
    return latency(name, request, Figure.TPOT);
  }

  private Latency latency(String name, ScopeSummary of, Figure figure) {
    return new Latency(name, of, figure, run.durationSeconds());
  }

  /** Returns the latency that is judged: embeddings and scores have no first token. */
  static Figure timed(ScopeSummary of) {
    return of.metrics().containsKey(Figure.TTFT) ? Figure.TTFT : Figure.E2E;
  }

  private Reason trend(Latency latency) {
    Optional<Trend> medians = latency.trend(Average.MEDIAN, 0);
    if (medians.isEmpty()) {
      return reason(
          Level.DOUBTFUL,
          "Too little to tell whether it was steady",
          "%s s with %,d sample{s} of %s",
          Numbers.decimals(run.durationSeconds(), 1),
          latency.samples(),
          latency.figure().label());
    }
    Optional<Reason> change = worstRise(latency, Latency::rose).or(() -> fallOrHump(latency));
    if (change.isPresent()) {
      return change.get();
    }
    Optional<Average> steady = latency.steady();
    boolean isKnown = steady.isPresent() && latency.isJudged();
    return reason(
        isKnown ? Level.GOOD : Level.DOUBTFUL,
        isKnown
            ? "Steady"
            : (latency.isJudged()
                    ? latency.figure().label() + " varied too much"
                    : "Too few responses")
                + " to tell whether it was steady",
        "%s%s",
        course(latency, steady.orElse(Average.MEDIAN)),
        waiting());
  }

  private static Optional<Reason> fallOrHump(Latency latency) {
    return latency
        .fallen()
        .map(
            average ->
                reason(
                    Level.DOUBTFUL,
                    NOT_STEADY,
                    "%s fell %s: the warm-up was too short, the load decreased, or the server"
                        + " became faster",
                    label(latency, average),
                    fromTo(latency.trend(average, 0).orElseThrow())))
        .or(() -> hump(latency));
  }

  private static Optional<Reason> hump(Latency latency) {
    return latency
        .hump()
        .map(
            hump ->
                reason(
                    Level.DOUBTFUL,
                    NOT_STEADY,
                    "%s was %s from second %.0f to %.0f of the window, and about %s in the quieter"
                        + " parts of it",
                    label(latency, Average.MEAN),
                    VerdictRules.time(hump.mean()),
                    hump.from(),
                    hump.to(),
                    VerdictRules.time(hump.usual())));
  }

  /** Returns a reason if each of several requests is known to be steady. */
  private Optional<Reason> ofEach(BiFunction<String, ScopeSummary, Latency> latency) {
    List<Latency> all = new ArrayList<>();
    run.byRequest().forEach((name, request) -> all.add(latency.apply(name, request)));
    // a body takes as long as its text, which may be of any length
    List<Latency> streams = all.stream().filter(each -> !bodies.contains(each.request())).toList();
    List<Latency> judged = streams.stream().filter(Latency::isJudged).toList();
    boolean isKnown =
        !judged.isEmpty()
            && samples(judged) >= KNOWN_SHARE * samples(streams)
            && judged.stream().allMatch(each -> each.steady().isPresent())
            && all.stream()
                .noneMatch(each -> each.isJudged() && worstRise(each, Latency::rose).isPresent());
    if (!isKnown) {
      return Optional.empty();
    }
    Latency most = Collections.max(judged, Comparator.comparingLong(Latency::samples));
    return Optional.of(
        reason(
            Level.GOOD,
            "Steady",
            "%s%s%s",
            judged.size() == 1
                ? ""
                : "each of %,d requests of which there are enough responses was; "
                    .formatted(judged.size()),
            course(most, most.steady().orElseThrow()),
            waiting()));
  }

  private static long samples(List<Latency> latencies) {
    return latencies.stream().mapToLong(Latency::samples).sum();
  }

  /** Returns a reason unless it may be chance, by which one of many latencies often rises. */
  private Optional<Reason> worse(Latency latency, Reason than) {
    Level level = isRise(than) ? than.level() : Level.GOOD;
    return Optional.of(latency)
        .filter(Latency::isJudged)
        .flatMap(judged -> worstRise(judged, Latency::roseFar))
        .filter(reason -> reason.level().compareTo(level) < 0)
        .or(() -> !isChange(than) && latency.isJudged() ? hump(latency) : Optional.empty());
  }

  /**
   * Returns the worst reason of a latency whose median or mean rose. Output rises with a load that
   * grows until it is more than the server can serve, so it may be saturated in a later part alone.
   *
   * @param rose whether a trend over the window did; one of a part of it must have risen far
   */
  private Optional<Reason> worstRise(Latency latency, Predicate<Trend> rose) {
    return Stream.concat(
            rises(latency, 0, rose),
            LATE.stream()
                .flatMap(share -> rises(latency, share * run.durationSeconds(), Latency::roseFar))
                .filter(reason -> reason.level() == Level.BAD))
        .min(Comparator.comparing(Reason::level));
  }

  private Stream<Reason> rises(Latency latency, double begin, Predicate<Trend> rose) {
    return Stream.of(Average.values())
        .filter(average -> latency.trend(average, begin).filter(rose).isPresent())
        .map(average -> rise(latency, average, begin));
  }

  /** Returns the reason of a latency that rose: a queue, unless output rose with it. */
  private Reason rise(Latency latency, Average average, double begin) {
    ScopeSummary of = latency.of();
    Trend trend = latency.trend(average, begin).orElseThrow();
    // what the server tells is of the time before a response, of all requests
    boolean isStart = latency.request().isEmpty() && latency.figure() != Figure.TPOT;
    String queue = isStart ? TtftParts.of(run).mostlyQueue() : "";
    boolean isText = latency.figure() != Figure.E2E || of.samples(Figure.OUTPUT_TOKENS) > 0;
    String unit = isText ? "tokens/s" : "responses/s";
    Trend output = output(of, isText, begin).orElseThrow();
    // of a server that is shared, others may take a part
    Optional<Trend> ofAll =
        latency.request().isEmpty() || !isOfOneServer()
            ? Optional.empty()
            : output(run.overall(), isText, begin).filter(all -> all.rose(OUTPUT_CHANGE));
    Trend inFlight = trend(of, begin, Step::activeStreams, step -> 1).orElseThrow();
    boolean isPiledUp = inFlight.rose(IN_FLIGHT_CHANGE) && inFlight.last() - inFlight.first() >= 1;
    Optional<Trend> longer = prompts(of, begin, Step::promptTokens);
    // requests pile up also where nothing arrives for a while
    double lastThird = run.durationSeconds() - (run.durationSeconds() - begin) / 3;
    boolean isStalled =
        latency.figure() != Figure.TPOT
            && stall
                .filter(time -> time.explains(begin, lastThird, trend.last() - trend.first()))
                .filter(time -> !roseBefore(time.from(), latency, average))
                .isPresent();
    boolean isOverloaded =
        !isStalled
            && !output.rose(OUTPUT_CHANGE)
            && ofAll.isEmpty()
            && ((isPiledUp && !isExplained(latency, trend, begin)) || !queue.isEmpty());
    Optional<Trend> begun = isOverloaded ? begun(latency, begin) : Optional.empty();
    boolean isSaturated = isOverloaded && begun.isEmpty();
    return reason(
        isSaturated ? Level.BAD : Level.DOUBTFUL,
        isSaturated ? SATURATED : isStalled || begun.isPresent() ? NOT_STEADY : DEGRADING,
        "%s rose %s%s%s, while %soutput %s%s%s%s%s%s",
        label(latency, average),
        fromTo(trend),
        average == Average.MEDIAN
            ? ""
            : latency
                .trend(Average.MEDIAN, begin)
                .map(medians -> " (its median went " + fromTo(medians) + ")")
                .orElse(""),
        begin == 0
            ? ""
            : begin > run.durationSeconds() / 2 ? " in the last third" : " in the second half",
        latency.request().isEmpty() ? "" : "its ",
        change(output, unit),
        ofAll.map(all -> ", that of all requests " + change(all, unit)).orElse(""),
        isPiledUp ? " and requests in flight rose " + counts(inFlight) : "",
        longer.map(prompts -> "; the mean prompt " + change(prompts, "tokens")).orElse(""),
        begun
            .map(sent -> "; prompts sent for the first time " + change(sent, "tokens/s"))
            .orElse(""),
        isStart ? waiting() : "");
  }

  /**
   * Returns the trend of what no prompt had sent before, by when its first token came, if it rose:
   * users who began together begin their next conversations together, too, and other requests slow
   * the judged ones down. A server that is saturated reads no more of it. Those of requests that
   * waited since the warm-up count.
   */
  private Optional<Trend> begun(Latency latency, double begin) {
    List<Step> steps = run.overall().charts().steps();
    TreeMap<Long, Double> tokens = new TreeMap<>();
    steps.forEach(step -> tokens.put(step.second(), 0.0));
    DrawnResponses drawn = run.samples().drawn();
    for (Drawn response : drawn.all()) {
      // embeddings have no first token
      double wait =
          response.ttft() < 0 && response.failure() == null ? response.e2e() : response.ttft();
      Long step = tokens.floorKey((long) Math.floor(response.sent().second() + wait / 1e3));
      if (step != null && wait >= 0 && isShared(latency, response.sent().request())) {
        tokens.merge(step, newTokens(latency, response), Double::sum);
      }
    }
    double length = steps.size() < 2 ? 1 : steps.get(1).second() - steps.get(0).second();
    double scale = drawn.of() / (length * Math.max(1, drawn.all().size()));
    return trend(
            run.overall(),
            begin,
            step -> scale * tokens.getOrDefault(step.second(), 0.0),
            step -> 1)
        .filter(sent -> sent.rose(Latency.CHANGE));
  }

  /** Returns whether what is read for a request says how much a server does for a latency. */
  private boolean isShared(Latency judged, String request) {
    boolean isOfIt = judged.request().isEmpty() || judged.request().equals(request);
    // of a body, it is not known when it was read
    return isOfIt ? judged.figure() != Figure.E2E : isOfOneServer();
  }

  /** Each model may have a server of its own. */
  private boolean isOfOneServer() {
    return run.by(Breakdown.MODEL).size() <= 1;
  }

  /**
   * Returns the prompt tokens that no earlier prompt had sent. Of a request whose texts are
   * unknown, it is the mean of those that the server had not cached, as a single prompt may have
   * more of them on a saturated server, too; and nothing if it is the judged one, or the only one
   * of the run.
   */
  private double newTokens(Latency judged, Drawn response) {
    if (response.reusableTokens() >= 0) {
      return response.expectedTokens() - response.reusableTokens();
    }
    String name = response.sent().request();
    ScopeSummary request = run.byRequest().get(name);
    // one without a report of cached tokens, as of nothing cached, adds none to their sum
    return request == null || run.byRequest().size() <= 1 || name.equals(judged.request())
        ? 0
        : Math.max(0, request.sum(Figure.INPUT_TOKENS) - request.sum(Figure.CACHED_TOKENS))
            / Math.max(1, request.samples(Figure.INPUT_TOKENS));
  }

  private static boolean roseBefore(double second, Latency latency, Average average) {
    return new Latency(latency.request(), latency.of(), latency.figure(), second)
        .trend(average, 0)
        .filter(Latency::rose)
        .isPresent();
  }

  /**
   * Returns whether a latency rose as what is computed did: it is longer in flight without a queue.
   */
  private boolean isExplained(Latency latency, Trend rise, double begin) {
    Optional<Trend> computed =
        switch (latency.figure()) {
          // a token is computed from the whole context, cached or not
          case TPOT -> prompts(latency.of(), begin, Step::promptTokens);
          // one body takes as long as its text; embeddings have none
          case E2E ->
              trend(latency.of(), begin, TrendRules::outputTokens, Step::okPerSecond)
                  .filter(tokens -> tokens.rose(Latency.CHANGE))
                  .or(() -> prompts(latency.of(), begin, TrendRules::uncachedTokens));
          default -> prompts(latency.of(), begin, TrendRules::uncachedTokens);
        };
    return computed
        .filter(
            tokens ->
                rise.last() / rise.first() < (1 + Latency.CHANGE) * tokens.last() / tokens.first())
        .isPresent();
  }

  private static double outputTokens(Step step) {
    return step.outputTokensPerSecond() / step.okPerSecond();
  }

  private static boolean isRise(Reason trend) {
    return trend.title().equals(SATURATED) || trend.title().equals(DEGRADING);
  }

  /** Returns whether it says how the latency changed, not that it was steady or may have been. */
  private static boolean isChange(Reason trend) {
    return isRise(trend) || trend.title().equals(NOT_STEADY);
  }

  /** Returns a reason if less came for as many requests, as from a server that hangs in part. */
  private Optional<Reason> fallOfOutput() {
    boolean isText = timed(run.overall()) != Figure.E2E;
    Optional<Trend> output = output(run.overall(), isText, 0);
    Optional<Trend> inFlight = trend(run.overall(), 0, Step::activeStreams, step -> 1);
    boolean areFewer =
        inFlight.filter(all -> all.last() < (1 - OUTPUT_CHANGE) * all.first()).isPresent();
    // responses may become shorter
    boolean endLess =
        output(run.overall(), false, 0).filter(trend -> trend.fell(Latency.CHANGE)).isPresent();
    return output
        .filter(trend -> trend.fell(Latency.CHANGE) && endLess && !areFewer)
        .map(
            trend ->
                reason(
                    Level.DOUBTFUL,
                    NOT_STEADY,
                    "output %s, while %s",
                    change(trend, isText ? "tokens/s" : "responses/s"),
                    inFlight
                        .filter(all -> all.rose(OUTPUT_CHANGE))
                        .map(all -> "requests in flight rose " + counts(all))
                        .orElse("about as many requests were in flight")));
  }

  /**
   * Returns a reason if far fewer tokens came for a while to each request in flight. Responses that
   * take longer than that have other times, too, so that their TPOT hardly shows it.
   */
  private Optional<Reason> slowTime() {
    // requests without tokens, or with all at once, are in flight, too
    boolean isPaced =
        run.overall().samples(Figure.TPOT) >= KNOWN_SHARE * run.overall().samples(Figure.E2E);
    if (!isPaced || !latency("", run.overall(), timed(run.overall())).isJudged()) {
      return Optional.empty();
    }
    Parts parts = Parts.of(run.overall().charts().steps(), run.durationSeconds());
    double enough = ABOUT_AS_MANY * Parts.usual(parts.values(MEAN_IN_FLIGHT));
    double[] perToken =
        parts.values(
            steps ->
                MEAN_IN_FLIGHT.applyAsDouble(steps) >= enough
                    ? secondsPerToken(steps)
                    : Double.NaN);
    double usual = Parts.usual(perToken);
    double longer = LONGER * Parts.usual(parts.values(TrendRules::secondsPerResponse));
    return parts.high(perToken).stream()
        // responses may become shorter
        .filter(slow -> secondsPerResponse(slow.steps()) >= longer)
        .filter(slow -> !Latency.isAsPrompts(slow, TrendRules::secondsPerToken))
        .findFirst()
        .map(
            slow ->
                reason(
                    Level.DOUBTFUL,
                    NOT_STEADY,
                    "%s tokens/s came to each request in flight from second %.0f to %.0f of the"
                        + " window, and about %s in the quicker parts of it",
                    Numbers.significant(1 / secondsPerToken(slow.steps()), 2),
                    slow.from(),
                    slow.to(),
                    Numbers.significant(1 / usual, 2)));
  }

  /** Returns a reason if users of a few requests waited for long, in one part of the window. */
  private Optional<Reason> slowResponses() {
    double allMillis =
        1e3
            * run.durationSeconds()
            * MEAN_IN_FLIGHT.applyAsDouble(
                Parts.measured(run.overall().charts().steps(), run.durationSeconds()));
    return run.byRequest().entrySet().stream()
        .filter(request -> !bodies.contains(request.getKey()))
        .flatMap(
            request ->
                Stream.of(
                    first(request.getKey(), request.getValue()),
                    pace(request.getKey(), request.getValue())))
        .flatMap(latency -> slow(latency, allMillis).stream())
        .findFirst();
  }

  private static Optional<Reason> slow(Latency latency, double allMillis) {
    return latency
        .slow(allMillis)
        .map(
            slow ->
                reason(
                    Level.DOUBTFUL,
                    NOT_STEADY,
                    "%,d response{s} of %s, from second %.0f to %.0f of the window, had %s of %s or"
                        + " more, where the median was %s; %s of the time of all requests went by"
                        + " in such waits",
                    slow.count(),
                    latency.request(),
                    slow.from(),
                    slow.to(),
                    latency.figure().label(),
                    VerdictRules.time(slow.limit()),
                    VerdictRules.time(slow.usual()),
                    VerdictRules.percent(slow.percent())));
  }

  private static double secondsPerResponse(List<Step> steps) {
    return MEAN_IN_FLIGHT.applyAsDouble(steps)
        / Trend.mean(Step::okPerSecond, step -> 1).applyAsDouble(steps);
  }

  private static double secondsPerToken(List<Step> steps) {
    return MEAN_IN_FLIGHT.applyAsDouble(steps)
        / Trend.mean(Step::outputTokensPerSecond, step -> 1).applyAsDouble(steps);
  }

  private static String counts(Trend inFlight) {
    return "from %s to %s"
        .formatted(Numbers.grouped(inFlight.first(), 0), Numbers.grouped(inFlight.last(), 0));
  }

  /** Returns the trend of a mean length of prompts, if it rose. */
  private Optional<Trend> prompts(ScopeSummary of, double begin, ToDoubleFunction<Step> length) {
    return trend(of, begin, length, Latency::prompts)
        .filter(prompts -> prompts.rose(Latency.CHANGE));
  }

  private static double uncachedTokens(Step step) {
    Double hit = step.cacheHitPercent();
    return step.promptTokens() * (hit == null ? 1 : 1 - hit / 100);
  }

  private Optional<Trend> output(ScopeSummary of, boolean isText, double begin) {
    return trend(of, begin, isText ? Step::outputTokensPerSecond : Step::okPerSecond, step -> 1);
  }

  private Optional<Trend> trend(
      ScopeSummary of, double begin, ToDoubleFunction<Step> value, ToDoubleFunction<Step> weight) {
    return Trend.of(of.charts().steps(), begin, run.durationSeconds(), Trend.mean(value, weight));
  }

  private static String label(Latency latency, Average average) {
    return (average == Average.MEAN ? "mean " : "")
        + latency.figure().label()
        + (latency.request().isEmpty() ? "" : " of " + latency.request());
  }

  private static String fromTo(Trend latency) {
    return "from %s to %s"
        .formatted(VerdictRules.time(latency.first()), VerdictRules.time(latency.last()));
  }

  /** Says how a latency changed, as a part of a sentence. */
  private static String course(Latency latency, Average average) {
    Trend trend = latency.trend(average, 0).orElseThrow();
    return "%s went %s over the window (95 %% interval of the change %s to %s)"
        .formatted(
            label(latency, average),
            fromTo(trend),
            // no latency falls by more than it was
            change(Math.max(-trend.first(), trend.low())),
            change(trend.high()));
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
    double ttft = 0;
    double e2e = 0;
    for (Drawn response : run.samples().drawn().all()) {
      // one that has not ended has a TTFT, too
      if (response.place().firstToken()
          && response.place().end()
          && isPaced(run.byRequest().get(response.sent().request()))) {
        ttft += response.ttft();
        e2e += response.e2e();
      }
    }
    return ttft <= WAITING_SHARE * e2e
        ? ""
        : ". TTFT was "
            + VerdictRules.percent(100 * ttft / e2e)
            + " of E2E: requests waited, or prompts or hidden reasoning took long to compute";
  }

  private static boolean isPaced(@Nullable ScopeSummary request) {
    return request != null
        && request.samples(Figure.TPOT) >= PACED_SHARE * request.samples(Figure.E2E);
  }

  private static Reason reason(Level level, String title, String text, Object... figures) {
    return VerdictRules.reason("trend", level, title, text, figures);
  }
}
