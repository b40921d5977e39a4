package dev.gatlingllm.metrics;

import dev.gatlingllm.metrics.RunState.GoodputState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Counts the replies of one scope that meet the objectives. Not safe for threads. */
final class GoodputTally {

  private final Objectives objectives;
  private final long[] metEach;
  private long metAll;
  private long replies;

  GoodputTally(Objectives objectives) {
    this.objectives = objectives;
    metEach = new long[objectives.all().size()];
  }

  /**
   * Counts a reply.
   *
   * @param met which objectives it meets, in their order
   */
  void accept(boolean[] met) {
    replies++;
    int missed = 0;
    for (int i = 0; i < met.length; i++) {
      metEach[i] += met[i] ? 1 : 0;
      missed += met[i] ? 0 : 1;
    }
    metAll += missed == 0 ? 1 : 0;
  }

  void add(GoodputState other) {
    replies += other.replies();
    metAll += other.metAll();
    for (int i = 0; i < metEach.length; i++) {
      metEach[i] += other.metEach().get(i);
    }
  }

  GoodputState state() {
    return new GoodputState(replies, metAll, Arrays.stream(metEach).boxed().toList());
  }

  Goodput goodput(double windowSeconds) {
    List<Goodput.Share> shares = new ArrayList<>();
    for (int i = 0; i < metEach.length; i++) {
      shares.add(new Goodput.Share(objectives.all().get(i), percent(metEach[i])));
    }
    return new Goodput(
        windowSeconds > 0 ? metAll / windowSeconds : 0, percent(metAll), List.copyOf(shares));
  }

  private double percent(long met) {
    return 100.0 * met / replies;
  }
}
