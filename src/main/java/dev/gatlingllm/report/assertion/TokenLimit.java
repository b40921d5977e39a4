package dev.gatlingllm.report.assertion;

import dev.gatlingllm.metrics.RunSummary;
import dev.gatlingllm.metrics.ScopeSummary;
import java.util.Optional;
import java.util.OptionalDouble;

/** An assertion on a token figure. Immutable. */
public record TokenLimit(Figure figure, Replies replies, Limit limit) {

  /** As a person says it, such as {@code TTFT p95 of answer is less than 800 ms}. */
  public String words() {
    return figure.words() + replies.words() + " " + limit.words(figure.unit());
  }

  /** The name under which Gatling finds the figure, and with which its message begins. */
  public String group() {
    return words() + " (in " + figure.unit().tick() + ")";
  }

  /** Returns the limit, or the lower one of two, as Gatling judges it. */
  public int lowTicks() {
    return figure.unit().ticks(limit.low());
  }

  /** Returns the limit, or the upper one of two, as Gatling judges it. */
  public int highTicks() {
    return figure.unit().ticks(limit.high());
  }

  /** What comes of it in a run. */
  public Judgement judge(RunSummary run) {
    Optional<ScopeSummary> known = replies.in(run);
    if (known.isEmpty()) {
      return Judgement.notMeasured(this, "no reply was measured" + replies.words() + hint(run));
    }
    OptionalDouble value = figure.in(known.get());
    return value.isPresent()
        ? Judgement.of(this, value.getAsDouble())
        : Judgement.notMeasured(this, figure.whyAbsent(known.get()));
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
