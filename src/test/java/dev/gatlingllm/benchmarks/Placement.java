package dev.gatlingllm.benchmarks;

import java.util.List;
import java.util.stream.Stream;

/**
 * Where client and server run.
 *
 * @param name name in tables
 * @param clientCpus processors of the client, as {@code taskset -c} takes them; empty for all
 * @param serverCpus processors of the server, likewise
 * @param clientOptions options of the client's virtual machine
 */
record Placement(String name, String clientCpus, String serverCpus, List<String> clientOptions) {

  /** Heap that Gatling's build plugins give a simulation. */
  private static final String HEAP = "-Xmx1G";

  /** Netty makes two for each processor. */
  private static final String ONE_LOOP = "-Dio.netty.eventLoopThreads=1";

  /**
   * @throws IllegalArgumentException for any other name than {@code shared} and {@code apart}
   */
  static Placement named(String name) {
    return switch (name) {
      case "shared" -> shared();
      case "apart" -> apart();
      default -> throw new IllegalArgumentException("placement " + name + ": shared or apart");
    };
  }

  /** Client and server share all processors. */
  static Placement everywhere() {
    return new Placement("all processors for both", "", "", List.of(HEAP));
  }

  /** One event loop for the client, and all processors for both. */
  private static Placement shared() {
    return new Placement("cores shared", "", "", List.of(HEAP, ONE_LOOP));
  }

  /** One processor for the client, and the others for the server. */
  private static Placement apart() {
    int last = Runtime.getRuntime().availableProcessors() - 1;
    return new Placement(
        "pinned apart", "0", last == 1 ? "1" : "1-" + last, List.of(HEAP, ONE_LOOP));
  }

  Placement withClientOptions(List<String> more) {
    List<String> options = Stream.concat(clientOptions.stream(), more.stream()).toList();
    return new Placement(name, clientCpus, serverCpus, options);
  }
}
