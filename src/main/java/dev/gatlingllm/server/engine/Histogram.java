package dev.gatlingllm.server.engine;

/** How many values fell between given bounds, and their sum. Used by one thread. */
final class Histogram {

  private final double[] bounds;
  private final long[] counts;
  private double sum;

  /**
   * @param bounds upper bounds, inclusive, ascending; what is above the last is counted too
   */
  Histogram(double... bounds) {
    this.bounds = bounds;
    this.counts = new long[bounds.length + 1];
  }

  void add(double value) {
    int bucket = 0;
    while (bucket < bounds.length && value > bounds[bucket]) {
      bucket++;
    }
    counts[bucket]++;
    sum += value;
  }

  int buckets() {
    return counts.length;
  }

  /** A bucket's upper bound; infinite for the last. */
  double bound(int bucket) {
    return bucket < bounds.length ? bounds[bucket] : Double.POSITIVE_INFINITY;
  }

  /** How many values fell into one bucket. */
  long count(int bucket) {
    return counts[bucket];
  }

  double sum() {
    return sum;
  }
}
