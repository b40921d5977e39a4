package dev.gatlingllm.report.assertion;

import dev.gatlingllm.metrics.Indicator;
import dev.gatlingllm.metrics.RunSummary;
import dev.gatlingllm.metrics.ScopeSummary;
import java.util.Optional;
import java.util.OptionalDouble;

/** An assertion on a token figure. Immutable. */
public record TokenLimit(Indicator indicator, Replies replies, Limit limit) {

  /** As a person says it, such as {@code TTFT p95 of answer is less than 800 ms}. */
  public String words() {
    return indicator.words() + replies.words() + " " + limit.words(indicator.unit());
  }

  /** The name under which Gatling finds the indicator, and with which its message begins. */
  public String group() {
    return words() + " (in " + Limit.tick(indicator.unit()) + ")";
  }

  /** Returns the limit, or the lower one of two, as Gatling judges it. */
  public int lowTicks() {
    return Limit.ticks(limit.low());
  }

  /** Returns the limit, or the upper one of two, as Gatling judges it. */
  public int highTicks() {
    return Limit.ticks(limit.high());
  }

  /** What comes of it in a run. */
  public Judgement judge(RunSummary run) {
    Optional<ScopeSummary> known = replies.in(run);
    if (known.isEmpty()) {
      return Judgement.notMeasured(this, "no reply was measured" + replies.words() + hint(run));
    }
    OptionalDouble value = indicator.of(known.get());
    return value.isPresent()
        ? Judgement.of(this, value.getAsDouble())
        : Judgement.notMeasured(this, indicator.whyAbsent(known.get()));
  }

  private String hint(RunSummary run) {
    if (replies.request() != null && !run.byRequest().containsKey(replies.request())) {
      return "; the requests of this run are " + run.byRequest().keySet();
    }
    if (replies.scenario() != null) {
      return "; the scenarios of this run are " + run.byScenario().keySet();
    }
    return replies.request() != null && replies.turn() != null
        ? "; turns are kept for a run's first 16 request names"
        : "";
  }
}
