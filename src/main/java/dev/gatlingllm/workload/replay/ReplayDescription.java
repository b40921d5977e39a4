package dev.gatlingllm.workload.replay;

import dev.gatlingllm.ReplayFormat;
import dev.gatlingllm.text.Choice;
import dev.gatlingllm.text.Durations;
import dev.gatlingllm.text.Numbers;
import java.util.Optional;

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
    ReplayFormat format = index.format();
    String what =
        "Replaying "
            + shape.file().getFileName()
            + " ("
            + Choice.key(format)
            + "): "
            + Numbers.grouped(index.size())
            + (format.isTrace() ? " requests" : " conversations");
    if (index.prefixesUnknown() > 0) {
      what +=
          ", "
              + Numbers.grouped(index.prefixesUnknown())
              + " of them without hash ids: their prompts share nothing";
    }
    if (!isTimed()) {
      return what;
    }
    return what
        + "; recorded over "
        + rounded(recordedSeconds())
        + " s ("
        + unit()
        + "), "
        + rounded(recordedRate())
        + "/s"
        + (shape.speed() == 1
            ? ""
            : "; replayed at " + rounded(recordedRate() * shape.speed()) + "/s");
  }

  /** Returns why the time unit may be wrong; empty if span and rate are plausible. */
  Optional<String> doubt() {
    if (!isTimed()) {
      return Optional.empty();
    }
    boolean plausible =
        recordedSeconds() >= SHORTEST_SECONDS
            && recordedSeconds() <= LONGEST_SECONDS
            && recordedRate() <= HIGHEST_RATE;
    return plausible
        ? Optional.empty()
        : Optional.of(
            "A trace of "
                + rounded(recordedSeconds())
                + " s and "
                + rounded(recordedRate())
                + " requests/s is unusual: "
                + unit()
                + "; if the unit is another one, set llm.replayTimeUnit");
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

  /** Returns requests per second: intervals, not requests, are counted. */
  private double recordedRate() {
    return (index.size() - 1) / recordedSeconds();
  }

  private static String rounded(double value) {
    return Numbers.significant(value, 3);
  }
}
