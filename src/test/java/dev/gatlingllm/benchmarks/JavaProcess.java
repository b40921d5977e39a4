package dev.gatlingllm.benchmarks;

import dev.gatlingllm.bench.ClassPath;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A Java process, usually with this one's class path, optionally limited to some processors. */
final class JavaProcess {

  private static volatile List<String> optionsOfAll = List.of();

  private final List<String> command = new ArrayList<>();
  private List<String> classPath = List.of(ClassPath.asArgument());

  /** Gives all later processes of this one more options, as for tests that measure nothing. */
  static void giveAll(List<String> options) {
    optionsOfAll = List.copyOf(options);
  }

  /**
   * @param cpus the processors it may run on, as {@code taskset -c} takes them; empty for all
   */
  JavaProcess(String cpus) {
    if (!cpus.isEmpty()) {
      command.addAll(List.of("taskset", "-c", cpus));
    }
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Gatling writes its log through String's internals
    command.add("--add-opens=java.base/java.lang=ALL-UNNAMED");
    command.addAll(optionsOfAll);
  }

  JavaProcess with(String option) {
    command.add(option);
    return this;
  }

  JavaProcess with(List<String> options) {
    command.addAll(options);
    return this;
  }

  JavaProcess with(String property, Object value) {
    return with("-D" + property + "=" + value);
  }

  /** Replaces the class path of this process. */
  JavaProcess withClassPath(List<String> options) {
    classPath = options;
    return this;
  }

  ProcessBuilder running(Class<?> main, String... arguments) {
    return running(main.getName(), arguments);
  }

  ProcessBuilder running(String main, String... arguments) {
    List<String> all = new ArrayList<>(command);
    all.addAll(classPath);
    all.add(main);
    all.addAll(List.of(arguments));
    return new ProcessBuilder(all).redirectErrorStream(true);
  }

  /** Returns whether processes can be pinned to processors here. */
  static boolean canPin() {
    try {
      return Runtime.getRuntime().availableProcessors() > 1
          && new ProcessBuilder("taskset", "--version").start().waitFor() == 0;
    } catch (IOException none) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
