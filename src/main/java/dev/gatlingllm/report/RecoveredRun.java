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

/** A run that was killed, worked out again from the replies that it had written down. */
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
        ? Optional.of(new RecoveredRun(begun, start.allChunkTimes).rebuilt(lines, start.millis))
        : Optional.empty();
  }

  /** What must be known of all replies before the first one can be placed. */
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

  private KeptRun rebuilt(RequestLines lines, long startMillis) throws IOException {
    RunAccumulator rebuilt = begun.state().restarted(objectives(), startMillis);
    lines.forEach(
        line ->
            rebuilt.add(RequestLines.response(line, startMillis), line.path("iteration").asText()));
    if (!chunkTimes) {
      rebuilt.removeGaps();
    }
    remark(lines.broken());
    return new KeptRun(info(startMillis), rebuilt);
  }

  /** The longest gap of a reply cannot be judged where no gap is known. */
  private Objectives objectives() {
    List<Condition> stated = begun.state().objectives().all();
    return chunkTimes || stated.stream().noneMatch(one -> one.indicator().figure() == Figure.ICL)
        ? new Objectives(stated)
        : Objectives.NONE;
  }

  private void remark(long brokenLines) {
    remarks.addAll(begun.run().remarks());
    remarks.add(
        Finding.warning(
            "recovered",
            "This run was cut off before its end. Its figures were worked out again from %s, to"
                + " the microsecond; unknown are the words of failures, broken conversations and"
                + " how the load generator fared.%s%s%s",
            RequestsFile.FILE_NAME,
            chunkTimes
                ? ""
                : " Without llm.chunkTimes there is neither ICL nor ITL, and a reply's tokens are"
                    + " taken to have arrived evenly.",
            objectives().all().size() == begun.state().objectives().all().size()
                ? ""
                : " Goodput had an objective for ICL and cannot be told.",
            brokenLines == 0 ? "" : " Its last line is not whole and was left out."));
  }

  private RunInfo info(long startMillis) {
    RunInfo run = begun.run();
    return new RunInfo(
        run.id(),
        run.simulation(),
        Instant.ofEpochMilli(startMillis),
        run.version(),
        run.gatlingVersion(),
        run.javaVersion(),
        run.seed(),
        run.baseUrl(),
        run.model(),
        run.api(),
        run.tokenizer(),
        remarks);
  }
}
