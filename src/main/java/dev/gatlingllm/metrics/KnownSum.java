package dev.gatlingllm.metrics;

/** A sum over the replies that know the value. Not safe for threads. */
final class KnownSum {

  private long count;
  private long total;

  void add(long value) {
    count++;
    total += value;
  }

  void add(RunState.SumState other) {
    count += other.count();
    total += other.total();
  }

  long total() {
    return total;
  }

  /** The sum, or null where no reply knew the value. */
  Long orNull() {
    return count == 0 ? null : total;
  }

  RunState.SumState state() {
    return new RunState.SumState(count, total);
  }
}
