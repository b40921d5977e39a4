package dev.gatlingllm.observe;

import dev.gatlingllm.metrics.ServerMetrics;
import dev.gatlingllm.metrics.ServerSignal;
import dev.gatlingllm.observe.MetricsText.Sample;
import dev.gatlingllm.text.Redactor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A metrics endpoint and what it has said so far. Counters count from the first reading, and go on
 * where a server was restarted. Used by one thread at a time.
 */
final class Endpoint {

  private static final int OK = 200;

  /** Further series are ignored. */
  private static final int MAX_SERIES = 20_000;

  private static final int MAX_WORDS = 200;

  /** DCGM writes codes from this value on where it has none. */
  private static final double BLANK = 9.2e18;

  /** One restart is a restart. Behind a load balancer, counters fall again and again. */
  private static final int MAX_RESTARTS = 3;

  private static final class Counter {
    private double last;

    /** With the increase since the first reading. */
    private Sample sample;

    Counter(double first, Sample sample) {
      last = first;
      this.sample = sample.withValue(0);
    }

    /** Returns whether the value fell, so that it counts from 0 again. */
    boolean set(double value) {
      boolean fell = value < last;
      sample = sample.withValue(sample.value() + (fell ? value : value - last));
      last = value;
      return fell;
    }
  }

  private final String url;
  private final String shown;
  private final MetricsSource source;
  private final MetricsText metrics = new MetricsText();
  private final Map<String, Counter> counters = new HashMap<>();
  private Map<String, List<Sample>> samples = Map.of();
  private Map<ServerSignal, Map<String, Double>> signals = Map.of();
  private int readings;
  private int failures;
  private int restarts;
  private boolean answered;
  private @Nullable String problem;

  Endpoint(String url, MetricsSource source) {
    this.url = url;
    // without user, password and query
    shown = url.replaceFirst("(?<=//)[^/?#]*@", "").replaceFirst("[?#].*", "");
    this.source = source;
  }

  /** Returns whether the endpoint has answered with metrics at least once. */
  boolean isAlive() {
    return readings > 0;
  }

  /** Returns whether something answered over HTTP, if only that it has no metrics. */
  boolean hasAnswered() {
    return answered;
  }

  /**
   * Reads the endpoint once.
   *
   * @return whether it answered with metrics
   */
  boolean read() {
    try {
      take(get());
      readings++;
      return true;
    } catch (IOException | RuntimeException e) {
      failures++;
      problem = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      samples = Map.of();
      signals = Map.of();
      return false;
    }
  }

  private void take(String text) throws IOException {
    Map<String, List<Sample>> byName = new HashMap<>();
    boolean isFirst = readings == 0;
    int[] fallen = new int[1];
    Set<String> series = new HashSet<>();
    boolean isMetrics =
        metrics.read(
            text,
            sample -> {
              if (Double.isFinite(sample.value())
                  && sample.value() < BLANK
                  && !Vocabulary.isIgnored(sample.name())
                  && series.size() < MAX_SERIES
                  && series.add(sample.series())) {
                add(sample.isCounter() ? counted(sample, isFirst, fallen) : sample, byName);
              }
            });
    if (!isMetrics) {
      throw new IOException("the answer is no text of metrics");
    }
    restarts += fallen[0] > 0 ? 1 : 0;
    // a series that has gone, such as that of a replica behind a gateway, did count
    counters.forEach(
        (name, counter) -> {
          if (!series.contains(name)) {
            add(counter.sample, byName);
          }
        });
    samples = byName;
    signals = Vocabulary.signals(byName);
  }

  private static void add(Sample sample, Map<String, List<Sample>> byName) {
    byName.computeIfAbsent(sample.name(), unseen -> new ArrayList<>()).add(sample);
  }

  /** Returns the sample with its increase since the first reading. */
  private Sample counted(Sample sample, boolean isFirst, int[] fallen) {
    Counter counter = counters.get(sample.series());
    if (counter == null) {
      if (counters.size() >= MAX_SERIES) {
        return sample.withValue(0);
      }
      // a series that appears later began at 0
      counter = new Counter(isFirst ? sample.value() : 0, sample);
      counters.put(sample.series(), counter);
    }
    fallen[0] += counter.set(sample.value()) ? 1 : 0;
    return counter.sample;
  }

  private String get() throws IOException {
    MetricsSource.Answer answer = source.get(url);
    answered = true;
    if (answer.status() != OK) {
      throw new IOException("it answers with HTTP status " + answer.status());
    }
    String type = answer.type();
    if (type != null && isOther(type.toLowerCase(Locale.ROOT))) {
      throw new IOException("it answers with " + type.replaceFirst("(?s);.*", ""));
    }
    return answer.text();
  }

  private static boolean isOther(String type) {
    return type.startsWith("application/json") || type.startsWith("text/html");
  }

  /**
   * Returns the last samples by name, with counters since the first reading; none if the last
   * reading failed.
   */
  Map<String, List<Sample>> samples() {
    return samples;
  }

  /** Returns the last value of each signal, by the program that exposes it. */
  Map<ServerSignal, Map<String, Double>> signals() {
    return signals;
  }

  /** Returns what a report says about the endpoint. */
  ServerMetrics.Endpoint summary() {
    // not when it came: the requests of the run, which tell their secrets, may come later
    String why = problem == null ? null : Redactor.ofProcess().line(problem, MAX_WORDS);
    return new ServerMetrics.Endpoint(
        shown, readings, failures, restarts, restarts >= MAX_RESTARTS, why, null);
  }
}
