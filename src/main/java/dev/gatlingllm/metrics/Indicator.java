package dev.gatlingllm.metrics;

import static java.util.stream.Collectors.joining;

import dev.gatlingllm.metrics.Figure.Unit;
import dev.gatlingllm.text.Plurals;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A single number that can be read off a run: a total, or one statistic of a distribution, such as
 * the 95th percentile of TTFT. Assertions, scores and conditions are about indicators. Immutable.
 *
 * @param figure what is measured
 * @param statistic of a distribution's samples; the mean of a total is the total itself
 */
public record Indicator(Figure figure, Statistic statistic) {

  /** Returns the indicator of a total. */
  public static Indicator of(Figure total) {
    return new Indicator(total, Statistic.MEAN);
  }

  /** Returns three percentiles of each distribution of a short overview, and its totals. */
  public static List<Indicator> headlines() {
    return Figure.headlines().stream()
        .flatMap(
            figure ->
                figure.isDistribution()
                    ? Stream.of(50, 95, 99)
                        .map(share -> new Indicator(figure, Statistic.percentile(share)))
                    : Stream.of(of(figure)))
        .toList();
  }

  /**
   * Reads an indicator as {@link #label()} writes it. Any characters but letters and digits
   * separate the statistic: {@code ttft.p95}, {@code ttft-p95} and {@code ttft p95} are the same.
   * Empty for a text that names no figure, no statistic, or a statistic of a total.
   */
  public static Optional<Indicator> parse(String text) {
    Optional<Figure> whole = Figure.byKey(text.strip());
    String[] parts = text.strip().split("[^A-Za-z0-9]+", 2);
    if (whole.isPresent() || parts.length == 1) {
      return whole.map(Indicator::of);
    }
    return Figure.byKey(parts[0])
        .filter(Figure::isDistribution)
        .flatMap(of -> Statistic.parse(parts[1]).map(statistic -> new Indicator(of, statistic)));
  }

  /** Returns the texts that {@link #parse} accepts, for error messages. */
  public static String allowed() {
    return names(Figure::isDistribution)
        + ", alone for the mean or with ·p95, ·p999 or another percentile, ·min, ·max or ·stddev;"
        + " or "
        + names(figure -> !figure.isDistribution());
  }

  private static String names(Predicate<Figure> which) {
    return Stream.of(Figure.values()).filter(which).map(Figure::key).collect(joining(", "));
  }

  /** Returns the name in tables and result files, such as {@code ttft·p95}. */
  public String label() {
    return label(figure.key());
  }

  String label(String name) {
    return statistic.equals(Statistic.MEAN) ? name : name + "·" + statistic.key();
  }

  /** Returns the display name, such as {@code TTFT p95} or {@code cache hit}. */
  public String words() {
    return figure.isDistribution() ? figure.label() + " " + statistic.words() : figure.label();
  }

  /** Returns the unit of its values. */
  public Unit unit() {
    return figure.unit();
  }

  /** Returns the value over a set of responses; empty if there is none. */
  public OptionalDouble of(ScopeSummary responses) {
    if (!figure.isDistribution()) {
      return responses.totals().value(figure);
    }
    return value(responses.metrics().get(figure), responses.buckets().get(figure));
  }

  /**
   * The value that a limit is judged by.
   *
   * @param value empty if there is none
   * @param remark what makes it another one than {@link #of} returns, for messages; else null
   */
  public record Bound(OptionalDouble value, @Nullable String remark) {}

