package dev.gatlingllm.benchmarks;

import dev.gatlingllm.metrics.Response;
import dev.gatlingllm.metrics.ResponseSink;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Keeps the times of successful responses and writes them when the run ends. */
public final class ArrivalsFile implements ResponseSink {

  private static final String FILE = "arrivals.bin";

  /** Size of an array and of the objects around it, in bytes. */
  private static final int BYTES_PER_RESPONSE = 120;

  private static volatile long keptBytes;

  private final List<StreamMoments> arrivals = new ArrayList<>();
  private final Path folder;

  /**
   * @param folder where the file goes
   */
  public ArrivalsFile(Path folder) {
    this.folder = folder;
  }

  static List<StreamMoments> read(Path folder) throws IOException {
    return StreamMoments.read(folder.resolve(FILE));
  }

  @Override
  public void accept(Response response, String iteration) {
    if (response.ok()) {
      long[] tokens = response.timing().chunkNanos();
      arrivals.add(
          new StreamMoments(
              response.outcome().responseId(), response.timing().writtenNanos(), tokens));
      keep(BYTES_PER_RESPONSE + (long) Long.BYTES * tokens.length);
    }
  }

  /** Returns the memory used by this benchmark itself, which ordinary runs do not need. */
  static long keptBytes() {
    return keptBytes;
  }

  /** Only the recorder's thread writes. */
  private static void keep(long bytes) {
    keptBytes = keptBytes + bytes;
  }

  @Override
  public void close() throws IOException {
    StreamMoments.write(arrivals, folder.resolve(FILE));
  }
}
