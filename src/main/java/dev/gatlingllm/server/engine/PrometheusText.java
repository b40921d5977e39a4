package dev.gatlingllm.server.engine;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes metrics in Prometheus's text format, version 0.0.4, as Prometheus's Python client does:
 * labels in alphabetical order, and exponents from a million on. Samples of one name are written
 * together, in whatever order they are added.
 */
record PrometheusText(
    Map<String, StringBuilder> families, Map<String, String> labels, double createdSeconds) {

  PrometheusText() {
    this(new LinkedHashMap<>(), Map.of(), Double.NaN);
  }

  /** Returns a writer to the same text that adds labels to all samples. */
  PrometheusText withLabels(Map<String, String> labels) {
    return new PrometheusText(families, labels, createdSeconds);
  }

  /**
   * Returns a writer to the same text that adds a {@code _created} gauge to each counter and
   * histogram.
   *
   * @param seconds when they were created, in seconds since 1970
   */
  PrometheusText withCreated(double seconds) {
    return new PrometheusText(families, labels, seconds);
  }

  /**
   * @param more labels of this sample, names and values alternating
   */
  void gauge(String name, String help, double value, String... more) {
    sample(family(name, help, "gauge"), name, value, more);
  }

  /**
   * @param name the name with {@code _total}, if the server's name has it
   * @param more labels of this sample, names and values alternating
   */
  void counter(String name, String help, double value, String... more) {
    sample(family(name, help, "counter"), name, value, more);
    created(name.replaceFirst("_total$", ""), help, more);
  }

  /**
   * @param more labels of this histogram, names and values alternating
   */
  void histogram(String name, String help, BucketHistogram histogram, String... more) {
    StringBuilder family = family(name, help, "histogram");
    long below = 0;
    for (int i = 0; i < histogram.counts.length; i++) {
      below += histogram.counts[i];
      String bound = i < histogram.bounds.length ? number(histogram.bounds[i]) : "+Inf";
      sample(family, name + "_bucket", below, with(more, "le", bound));
    }
    sample(family, name + "_count", below, more);
    sample(family, name + "_sum", histogram.sum, more);
    created(name, help, more);
  }

  @Override
  public String toString() {
    return String.join("", families.values());
  }

  private void created(String name, String help, String... more) {
    if (!Double.isNaN(createdSeconds)) {
      gauge(name + "_created", help, createdSeconds, more);
    }
  }

  private StringBuilder family(String name, String help, String type) {
    return families.computeIfAbsent(
        name,
        unseen -> new StringBuilder("# HELP %s %s\n# TYPE %1$s %s\n".formatted(name, help, type)));
  }

  private void sample(StringBuilder family, String name, double value, String... more) {
    Map<String, String> all = new TreeMap<>(labels);
    for (int i = 0; i < more.length; i += 2) {
      all.put(more[i], more[i + 1]);
    }
    family.append(name);
    char before = '{';
    for (var label : all.entrySet()) {
      family.append(before).append(label.getKey()).append("=\"");
      family.append(escaped(label.getValue())).append('"');
      before = ',';
    }
    family.append(all.isEmpty() ? " " : "} ").append(number(value)).append('\n');
  }

  private static String[] with(String[] more, String name, String value) {
    String[] all = new String[more.length + 2];
    System.arraycopy(more, 0, all, 0, more.length);
    all[more.length] = name;
    all[more.length + 1] = value;
    return all;
  }

  private static String escaped(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }

  /** Formats a finite number that is at least 0. */
  private static String number(double value) {
    String plain = BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    int dot = plain.indexOf('.');
    if (dot < 0) {
      dot = plain.length();
      plain += ".0";
    }
    if (dot <= 6) {
      return plain;
    }
    String digits = plain.charAt(0) + "." + plain.substring(1, dot) + plain.substring(dot + 1);
    return digits.replaceFirst("[.0]+$", "") + "e+%02d".formatted(dot - 1);
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
