package dev.gatlingllm.benchmarks;

import java.util.List;

/** How processes of tests start that do not live for long and whose speed is not measured. */
public final class ShortRun {

  /**
   * Options of {@code java}: such a process ends before the second compiler or parallel collectors
   * pay. It loads some ten thousand classes, which are those of the libraries that all other
   * processes verify, and whose number must not start a collection.
   */
  public static final List<String> OPTIONS =
      List.of(
          "-XX:TieredStopAtLevel=1",
          "-XX:+UseSerialGC",
          "-XX:MetaspaceSize=128m",
          "-XX:+UnlockDiagnosticVMOptions",
          "-XX:-BytecodeVerificationRemote");

  /** The tokenizer that is loaded fastest: it has the smallest vocabulary. */
  public static final String TOKENIZER = "r50k_base";

  private ShortRun() {}
}
