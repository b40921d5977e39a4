package dev.gatlingllm.bench;

import dev.gatlingllm.gatling.TokenRun;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.util.Utils;
import org.openjdk.jmh.util.Version;

/** The lines that are printed before a combination is measured, like JMH's. */
final class Header {

  private Header() {}

  static List<String> of(Combination combination) {
    Conditions conditions = combination.conditions();
    List<String> lines = new ArrayList<>();
    lines.add(
        "# JMH version: " + Version.getPlainVersion() + ", Gatling " + TokenRun.gatlingVersion());
    lines.add(
        "# VM version: "
            + Utils.getCurrentJvmVersion()
            + ", "
            + System.getProperty("java.vm.name"));
    lines.add("# VM options: " + String.join(" ", conditions.jvmArguments()));
    lines.add(iterations("# Warmup: ", conditions.warmupIterations(), conditions.warmupTime()));
    lines.add(iterations("# Measurement: ", conditions.iterations(), conditions.time()));
    lines.add("# Timeout: " + conditions.timeout() + " beyond the load");
    lines.add(
        "# Benchmark mode: "
            + conditions.mode().longLabel().split(",")[0]
            + ", "
            + conditions.score().label()
            + " in "
            + conditions.units().unit(conditions.score()));
    lines.add("# Benchmark: " + combination.benchmark());
    if (!combination.parameters().isEmpty()) {
      lines.add("# Parameters: (" + combination.written(", ", " = ") + ")");
    }
    return lines;
  }

  private static String iterations(String what, int count, TimeValue time) {
    return what
        + (count == 0 ? "<none>" : count + (count == 1 ? " iteration, " : " iterations, ") + time)
        + (count > 1 ? " each" : "");
  }
}
