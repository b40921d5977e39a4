package dev.gatlingllm.report.assertion;

import dev.gatlingllm.metrics.ScopeSummary;
import dev.gatlingllm.metrics.Totals;
import java.util.OptionalDouble;
import java.util.function.Function;

/** Figures that a set of replies has one of. */
public enum TotalFigure implements Figure {
  /** Σ cached / Σ input tokens over the replies that report both. */
  CACHE_HIT_PERCENT(
      "cache hit",
      Unit.PERCENT,
      Totals::cacheHitPercent,
      "no reply reported cached tokens; vLLM wants --enable-prompt-tokens-details, SGLang"
          + " --enable-cache-report"),
  /** Output tokens that arrived in the measured window, per second of it. */
  OUTPUT_TOKENS_PER_SECOND(
      "output rate",
      Unit.TOKENS_PER_SECOND,
      // a rate of nothing is not a measured 0
      totals -> totals.outputTokens() == null ? null : totals.outputTokensPerSecond(),
      "no output tokens were counted"),
  /** Replies that met every stated objective, of all replies, failed ones included. */
  GOODPUT_PERCENT(
      "goodput",
      Unit.PERCENT,
      totals -> totals.goodput() == null ? null : totals.goodput().percent(),
      "no objectives are stated, or no reply ended; state them with goodput(\"ttft<500ms\") or"
          + " llm.goodput");

  private final String words;
  private final Unit unit;
  private final Function<Totals, Double> value;
  private final String whyAbsent;

  TotalFigure(String words, Unit unit, Function<Totals, Double> value, String whyAbsent) {
    this.words = words;
    this.unit = unit;
    this.value = value;
    this.whyAbsent = whyAbsent;
  }

  @Override
  public String words() {
    return words;
  }

  @Override
  public Unit unit() {
    return unit;
  }

  @Override
  public OptionalDouble in(ScopeSummary replies) {
    Double known = value.apply(replies.totals());
    return known == null ? OptionalDouble.empty() : OptionalDouble.of(known);
  }

  @Override
  public String whyAbsent(ScopeSummary replies) {
    return whyAbsent;
  }
}
