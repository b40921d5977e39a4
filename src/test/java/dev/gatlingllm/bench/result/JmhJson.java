package dev.gatlingllm.bench.result;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.DoubleStream;

/** Builds files in the layout of JMH's JSON. */
public final class JmhJson {

  private final ObjectMapper mapper = new ObjectMapper();
  private final ArrayNode root = mapper.createArrayNode();
  private ObjectNode benchmark;

  public JmhJson benchmark(String name, String... params) {
    benchmark = root.addObject().put("benchmark", name).put("mode", "avgt");
    if (params.length > 0) {
      ObjectNode object = benchmark.putObject("params");
      for (int i = 0; i < params.length; i += 2) {
        object.put(params[i], params[i + 1]);
      }
    }
    return this;
  }

  /** Sets the length of an iteration. */
  public JmhJson time(String time) {
    benchmark.put("measurementTime", time);
    return this;
  }

  /** Sets how many forks were to be measured. */
  public JmhJson planned(int forks) {
    benchmark.put("forks", forks);
    return this;
  }

  /** One fork of one iteration for each value. */
  public static double[][] forks(double... values) {
    return DoubleStream.of(values).mapToObj(value -> new double[] {value}).toArray(double[][]::new);
  }

  public JmhJson primary(String unit, double[]... forks) {
    metric(benchmark.putObject("primaryMetric"), unit, forks);
    benchmark.putObject("secondaryMetrics");
    return this;
  }

  /** Names what the primary metric is of. */
  public JmhJson figure(String label) {
    ((ObjectNode) benchmark.get("primaryMetric")).put(MetricScores.FIGURE, label);
    return this;
  }

  public JmhJson secondary(String name, String unit, double[]... forks) {
    metric(((ObjectNode) benchmark.get("secondaryMetrics")).putObject(name), unit, forks);
    return this;
  }

  public Path write(Path file) {
    try {
      return Files.writeString(file, root.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void metric(ObjectNode json, String unit, double[]... forks) {
    json.put("scoreUnit", unit);
    ArrayNode raw = json.putArray("rawData");
    for (double[] fork : forks) {
      ArrayNode iterations = raw.addArray();
      for (double value : fork) {
        if (Double.isNaN(value)) {
          iterations.add("NaN");
        } else {
          iterations.add(value);
        }
      }
    }
  }
}
