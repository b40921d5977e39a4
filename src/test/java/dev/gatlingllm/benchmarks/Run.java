package dev.gatlingllm.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A completed load with the records of client and server.
 *
 * @param load what the client did
 * @param notes what it used
 * @param arrivals when tokens arrived at it; empty for a plain client
 * @param truth when the server wrote them
 * @param serverCpuPercent processor time of the server, of one processor, from the client's start
 *     to its end
 */
record Run(
    Load load,
    ClientNotes notes,
    List<StreamMoments> arrivals,
    List<StreamMoments> truth,
    double serverCpuPercent) {

  /** Runs a load against a server of its own. */
  static Run of(ServerPace pace, Placement placement, Load load)
      throws IOException, InterruptedException {
    try (ServerProcess server = new ServerProcess(placement, pace)) {
      return of(server, placement, load);
    }
  }

  /** Runs a load. */
  static Run of(ServerProcess server, Placement placement, Load load)
      throws IOException, InterruptedException {
    return of(server, placement, Build.ofThisProcess(), load);
  }

  /** Runs a load with a build of the library. */
  static Run of(ServerProcess server, Placement placement, Build build, Load load)
      throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("gatling-llm-benchmark");
    try {
      long began = System.nanoTime();
      long before = server.cpu().toNanos();
      ClientProcess.run(placement, build, load, server.baseUrl(), folder);
      List<StreamMoments> truth = server.truth(folder.resolve("truth.bin"));
      return new Run(
          load,
          ClientNotes.read(folder),
          load.kind() == ClientKind.PLAIN ? List.of() : ArrivalsFile.read(folder),
          truth,
          100.0 * (server.cpu().toNanos() - before) / (System.nanoTime() - began));
    } finally {
      Folders.delete(folder);
    }
  }

  Usage used() {
    return notes.used();
  }

  /** Returns the number of tokens that the server wrote during the measurement. */
  long tokens() {
    return truth.stream()
        .flatMapToLong(stream -> Arrays.stream(stream.tokens()))
        .filter(this::isMeasured)
        .count();
  }

  private boolean isMeasured(long nanos) {
    return nanos - notes.begin().nanos() >= 0 && nanos - notes.end().nanos() < 0;
  }

  double tokensPerSecond() {
    return tokens() * 1e9 / used().nanos();
  }

  /**
   * Returns the processor seconds of the client per million tokens: of all its threads, the virtual
   * machine's compilers and collector included.
   */
  double cpuPerMillion() {
    return used().process() / 1e3 / tokens();
  }

  /** Returns the part of the virtual machine's compilers. */
  double compilerCpuPerMillion() {
    return used().compiler() / 1e3 / tokens();
  }

  /** Returns the part of its event loops. */
  double loopCpuPerMillion() {
    return used().loops() / 1e3 / tokens();
  }

  double recorderCpuPerMillion() {
    return used().recorder() / 1e3 / tokens();
  }

  /** Returns the part of the threads that read the server's metrics or export the client's. */
  double observersCpuPerMillion() {
    return used().observers() / 1e3 / tokens();
  }

  /** Returns the part of everything else: the collector, Gatling's other threads. */
  double restCpuPerMillion() {
    return cpuPerMillion()
        - loopCpuPerMillion()
        - recorderCpuPerMillion()
        - observersCpuPerMillion()
        - compilerCpuPerMillion();
  }

  double loopBytesPerToken() {
    return (double) used().loopBytes() / tokens();
  }

  double memoryPerStream() {
    return (double) (notes.loadedBytes() - notes.idleBytes()) / load.streams();
  }

  /**
   * Returns the differences between measured and true times of the responses that began during the
   * measurement. Later ones may have met the garbage collection that measures the memory in use.
   */
  TimingErrors errors() {
    Map<String, StreamMoments> byId = new HashMap<>();
    truth.forEach(stream -> byId.put(stream.id(), stream));
    TimingErrors errors = new TimingErrors();
    for (StreamMoments arrived : arrivals) {
      StreamMoments written = byId.get(arrived.id());
      if (written != null && isMeasured(arrived.start())) {
        errors.add(arrived, written, notes.end().nanos());
      }
    }
    return errors;
  }
}
