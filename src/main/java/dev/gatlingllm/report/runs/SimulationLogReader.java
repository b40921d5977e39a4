package dev.gatlingllm.report.runs;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads Gatling's log of a run, record by record. Used by one thread. */
final class SimulationLogReader implements Closeable {

  static final byte RUN = 0;
  static final byte REQUEST = 1;
  static final byte USER = 2;
  static final byte GROUP = 3;
  static final byte ERROR = 4;

  private final Path file;
  private final DataInputStream in;
  private final Map<Integer, LogText> known = new HashMap<>();
  private final LogText version;
  private final LogText simulation;
  private final long startMillis;
  private final LogText description;
  private final List<LogText> scenarios = new ArrayList<>();

  /**
   * Opens a log and reads its head.
   *
   * @throws EOFException if that is not whole
   */
  SimulationLogReader(Path file) throws IOException {
    this.file = file;
    in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)));
    try {
      if (in.readByte() != RUN) {
        throw strange("it does not begin with a run");
      }
      version = LogText.read(in);
      simulation = LogText.read(in);
      startMillis = in.readLong();
      description = LogText.read(in);
      for (int count = in.readInt(); count > 0; count--) {
        scenarios.add(LogText.read(in));
      }
      for (int assertions = in.readInt(); assertions > 0; assertions--) {
        in.skipNBytes(in.readInt());
      }
    } catch (IOException problem) {
      in.close();
      throw problem;
    }
  }

  private IOException strange(String what) {
    return new IOException(file + " is no log of Gatling 3.15: " + what);
  }

  LogText version() {
    return version;
  }

  LogText simulation() {
    return simulation;
  }

  long startMillis() {
    return startMillis;
  }

  LogText description() {
    return description;
  }

  List<LogText> scenarios() {
    return scenarios;
  }

  /** The next record, or null at the end; a last one that is not whole is left out. */
  LogRecord next() throws IOException {
    int kind = in.read();
    if (kind < 0) {
      return null;
    }
    try {
      return switch ((byte) kind) {
        case REQUEST -> request();
        case USER -> user();
        case GROUP -> group();
        case ERROR ->
            new LogRecord(ERROR, 0, null, cached(), new int[] {in.readInt()}, 0, false, null);
        default -> throw strange("a record begins with " + kind);
      };
    } catch (EOFException killedWhileWriting) {
      return null;
    }
  }

  private LogRecord request() throws IOException {
    List<LogText> groups = groups();
    LogText name = cached();
    int[] times = {in.readInt(), in.readInt()};
    boolean ok = in.readBoolean();
    return new LogRecord(REQUEST, 0, groups, name, times, 0, ok, cached());
  }

  private LogRecord user() throws IOException {
    int scenario = in.readInt();
    boolean starts = in.readBoolean();
    return new LogRecord(USER, scenario, null, null, new int[] {in.readInt()}, 0, starts, null);
  }

  private LogRecord group() throws IOException {
    List<LogText> groups = groups();
    int[] times = {in.readInt(), in.readInt()};
    int cumulated = in.readInt();
    return new LogRecord(GROUP, 0, groups, null, times, cumulated, in.readBoolean(), null);
  }

  private List<LogText> groups() throws IOException {
    List<LogText> groups = new ArrayList<>();
    for (int count = in.readInt(); count > 0; count--) {
      groups.add(cached());
    }
    return groups;
  }

  private LogText cached() throws IOException {
    int number = in.readInt();
    if (number < 0) {
      return known.get(-number);
    }
    LogText text = LogText.read(in);
    known.put(number, text);
    return text;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
