package dev.gatlingllm.report.runs;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One {@code simulation.log} of several, from which Gatling draws one report: it reads one log and
 * no more. Records are copied; their times count from the first run's start. The assertions of the
 * runs are left out, for they were about each of them.
 *
 * <p>The format is that of Gatling 3.15, as its {@code LogFileDataWriter} writes it.
 */
final class MergedLog {

  static final String FILE_NAME = "simulation.log";

  private final DataOutputStream out;
  private final Map<LogText, Integer> known = new HashMap<>();

  private MergedLog(DataOutputStream out) {
    this.out = out;
  }

  /**
   * Writes the log of some runs into a folder.
   *
   * @throws MergeException if the logs cannot be one: Gatling's version differs, or one is empty,
   *     as that of a run which was killed may be
   */
  static void write(List<Source> sources, Path folder) throws IOException, MergeException {
    List<SimulationLogReader> logs = new ArrayList<>();
    try {
      for (Source source : sources) {
        logs.add(open(source));
      }
      refuseOtherVersions(sources, logs);
      try (DataOutputStream out =
          new DataOutputStream(
              new BufferedOutputStream(Files.newOutputStream(folder.resolve(FILE_NAME))))) {
        new MergedLog(out).write(logs);
      }
    } finally {
      for (SimulationLogReader log : logs) {
        log.close();
      }
    }
  }

  private static SimulationLogReader open(Source source) throws IOException, MergeException {
    Path file = source.folder().resolve(FILE_NAME);
    if (!Files.exists(file)) {
      throw new MergeException(file + " is missing");
    }
    try {
      return new SimulationLogReader(file);
    } catch (EOFException empty) {
      throw new MergeException(file + " is empty, as a run that is killed leaves it");
    }
  }

  private static void refuseOtherVersions(List<Source> sources, List<SimulationLogReader> logs)
      throws MergeException {
    for (int i = 1; i < logs.size(); i++) {
      if (!logs.get(i).version().equals(logs.get(0).version())) {
        throw new MergeException(
            "Gatling was another version in "
                + sources.get(i).name()
                + " than in "
                + sources.get(0).name());
      }
    }
  }

  private void write(List<SimulationLogReader> logs) throws IOException {
    long start = logs.stream().mapToLong(SimulationLogReader::startMillis).min().getAsLong();
    Map<LogText, Integer> scenarios = new LinkedHashMap<>();
    for (SimulationLogReader log : logs) {
      log.scenarios().forEach(name -> scenarios.putIfAbsent(name, scenarios.size()));
    }
    SimulationLogReader first = logs.get(0);
    out.writeByte(SimulationLogReader.RUN);
    first.version().writeTo(out);
    first.simulation().writeTo(out);
    out.writeLong(start);
    first.description().writeTo(out);
    out.writeInt(scenarios.size());
    for (LogText scenario : scenarios.keySet()) {
      scenario.writeTo(out);
    }
    out.writeInt(0); // assertions
    for (SimulationLogReader log : logs) {
      int later = Math.toIntExact(log.startMillis() - start);
      for (LogRecord record; (record = log.next()) != null; ) {
        write(record, later, log.scenarios(), scenarios);
      }
    }
  }

  private void write(
      LogRecord record, int later, List<LogText> names, Map<LogText, Integer> scenarios)
      throws IOException {
    out.writeByte(record.kind());
    if (record.kind() == SimulationLogReader.USER) {
      out.writeInt(scenarios.get(names.get(record.scenario())));
    }
    if (record.groups() != null) {
      out.writeInt(record.groups().size());
      for (LogText group : record.groups()) {
        cached(group);
      }
    }
    if (record.name() != null) {
      cached(record.name());
    }
    if (record.kind() == SimulationLogReader.USER) {
      out.writeBoolean(record.flag());
    }
    for (int time : record.times()) {
      out.writeInt(time + later);
    }
    if (record.kind() == SimulationLogReader.GROUP) {
      out.writeInt(record.cumulated());
    }
    if (record.groups() != null) {
      out.writeBoolean(record.flag());
    }
    if (record.message() != null) {
      cached(record.message());
    }
  }

  /** A text is written once; later it is the number that it was written under, negated. */
  private void cached(LogText text) throws IOException {
    Integer number = known.get(text);
    if (number != null) {
      out.writeInt(-number);
      return;
    }
    known.put(text, known.size() + 1);
    out.writeInt(known.size());
    text.writeTo(out);
  }
}
