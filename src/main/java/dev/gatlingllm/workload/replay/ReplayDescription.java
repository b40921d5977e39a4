package dev.gatlingllm.workload.replay;

import dev.gatlingllm.ReplayFormat;
import dev.gatlingllm.ReplayTiming;
import dev.gatlingllm.text.Choice;
import dev.gatlingllm.text.Durations;
import dev.gatlingllm.text.Numbers;
import dev.gatlingllm.text.Plurals;
import dev.gatlingllm.workload.replay.EntryIndex.Facts;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Says what is replayed, and how fast: the name of a timestamp's field does not tell its unit, so
 * that a wrong one would pass unnoticed.
 */
record ReplayDescription(EntryIndex index, ReplayShape shape) {

  /** A shorter trace is rather one in seconds that is read as milliseconds. */
  private static final double SHORTEST_SECONDS = 1;

  private static final double LONGEST_SECONDS = 31 * 86_400.0;

  /** No trace of one service is that dense. */
  private static final double HIGHEST_RATE = 1000;

  /** Returns the description in one line. */
  String text() {
    StringBuilder text = new StringBuilder("Replaying ").append(shape.file().getFileName());
    text.append(" (%s): ".formatted(Choice.key(index.format())));
    int agents = (int) IntStream.of(index.agents()).filter(agent -> agent > 0).count();
    text.append(Numbers.grouped(index.size() - agents));
    text.append(index.format().isTrace() ? " requests" : " conversations");
    if (agents > 0) {
      text.append(Plurals.format(" with %,d agent{s}", agents));
    }
    Facts facts = index.facts();
    if (facts.skipped() > 0) {
      text.append(", %,d skipped".formatted(facts.skipped()));
    }
    if (facts.prefixesUnknown() > 0) {
      text.append(
          ", %,d of them without hash ids: their prompts share nothing"
              .formatted(facts.prefixesUnknown()));
    }
    if (facts.prompts().percent() > 0) {
      text.append(
          "; a prefix cache without limits could serve %s%s %% of input tokens"
              .formatted(
                  facts.prompts().isPartial() ? "at least " : "",
                  Numbers.significant(facts.prompts().percent(), 3)));
    }
    if (isTimed()) {
      text.append("; recorded over %s s (%s), %s/s".formatted(span(), unit(), rate(1)));
      text.append(shape.speed() == 1 ? "" : "; replayed at " + rate(shape.speed()) + "/s");
    }
    if (facts.coincident() > 0) {
      text.append(
          Plurals.format(
              "; %,d requests have the timestamp of another one, %s",
              facts.coincident(),
              shape.spread()
                  ? "spread until the next one"
                  : "sent at once: llm.replaySpread=true spreads them"));
    }
    if (index.format() == ReplayFormat.WEKA) {
      text.append(shape.timing() == ReplayTiming.TIMES ? "; turns at their times" : "; pauses")
          .append(" as recorded");
      text.append(shape.spread() ? ", whole seconds spread within the second" : "");
    }
    return text.toString();
  }

  /** Returns why the time unit may be wrong; empty if span and rate are plausible. */
  Optional<String> doubt() {
    if (!isTimed()
        || (recordedSeconds() >= SHORTEST_SECONDS
            && recordedSeconds() <= LONGEST_SECONDS
            && index.size() <= HIGHEST_RATE * recordedSeconds())) {
      return Optional.empty();
    }
    return Optional.of(
        "A trace of %s s and %s requests/s is unusual: %s; llm.replayTimeUnit sets another unit"
            .formatted(span(), rate(1), unit()));
  }

  private boolean isTimed() {
    return index.arrivalNanos().length > 1;
  }

  private String unit() {
    return index.format() == ReplayFormat.AZURE
        ? "timestamps are dates"
        : "timestamps in " + Durations.symbol(TraceReader.unit(index.format(), shape));
  }

  private double recordedSeconds() {
    long[] nanos = index.arrivalNanos();
    return nanos[nanos.length - 1] / 1e9 * shape.speed();
  }

  private String span() {
    return Numbers.significant(recordedSeconds(), 3);
  }

  /** Returns requests per second: intervals, not requests, are counted. */
  private String rate(double speed) {
    return Numbers.significant((index.size() - 1) / recordedSeconds() * speed, 3);
  }
}
