package dev.gatlingllm.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatlingllm.metrics.Condition;
import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.Objectives;
import dev.gatlingllm.metrics.RunAccumulator;
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

  static Optional<KeptRun> of(Path folder, StateFile begun) throws IOException {
    RequestLines lines = new RequestLines(folder.resolve(RequestsFile.FILE_NAME));
    Start start = new Start();
    lines.forEach(start::note);
    return start.anyLine
        ? Optional.of(new RecoveredRun(begun, start.allChunkTimes).recovered(lines, start.millis))
        : Optional.empty();
  }

  /** What must be known of all responses before the first one can be added. */
  private static final class Start {
    private boolean anyLine;
    private boolean allChunkTimes = true;
    private long millis = Long.MAX_VALUE;

    void note(JsonNode line) {
      anyLine = true;
      allChunkTimes &= line.has("chunkMillis");
      millis = Math.min(millis, line.path("startMillis").asLong());
    }
  }

  private KeptRun recovered(RequestLines lines, long startMillis) throws IOException {
    RunAccumulator recovered = begun.state().restarted(objectives(), startMillis);
    lines.forEach(
        line -> recovered.add(lines.response(line, startMillis), line.path("iteration").asText()));
    if (!chunkTimes) {
      recovered.removeGaps();
    }
    addRemarks(lines);
    return new KeptRun(info(startMillis), recovered);
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
                + " tokens. Failure messages, broken conversations and the load generator's health"
                + " are unknown.%s%s%s",
            RequestsFile.FILE_NAME,
            chunkTimes
                ? ""
                : " Without llm.chunkTimes, ICL and ITL are unknown, and tokens are assumed to have"
                    + " arrived evenly.",
            objectives().all().size() == begun.state().objectives().all().size()
                ? ""
                : " Goodput has an objective for ICL and is unknown.",
            lines.broken() == 0 ? "" : " The last line is incomplete and was skipped."));
    if (lines.unknownSources() > 0) {
      remarks.add(
          Finding.warning(
              "recovered-unknown-source",
              "%,d %s an unknown outputTokensSource, written by another version. These output"
                  + " tokens count as unknown.",
              lines.unknownSources(),
              lines.unknownSources() == 1 ? "response has" : "responses have"));
    }
  }

  private RunInfo info(long startMillis) {
    RunInfo run = begun.run();
    return new RunInfo(
        run.id(),
        run.simulation(),
        Instant.ofEpochMilli(startMillis),
        run.versions(),
        run.seed(),
        run.target(),
        remarks);
  }
}
