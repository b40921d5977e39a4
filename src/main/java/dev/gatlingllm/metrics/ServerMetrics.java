package dev.gatlingllm.metrics;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the server under test said about itself while a run went on, in its metrics for Prometheus.
 * Immutable.
 *
 * @param endpoints where it was read
 * @param fromSecond first moment of the measured window that readings cover, in seconds since its
 *     opening
 * @param toSecond last moment of the measured window that they cover
 * @param signals in the measured window, by what they mean; without those that no endpoint told
 * @param byIteration the same in each iteration of a window that keeps them apart, from 1
 * @param metrics in the measured window, by the server's own names
 * @param seconds moment of each reading, also outside the window, in seconds since its opening
 * @param timeline value of each signal at these moments; NaN where it was not told
 * @param otherTimelines value of other metrics at these moments: of those that changed
 */
public record ServerMetrics(
    List<Endpoint> endpoints,
    double fromSecond,
    double toSecond,
    Map<ServerSignal, Observed> signals,
    SortedMap<Integer, Map<ServerSignal, Observed>> byIteration,
    SortedMap<String, Observed> metrics,
    double[] seconds,
    Map<ServerSignal, double[]> timeline,
    SortedMap<String, double[]> otherTimelines) {

  private static final double MAX_UNCOVERED = 0.1;

  /** As a share of the readings. */
  private static final double MAX_FAILED = 0.1;

  /** The first reading of a short window may be a second late, but not by more than half of it. */
  private static final double MAX_UNCOVERED_SECONDS = 1;

  /** Nothing is known of the server. */
  public static final ServerMetrics NONE = withoutReadings(List.of());

  /** Returns that these endpoints were asked, and that none has answered. */
  public static ServerMetrics withoutReadings(List<Endpoint> endpoints) {
    return withoutReadings(endpoints, 0, 0);
  }

  private static ServerMetrics withoutReadings(
      List<Endpoint> endpoints, double fromSecond, double toSecond) {
    return new ServerMetrics(
        endpoints,
        fromSecond,
        toSecond,
        Map.of(),
        Collections.emptySortedMap(),
        Collections.emptySortedMap(),
        new double[0],
        Map.of(),
        Collections.emptySortedMap());
  }

  /** Takes copies of the maps and the list; the arrays must not be modified. */
  public ServerMetrics {
    endpoints = List.copyOf(endpoints);
    signals = copy(signals);
    SortedMap<Integer, Map<ServerSignal, Observed>> iterations = new TreeMap<>();
    byIteration.forEach((number, values) -> iterations.put(number, copy(values)));
    byIteration = Collections.unmodifiableSortedMap(iterations);
    metrics = Collections.unmodifiableSortedMap(new TreeMap<>(metrics));
    timeline = copy(timeline);
    otherTimelines = Collections.unmodifiableSortedMap(new TreeMap<>(otherTimelines));
  }

  private static <V> Map<ServerSignal, V> copy(Map<ServerSignal, V> values) {
    Map<ServerSignal, V> copy = new EnumMap<>(ServerSignal.class);
    copy.putAll(values);
    return Collections.unmodifiableMap(copy);
  }

  /**
   * A metrics endpoint.
   *
   * @param url without user, password and query
   * @param readings how often it answered with metrics
   * @param failures how often it did not
   * @param restarts how often a counter fell
   * @param isAlternating whether counters fell so often that several servers must answer in turn:
   *     its counters tell nothing then
   * @param problem what was wrong the last time; null if nothing was
   * @param outputTokens generated in the measured window; null if it did not tell
   */
  public record Endpoint(
      String url,
      int readings,
      int failures,
      int restarts,
      boolean isAlternating,
      @Nullable String problem,
      @Nullable Double outputTokens) {

    /** Returns whether there is no reading, or more than one in ten failed, and at least two. */
    public boolean lacksReadings() {
      return readings == 0 || failures > Math.max(1, MAX_FAILED * (readings + failures));
    }

    /** Returns the same with a number of tokens. */
    public Endpoint withOutputTokens(double tokens) {
      return new Endpoint(url, readings, failures, restarts, isAlternating, problem, tokens);
    }
  }

  /**
   * What a metric did over a span of time. A counter has an increase alone; a gauge the rest.
   *
   * @param delta increase of a counter
   * @param min least value of a gauge that was seen
   * @param mean of the values that were seen
   * @param max greatest value that was seen
   * @param last value that was seen last
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Observed(
      @Nullable Double delta,
      @Nullable Double min,
      @Nullable Double mean,
      @Nullable Double max,
      @Nullable Double last) {

    /** Returns a counter's. */
    public static Observed counter(double delta) {
      return new Observed(delta, null, null, null, null);
    }
  }

  /** Returns the same for a window that opened earlier by so many seconds. */
  ServerMetrics later(double by) {
    return by == 0 || !hasReadings()
        ? this
        : new ServerMetrics(
            endpoints,
            fromSecond + by,
            toSecond + by,
            signals,
            byIteration,
            metrics,
            DoubleStream.of(seconds).map(second -> second + by).toArray(),
            timeline,
            otherTimelines);
  }

  /**
   * Returns what two load generators that worked side by side read together. Of the same server,
   * the one that read it for longer knows more; of different endpoints, only what each endpoint
   * said of itself is kept: neither of them knows the server of the whole load.
   */
  ServerMetrics and(ServerMetrics other) {
    if (!hasReadings() || !other.hasReadings()) {
      return hasReadings() ? this : other;
    }
    Map<String, Endpoint> all = new LinkedHashMap<>();
    Stream.of(this, other)
        .flatMap(one -> one.endpoints.stream())
        .forEach(endpoint -> all.putIfAbsent(endpoint.url, endpoint));
    if (all.size() == endpoints.size() && all.size() == other.endpoints.size()) {
      return other.toSecond - other.fromSecond > toSecond - fromSecond ? other : this;
    }
    return withoutReadings(
        List.copyOf(all.values()),
        Math.min(fromSecond, other.fromSecond),
        Math.max(toSecond, other.toSecond));
  }

  /**
   * Returns whether load generators read different servers, of which only the endpoints are kept.
   */
  public boolean mixesServers() {
    return endpoints.size() > 1 && hasReadings() && metrics.isEmpty() && signals.isEmpty();
  }

  /**
   * Returns whether readings reach from before a moment until after another one, without a restart.
   *
   * @param from in seconds since the opening of the window
   */
  boolean covers(double from, double to) {
    return seconds.length > 1
        && seconds[0] <= from
        && seconds[seconds.length - 1] >= to
        && !hasRestarts();
  }

  /** Returns whether a counter of an endpoint fell, so that what it counted before may be lost. */
  public boolean hasRestarts() {
    return endpoints.stream().anyMatch(endpoint -> endpoint.restarts > 0);
  }

  /**
   * Returns how many seconds of a window readings do not cover.
   *
   * @param duration of the window in seconds
   */
  public double uncovered(double duration) {
    return Math.min(duration, fromSecond + Math.max(0, duration - toSecond));
  }

  /** Returns whether an endpoint never answered, so that its part is missing in counts. */
  public boolean lacksEndpoints() {
    return endpoints.stream().anyMatch(endpoint -> endpoint.readings() == 0);
  }

  /** Returns whether readings cover nearly all of a window, so that means are those of it. */
  public boolean coversNearlyAll(double duration) {
    return uncovered(duration) <= MAX_UNCOVERED * duration;
  }

  /**
   * Returns whether readings cover a window, so that what the server counted is a count of it: of a
   * short one at least half, as they are a second apart.
   */
  public boolean coversMost(double duration) {
    return coversNearlyAll(duration)
        || uncovered(duration) <= Math.min(MAX_UNCOVERED_SECONDS, duration / 2);
  }

  /** Returns the increase of a counter over all readings; NaN if the first or last lacks it. */
  double increase(ServerSignal counter) {
    double[] values = timeline.get(counter);
    return values == null ? Double.NaN : values[values.length - 1] - values[0];
  }

  /**
   * Returns the mean increase of a counter per second, by the readings between two moments; NaN if
   * that is unknown.
   *
   * @param from in seconds since the opening of the window
   */
  public double increasePerSecond(ServerSignal counter, double from, double to) {
    double[] values = timeline.get(counter);
    int first = indexFrom(from);
    int last = indexFrom(Math.nextUp(to)) - 1;
    return values == null || first >= last
        ? Double.NaN
        : (values[last] - values[first]) / (seconds[last] - seconds[first]);
  }

  /** Returns which reading is the first one from a moment on. */
  private int indexFrom(double second) {
    int index = Arrays.binarySearch(seconds, second);
    return index < 0 ? -index - 1 : index;
  }

  /**
   * Returns the mean of a time over all readings, in milliseconds; empty if it is unknown.
   *
   * @param seconds the sum of the times
   * @param count their number
   */
  OptionalDouble meanMillisOfAll(ServerSignal seconds, ServerSignal count) {
    double mean = 1e3 * increase(seconds) / increase(count);
    return Double.isFinite(mean) ? OptionalDouble.of(mean) : OptionalDouble.empty();
  }

  /**
   * Returns the time that requests spent in the server which were not under way here, all together
   * and over all readings, in seconds; NaN if it is unknown.
   */
  double strangeSeconds() {
    double sum = 0;
    for (int i = 1; i < seconds.length; i++) {
      sum += (strange(i - 1) + strange(i)) / 2 * (seconds[i] - seconds[i - 1]);
    }
    return sum;
  }

  /**
   * Returns the standard error of {@link #strangeSeconds}: what it would vary by if readings came
   * at other moments. NaN if it is unknown.
   */
  double strangeSecondsError() {
    int last = seconds.length - 1;
    double mean = strangeSeconds() / (seconds[last] - seconds[0]);
    double squares = 0;
    for (int i = 0; i <= last; i++) {
      double weight = (seconds[Math.min(i + 1, last)] - seconds[Math.max(i - 1, 0)]) / 2;
      double deviation = weight * (strange(i) - mean);
      squares += deviation * deviation;
    }
    return Math.sqrt(squares);
  }

  private double strange(int reading) {
    double[] running = timeline.get(ServerSignal.RUNNING);
    double[] waiting = timeline.get(ServerSignal.WAITING);
    double[] ours = timeline.get(ServerSignal.UNDER_WAY);
    if (running == null || ours == null) {
      return Double.NaN;
    }
    // nothing is under way before the client counts
    return running[reading]
        + (waiting == null ? 0 : waiting[reading])
        - (Double.isNaN(ours[reading]) ? 0 : ours[reading]);
  }

  /** Returns the number of spans between two readings. */
  int periods() {
    return seconds.length - 1;
  }

  /** Returns the mean time between two readings; there must be two. */
  double periodMillis() {
    return 1e3 * (seconds[seconds.length - 1] - seconds[0]) / (seconds.length - 1);
  }

  /** Returns whether any endpoint answered with metrics. */
  public boolean hasReadings() {
    return endpoints.stream().anyMatch(endpoint -> endpoint.readings > 0);
  }

  /** Returns the increase of a counter in the measured window; null if it is not known. */
  public @Nullable Double delta(ServerSignal counter) {
    return delta(signals, counter);
  }

  private static @Nullable Double delta(Map<ServerSignal, Observed> signals, ServerSignal counter) {
    Observed observed = signals.get(counter);
    return observed == null ? null : observed.delta;
  }

  /**
   * Returns the mean of a time in milliseconds over the measured window; null if it is not known.
   *
   * @param seconds the sum of the times
   * @param count their number
   */
  public @Nullable Double meanMillis(ServerSignal seconds, ServerSignal count) {
    return meanMillis(signals, seconds, count);
  }

  private static @Nullable Double meanMillis(
      Map<ServerSignal, Observed> signals, ServerSignal seconds, ServerSignal count) {
    Double mean = ratio(delta(signals, seconds), delta(signals, count));
    return mean == null ? null : 1_000 * mean;
  }

  private static @Nullable Double ratio(@Nullable Double part, @Nullable Double whole) {
    return part == null || whole == null || whole <= 0 ? null : part / whole;
  }

  /** Returns the mean time to first token by the server's own measure; null if not known. */
  public @Nullable Double ttftMillis() {
    return meanMillis(ServerSignal.TTFT_SECONDS, ServerSignal.TTFT_COUNT);
  }

  /** Returns the mean time in the queue; null if it is not known. */
  public @Nullable Double queueMillis() {
    return meanMillis(ServerSignal.QUEUE_SECONDS, ServerSignal.QUEUE_COUNT);
  }

  /** Returns the mean time from leaving the queue to the first token; null if not known. */
  public @Nullable Double prefillMillis() {
    return meanMillis(ServerSignal.PREFILL_SECONDS, ServerSignal.PREFILL_COUNT);
  }

  /**
   * Returns the figures that scores, assertions and searches know, over the measured window; none
   * of a part of it, which may lack the worst.
   *
   * @param duration of the window in seconds
   */
  Map<Figure, Double> ofWindow(double duration) {
    return coversMost(duration) ? figures(signals) : Map.of();
  }

  /** Returns the same in one iteration, from 1. */
  Map<Figure, Double> figures(int iteration) {
    return figures(byIteration.getOrDefault(iteration, Map.of()));
  }

  private Map<Figure, Double> figures(Map<ServerSignal, Observed> signals) {
    Map<Figure, Double> figures = new EnumMap<>(Figure.class);
    put(
        figures,
        Figure.SERVER_QUEUE,
        meanMillis(signals, ServerSignal.QUEUE_SECONDS, ServerSignal.QUEUE_COUNT));
    put(
        figures,
        Figure.SERVER_PREFILL,
        meanMillis(signals, ServerSignal.PREFILL_SECONDS, ServerSignal.PREFILL_COUNT));
    if (!lacksEndpoints()) {
      put(figures, Figure.SERVER_PREEMPTIONS, delta(signals, ServerSignal.PREEMPTIONS));
      put(
          figures,
          Figure.SERVER_TOKENS_PER_JOULE,
          ratio(delta(signals, ServerSignal.OUTPUT_TOKENS), delta(signals, ServerSignal.ENERGY)));
    }
    return figures;
  }

  private static void put(Map<Figure, Double> figures, Figure figure, @Nullable Double value) {
    if (value != null) {
      figures.put(figure, value);
    }
  }
}
