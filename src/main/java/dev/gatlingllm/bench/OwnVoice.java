package dev.gatlingllm.bench;

import java.util.List;

/** Tells the console, for a benchmark that runs by itself. */
final class OwnVoice implements Voice {

  @Override
  public void begins(Combination combination) {
    System.out.println(String.join(System.lineSeparator(), Header.of(combination)));
    System.out.println("# Fork: 1 of 1, by itself");
    System.out.println();
  }

  @Override
  public void says(String line) {
    System.out.println(line);
  }

  @Override
  public void measured(Combination combination, ForkScores scores) {
    scores.notes().forEach(note -> System.out.println("# " + note));
    System.out.println(Tables.of(List.of(new JmhResults(combination).of(List.of(scores)))));
  }
}
