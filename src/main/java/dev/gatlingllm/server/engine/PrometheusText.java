package dev.gatlingllm.server.engine;

/** Writes metrics in Prometheus's text format, version 0.0.4. */
final class PrometheusText {

  private final StringBuilder text = new StringBuilder();
  private final String labels;

  /**
   * @param model the value of the label {@code model_name} of all metrics
   */
  PrometheusText(String model) {
    String escaped = model.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    labels = "model_name=\"" + escaped + '"';
  }

  void gauge(String name, String help, double value) {
    head(name, help, "gauge");
    sample(name, "", number(value));
  }

  void counter(String name, String help, long value) {
    head(name, help, "counter");
    sample(name, "", Long.toString(value));
  }

  /** Starts a counter with a label of its own; {@link #sample} adds its values. */
  void counters(String name, String help) {
    head(name, help, "counter");
  }

  void sample(String name, String label, String value, long count) {
    sample(name, "," + label + "=\"" + value + '"', Long.toString(count));
  }

  void histogram(String name, String help, BucketHistogram histogram) {
    head(name, help, "histogram");
    long below = 0;
    for (int i = 0; i < histogram.counts.length; i++) {
      below += histogram.counts[i];
      String bound = i < histogram.bounds.length ? number(histogram.bounds[i]) : "+Inf";
      sample(name + "_bucket", "le", bound, below);
    }
    sample(name + "_sum", "", number(histogram.sum));
    sample(name + "_count", "", Long.toString(below));
  }

  @Override
  public String toString() {
    return text.toString();
  }

  private void head(String name, String help, String type) {
    text.append("# HELP ").append(name).append(' ').append(help).append('\n');
    text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  private void sample(String name, String moreLabels, String value) {
    text.append(name).append('{').append(labels).append(moreLabels).append("} ");
    text.append(value).append('\n');
  }

  private static String number(double value) {
    return Double.toString(value);
  }

  /** A histogram with fixed buckets. Not thread-safe. */
  static final class BucketHistogram {

    private final double[] bounds;
    private final long[] counts;
    private double sum;

    /**
     * @param bounds inclusive upper bounds in ascending order; larger values go into one more
     *     bucket
     */
    BucketHistogram(double... bounds) {
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
  }
}
