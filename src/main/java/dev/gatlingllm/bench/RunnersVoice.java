package dev.gatlingllm.bench;

/** Tells the runner that started this process; it has said what there is to say before. */
final class RunnersVoice implements Voice {

  RunnersVoice() {
    RunnerWatch.start();
  }

  @Override
  public void begins(Combination combination) {}

  @Override
  public void says(String line) {
    System.out.println(ForkLine.saying(line).write());
  }

  @Override
  public void measured(Combination combination, ForkScores scores) {
    System.out.println(ForkLine.of(scores).write());
  }
}
