package dev.gatlingllm.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatlingllm.metrics.Condition;
import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.Objectives;
import dev.gatlingllm.metrics.RunAccumulator;
import dev.gatlingllm.text.Plurals;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A run that was killed, recovered from the responses in its requests file. */
final class RecoveredRun {

  private final StateFile begun;
  private final boolean chunkTimes;
  private final List<Finding> remarks = new ArrayList<>();

  private RecoveredRun(StateFile begun, boolean chunkTimes) {
    this.begun = begun;
    this.chunkTimes = chunkTimes;
  }

  static Optional<KeptRun> in(Path folder, StateFile begun) throws IOException {
    Path file = folder.resolve(RequestsFile.FILE_NAME);
    return KeptFile.exists(file) ? KeptFile.read(file, () -> of(file, begun)) : Optional.empty();
  }

  private static Optional<KeptRun> of(Path file, StateFile begun) throws IOException {
    Start start = new Start(begun.state());
    try (RequestLines lines = new RequestLines(file)) {
      while (lines.advance()) {
        start.note(lines.json());
      }
    }
    return start.anyLine
        ? Optional.of(new RecoveredRun(begun, start.allChunkTimes).recovered(file, start.millis))
        : Optional.empty();
  }

  /** What must be known of all responses before the first one can be added. */
  private static final class Start {
    private final RunAccumulator begun;
    private boolean anyLine;
    private boolean allChunkTimes = true;
    private long millis = Long.MAX_VALUE;

    Start(RunAccumulator begun) {
      this.begun = begun;
    }

    void note(JsonNode line) {
      anyLine = true;
      allChunkTimes &= line.has("chunkMillis");
      long written = line.path("startMillis").asLong();
      double ended = written + line.path("e2eMillis").asDouble();
      // the first request may come long after the start, from which the window counts
      double latest = ended - begun.leastAgeIn(line.path("iteration").asText());
      millis = Math.min(millis, Math.min(written, (long) Math.floor(latest)));
    }
  }

  private KeptRun recovered(Path file, long startMillis) throws IOException {
    RunAccumulator recovered = begun.state().restarted(objectives(), startMillis);
    try (RequestLines lines = new RequestLines(file)) {
      while (lines.advance()) {
        JsonNode line = lines.json();
        String iteration = line.path("iteration").asText();
        lines.response(line, startMillis).ifPresent(response -> recovered.add(response, iteration));
      }
      addRemarks(lines);
    }
    recovered.breakOff();
    if (!chunkTimes) {
      recovered.removeGaps();
    }
    return KeptRun.of(file, info(startMillis), recovered);
  }

  /** Returns no objectives if one is for ICL and the gaps are unknown. */
  private Objectives objectives() {
    List<Condition> stated = begun.state().objectives().all();
    return chunkTimes || stated.stream().noneMatch(one -> one.indicator().figure() == Figure.ICL)
        ? new Objectives(stated)
        : Objectives.NONE;
  }

  private void addRemarks(RequestLines lines) {
    remarks.addAll(begun.run().remarks());
    remarks.add(
        Finding.warning(
            "recovered",
            "This run was cut off before its end. Its figures were recovered from %s, to the"
                + " microsecond. Requests that were under way at its end are missing, with their"
                + " tokens. A conversation whose last turn failed has not ended, also where its user"
                + " gave it up. Failure messages, broken conversations, the outcomes of Gatling's own"
                + " assertions and the load generator's health are unknown.%s%s%s",
            RequestsFile.FILE_NAME,
            chunkTimes
                ? ""
                : " Without llm.chunkTimes, ICL and ITL are unknown, and tokens are assumed to have"
                    + " arrived evenly.",
            objectives().all().size() == begun.state().objectives().all().size()
                ? ""
                : " Goodput has an objective for ICL and is unknown.",
            lines.skipped() == 0
                ? ""
                : Plurals.format(
                    " %,d line{s} {is|are} incomplete and w{as|ere} skipped.", lines.skipped())));
    if (lines.unknownSources() > 0) {
      remarks.add(
          Finding.warning(
              "recovered-unknown-source",
              "%,d response{s} ha{s|ve} an unknown outputTokensSource, written by another version."
                  + " These output tokens count as unknown.",
              lines.unknownSources()));
    }
  }

  private RunInfo info(long startMillis) {
    return begun.run().withStart(Instant.ofEpochMilli(startMillis)).withRemarks(remarks);
  }
}
