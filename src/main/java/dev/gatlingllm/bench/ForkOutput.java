package dev.gatlingllm.bench;

import java.io.PrintStream;
import java.util.List;

/**
 * Prints how a fork goes: for people if the benchmark runs by itself, else as messages to the
 * runner, which has printed the header. Called by one thread at a time.
 */
final class ForkOutput {

  private final PrintStream out;
  private final boolean forked;

  ForkOutput(PrintStream out, boolean forked) {
    this.out = out;
    this.forked = forked;
  }

  /** Prints what is about to be measured. */
  void begin(Combination combination) {
    if (!forked) {
      Header.of(combination).forEach(out::println);
      out.println("# Fork: 1 of 1, by itself");
      out.println();
    }
  }

  void print(String line) {
    out.println(forked ? new ForkMessage(line, null).write() : line);
  }

  /** Prints the scores of a fork that has lasted to its end. */
  void print(Combination combination, ForkScores scores) {
    if (forked) {
      out.println(new ForkMessage(null, scores).write());
    } else {
      scores.notes().forEach(note -> out.println("# " + note));
      out.println(Tables.of(List.of(new JmhResults(combination).of(List.of(scores)))));
    }
  }
}
