package dev.gatlingllm.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Builds the command line of a fork. */
final class ForkCommand {

  private static final List<String> GROUPS = List.of("llm.", "gatling.");
  private static final Set<String> NOT_PASSED =
      Set.of("llm.benchmark", "llm.salt", "gatling.simulationClass");

  private final BenchOptions options;

  ForkCommand(BenchOptions options) {
    this.options = options;
  }

  /** Returns the salt of a fork's seeds; null for none. */
  String salt(Combination combination, int fork) {
    String given = System.getProperty("llm.salt");
    if (options.cache != CacheStart.FRESH) {
      return given;
    }
    return (given == null ? "" : given + ",") + combination.salt(fork);
  }

  /**
   * Returns the command.
   *
   * @param fork its number, from 1; warm-up forks have numbers up to 0
   */
  List<String> of(Combination combination, int fork) {
    List<String> command = new ArrayList<>();
    command.add(combination.conditions().jvm());
    command.addAll(combination.conditions().jvmArguments());
    // Gatling writes its log by way of String's internals
    command.add("--add-opens=java.base/java.lang=ALL-UNNAMED");
    for (String name : System.getProperties().stringPropertyNames()) {
      if (GROUPS.stream().anyMatch(name::startsWith) && !NOT_PASSED.contains(name)) {
        command.add("-D" + name + "=" + System.getProperty(name));
      }
    }
    options.properties().forEach(property -> command.add("-D" + property));
    String salt = salt(combination, fork);
    if (salt != null) {
      command.add("-Dllm.salt=" + salt);
    }
    command.add(
        "-Dllm.benchmark="
            + combination.asOptions()
            + " -cache "
            + options.cache.word()
            + " "
            + BenchOptions.FORKED);
    command.addAll(List.of(ClassPath.asArgument(), "io.gatling.app.Gatling"));
    command.addAll(List.of("-s", combination.benchmark(), "-rf", options.reports));
    return command;
  }
}
