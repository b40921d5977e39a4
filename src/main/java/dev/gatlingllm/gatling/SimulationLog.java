package dev.gatlingllm.gatling;

import dev.gatlingllm.report.assertion.TokenAssertion;
import io.gatling.core.stats.writer.BufferedFileChannelWriter;
import io.gatling.core.stats.writer.RecordHeader;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Gatling's log of a run, after Gatling has closed it and before Gatling reads it back. Written
 * with Gatling's own writer, in the format of its group records. Used by one thread.
 */
final class SimulationLog {

  private static final String FILE_NAME = "simulation.log";
  private static final byte GROUP_RECORD = RecordHeader.Group$.MODULE$.value();
  private static final int BUFFER_BYTES = 64 * 1024;

  private final Path file;

  SimulationLog(Path runFolder) {
    file = runFolder.resolve(FILE_NAME);
  }

  /**
   * Appends one group with one record for each figure.
   *
   * @param epochMillis time of the records; one outside of the run would make the run longer
   * @throws IOException when the log cannot be read or written
   */
  void append(List<TokenAssertion.Outcome> measured, long epochMillis) throws IOException {
    long start = startEpochMillis();
    try (BufferedFileChannelWriter writer =
        new BufferedFileChannelWriter(
            FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND),
            ByteBuffer.allocate(BUFFER_BYTES))) {
      int offset = Math.toIntExact(epochMillis - start);
      for (TokenAssertion.Outcome outcome : measured) {
        writer.writeByte(GROUP_RECORD);
        writer.writeInt(1); // depth of the group
        writer.writeCachedString(outcome.assertion().group());
        writer.writeInt(offset);
        writer.writeInt(offset);
        writer.writeInt(outcome.ticks());
        writer.writeBoolean(true);
      }
    }
  }

  /** Returns whether the run has assertions, from the head of the log. */
  boolean hasAssertions() throws IOException {
    if (Files.notExists(file)) {
      return false;
    }
    try (DataInputStream head = head()) {
      readStart(head);
      skipString(head); // description
      for (int scenarios = head.readInt(); scenarios > 0; scenarios--) {
        skipString(head);
      }
      return head.readInt() > 0;
    }
  }

  /** Returns the start of all times in the log, from its head. */
  private long startEpochMillis() throws IOException {
    try (DataInputStream head = head()) {
      return readStart(head);
    }
  }

  private DataInputStream head() throws IOException {
    return new DataInputStream(new BufferedInputStream(Files.newInputStream(file)));
  }

  private static long readStart(DataInputStream head) throws IOException {
    head.readByte(); // kind of record
    skipString(head); // Gatling's version
    skipString(head); // simulation
    return head.readLong();
  }

  private static void skipString(DataInputStream head) throws IOException {
    int bytes = head.readInt();
    if (bytes > 0) {
      head.skipNBytes(bytes + 1L); // and one for the encoding
    }
  }
}
