package dev.gatlingllm.benchmarks;

import dev.gatlingllm.bench.ClassPath;
import java.util.List;

/**
 * A build of the library to measure.
 *
 * @param name its name in tables; empty for the only one
 * @param classPath options of {@code java} that give its class path
 */
record Build(String name, List<String> classPath) {

  /** Returns the build that this process runs. */
  static Build ofThisProcess() {
    return new Build("", List.of(ClassPath.asArgument()));
  }

  /** Names a client of this build in tables. */
  String nameOf(ClientKind client) {
    return name.isEmpty() ? client.toString() : client + ", " + name;
  }
}
