package dev.gatlingllm.gatling;

import static java.util.Objects.requireNonNull;

import dev.gatlingllm.report.assertion.TestCase;
import dev.gatlingllm.text.Numbers;
import io.gatling.charts.stats.LogFileData;
import io.gatling.charts.stats.LogFileReader;
import io.gatling.commons.stats.assertion.Assertion;
import io.gatling.commons.stats.assertion.AssertionPath;
import io.gatling.core.config.GatlingConfiguration;
import io.gatling.core.stats.writer.BufferedFileChannelWriter;
import io.gatling.core.stats.writer.RecordHeader;
import io.gatling.core.stats.writer.StringInternals;
import io.gatling.shared.model.assertion.AssertionMessage;
import io.gatling.shared.model.assertion.AssertionResult;
import io.gatling.shared.model.assertion.AssertionValidator;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Gatling's log of a run, after Gatling has closed it. Read and written with Gatling's own classes,
 * in the format of its group records. Used by one thread.
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
   * Appends one group with one record for each figure, before Gatling reads the log back. Appends
   * all or nothing: Gatling cannot read a log that ends in the middle of a record.
   *
   * @param figures the value of each group, as Gatling judges it
   * @param epochMillis time of the records; one outside of the run would make the run longer
   * @throws IOException when the log cannot be read or written
   */
  void append(Map<String, Integer> figures, long epochMillis) throws IOException {
    long start = startEpochMillis();
    long size = Files.size(file);
    try (BufferedFileChannelWriter writer =
        new BufferedFileChannelWriter(
            FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND),
            ByteBuffer.allocate(BUFFER_BYTES))) {
      int offset = Math.toIntExact(epochMillis - start);
      for (Map.Entry<String, Integer> figure : figures.entrySet()) {
        writer.writeByte(GROUP_RECORD);
        writer.writeInt(1); // depth of the group
        writer.writeCachedString(figure.getKey());
        writer.writeInt(offset);
        writer.writeInt(offset);
        writer.writeInt(figure.getValue());
        writer.writeBoolean(true);
      }
    } catch (IOException e) {
      try (FileChannel log = FileChannel.open(file, StandardOpenOption.WRITE)) {
        log.truncate(size);
      }
      throw e;
    }
  }

  /** Returns whether the log has a head: Gatling leaves an empty file where a run cannot begin. */
  private boolean hasBegun() throws IOException {
    return Files.exists(file) && Files.size(file) > 0;
  }

  /** Returns the names of the scenarios, from the head of the log; none without a log. */
  List<String> scenarios() throws IOException {
    List<String> names = new ArrayList<>();
    if (hasBegun()) {
      try (DataInputStream head = head()) {
        readStart(head);
        skipString(head); // description
        for (int scenarios = head.readInt(); scenarios > 0; scenarios--) {
          names.add(readString(head));
        }
      }
    }
    return names;
  }

  private static String readString(DataInputStream head) throws IOException {
    int bytes = head.readInt();
    return bytes <= 0 ? "" : StringInternals.newString(head.readNBytes(bytes), head.readByte());
  }

  /** Returns whether the run has assertions, from the head of the log. */
  boolean hasAssertions() throws IOException {
    if (!hasBegun()) {
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

  /**
   * Returns the outcomes of all assertions of the run. Gatling shows them only on the console and
   * its page, so its own classes evaluate them here once more. Takes as long as Gatling takes.
   *
   * @param figures the outcomes of assertions on token figures, by their groups in the log: Gatling
   *     counts in thousandths of their units
   */
  List<TestCase> assertionOutcomes(Map<String, TestCase> figures) {
    Path runFolder = requireNonNull(file.toAbsolutePath().getParent());
    LogFileData log =
        LogFileReader.apply(
                runFolder.getFileName().toString(),
                runFolder.getParent(),
                GatlingConfiguration.load())
            .read();
    return CollectionConverters.asJava(
            new AssertionValidator(log).validateAssertions(log.assertions()))
        .stream()
        .map(result -> outcome(result, figures.get(group(result.assertion()))))
        .toList();
  }

  private static TestCase outcome(AssertionResult result, @Nullable TestCase figure) {
    if (figure != null) {
      return figure;
    }
    String words = AssertionMessage.message(result.assertion());
    return result.success() ? TestCase.held(words) : TestCase.failed(words, found(result));
  }

  private static String found(AssertionResult result) {
    if (result instanceof AssertionResult.ResolutionError error) {
      return error.error();
    }
    return "it is " + Numbers.decimals(((AssertionResult.Resolved) result).actualValue(), 3);
  }

  private static @Nullable String group(Assertion assertion) {
    return assertion.path() instanceof AssertionPath.Details details && details.parts().size() == 1
        ? details.parts().head()
        : null;
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