  /**
   * Returns the pessimistic bound of the value over a set of responses, by which limits are judged.
   * It is the value itself, but for a percentile of too few samples, where the greatest sample
   * counts (the least one where greater values are wanted), for TTFT and TTFO if requests were
   * waiting for their first token, and for ICL, ITL, E2E and the duration of conversations if gaps,
   * requests or conversations had not ended: how long they had gone on counts as a sample. For TPOT
   * that which a user saw who left does.
   *
   * @param wantsLess whether smaller values are more likely to meet the limit
   */
  public Bound bound(ScopeSummary responses, boolean wantsLess) {
    Summary summary = responses.metrics().get(figure);
    Buckets samples = responses.buckets().get(figure);
    if (summary == null || samples == null) {
      return new Bound(of(responses), null);
    }
    Figure bounding = wantsLess ? figure.bounding() : null;
    Buckets waiting = bounding == null ? null : responses.buckets().get(bounding);
    if (statistic.kind() != Statistic.Kind.PERCENTILE) {
      Summary ages = waiting == null ? null : responses.metrics().get(bounding);
      return ages == null ? new Bound(of(responses), null) : withWaiting(summary, ages);
    }
    double percentile = statistic.percentile();
    Buckets all = waiting == null ? samples : Buckets.pooled(List.of(samples, waiting));
    if (!Percentile.isJudged(samples.total(), percentile) && percentile < 100) {
      return new Bound(
          OptionalDouble.of(all.percentile(wantsLess ? 100 : 0)),
          Plurals.format(
              "%,d sample{s} {is|are} too few for %s, which needs %,d; the %s is judged",
              samples.total(),
              statistic.words(),
              Percentile.samplesToJudge(percentile),
              wantsLess ? "greatest" : "least"));
    }
    return greater(
        samples.percentile(percentile),
        all.percentile(percentile),
        waiting == null ? 0 : waiting.total());
  }

  /** Returns a statistic with the ages of waiting requests among the samples, if it is greater. */
  private Bound withWaiting(Summary samples, Summary ages) {
    double value = statistic.of(samples, null);
    double bound =
        switch (statistic.kind()) {
          case MAX -> ages.max();
          case MEAN ->
              (samples.count() * samples.mean() + ages.count() * ages.mean())
                  / (samples.count() + ages.count());
          default -> value;
        };
    return greater(value, bound, ages.count());
  }

  private Bound greater(double value, double withWaiting, long waiting) {
    return withWaiting <= value
        ? new Bound(OptionalDouble.of(value), null)
        : new Bound(
            OptionalDouble.of(withWaiting),
            Plurals.format(
                switch (figure) {
                      case CONVERSATION_DURATION -> "%,d conversation{s} that had not ended";
                      case E2E -> "%,d request{s} that had not ended";
                      case ICL, ITL -> "%,d gap{s} between chunks that had not ended";
                      case TPOT -> "%,d response{s} that {its|their} user{s} left";
                      case TTFO -> "%,d request{s} that waited for output";
                      default -> "%,d request{s} that waited for the first token";
                    }
                    + (figure == Figure.TPOT
                        ? " count{s|} with the TPOT until then"
                        : " count{s|} with {its|their} age"),
                waiting));
  }

  /**
   * Returns the value over a window of time.
   *
   * @param responses null where nothing happened: then rates and counts are 0, and other figures
   *     have no value. Where no response ended, unknown rates are 0, too
   * @param client the load generator's health, or null if unknown
   */
  public OptionalDouble of(@Nullable ScopeSummary responses, @Nullable ClientHealth client) {
    if (figure == Figure.CLIENT_LAG) {
      return value(client == null ? null : client.eventLoopLag(), null);
    }
    if (figure == Figure.CLIENT_CPU_PERCENT) {
      return client == null || client.cpuPercent() == null
          ? OptionalDouble.empty()
          : OptionalDouble.of(client.cpuPercent());
    }
    OptionalDouble value = responses == null ? OptionalDouble.empty() : of(responses);
    boolean isZero =
        responses == null
            ? unit().isRate() || unit() == Unit.REQUESTS || unit() == Unit.CONVERSATIONS
            : unit().isRate() && responses.totals().requests() == 0;
    return value.isEmpty() && isZero ? OptionalDouble.of(0) : value;
  }

  private OptionalDouble value(@Nullable Summary summary, @Nullable Buckets buckets) {
    double value =
        summary == null || summary.count() == 0 ? Double.NaN : statistic.of(summary, buckets);
    return Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  /** Returns why a set of responses has no value, for messages. */
  public String whyAbsent(ScopeSummary responses) {
    if (!figure.isDistribution() || responses.totals().ok() > 0 || figure.isAboutClient()) {
      return figure.whyAbsent();
    }
    return responses.totals().requests() == 0
        ? "no response ended in the measured window"
        : "none of its %d responses was successful".formatted(responses.totals().requests());
  }
}
