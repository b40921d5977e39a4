package dev.gatlingllm.observe;

import static java.util.Objects.requireNonNull;

import dev.gatlingllm.metrics.RunClock;
import dev.gatlingllm.metrics.ServerMetrics;
import dev.gatlingllm.metrics.ServerMetrics.Observed;
import dev.gatlingllm.metrics.ServerSignal;
import dev.gatlingllm.observe.ServerReading.Metric;
import dev.gatlingllm.text.Redactor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the readings of a run, as columns. A counter between two readings is taken to have grown
 * evenly, so that the border of a window need not be the moment of a reading. Used by one thread at
 * a time.
 */
final class ServerRecording {

  /** Further names are not kept, except known ones; vLLM has about 60. */
  private static final int MAX_METRICS = 500;

  /** As many as a page can hold, and a reader can choose from. */
  private static final int MAX_OTHER_TIMELINES = 60;

  /** Readings are as far apart. */
  private static final long LEAST_RENEWAL_NANOS = 3_000_000_000L;

  /** The values of one metric; NaN where it was not told. */
  private static final class Column {
    private double[] values = new double[0];
    private boolean isCounter;

    /** Whether readings may show an old value, as of energy, which exporters renew every 30 s. */
    private boolean isHeld;

    void set(int at, double value) {
      if (at >= values.length) {
        int length = values.length;
        values = Arrays.copyOf(values, Math.max(64, 2 * at));
        Arrays.fill(values, length, values.length, Double.NaN);
      }
      values[at] = value;
    }

    double[] upTo(int count) {
      int length = values.length;
      double[] copy = Arrays.copyOf(values, count);
      if (count > length) {
        Arrays.fill(copy, length, count, Double.NaN);
      }
      return copy;
    }
  }

  private final Map<ServerSignal, Column> signals = new EnumMap<>(ServerSignal.class);
  private final SortedMap<String, Column> metrics = new TreeMap<>();
  private final Column[] outputTokens;
  private long[] at = new long[64];
  private int count;

  /** The most endpoints that have answered. */
  private int alive;

  /** Readings at which another endpoint had answered than before. */
  private final List<Integer> completions = new ArrayList<>();

  /**
   * The first reading at which all endpoints had answered that do so before the window is over; -1
   * without any. Nothing is told before it: sums would lack some of them, and counters count for
   * longer than others.
   */
  private int complete = -1;

  /**
   * The first reading after the end of a load that ended before its window, if it shows an idle
   * server; -1 otherwise. What the server has counted until then, it did before that end.
   */
  private int idle = -1;

  /** The end of that load. */
  private long loadEnd;

  /** The last reading that told anything. */
  private int last;

  ServerRecording(int endpoints) {
    outputTokens = new Column[endpoints];
    Arrays.setAll(outputTokens, endpoint -> new Column());
  }

  int count() {
    return count;
  }

  /**
   * Adds a reading.
   *
   * @param tokens generated so far by each endpoint; NaN where it does not tell
   * @param alive how many endpoints have answered so far; 0 if the reading has no counters
   */
  void add(ServerReading reading, double[] tokens, int alive) {
    if (count == at.length) {
      at = Arrays.copyOf(at, 2 * count);
    }
    at[count] = reading.atNanos();
    if (alive > this.alive) {
      this.alive = alive;
      completions.add(count);
    }
    last = alive > 0 ? count : last;
    reading
        .signals()
        .forEach(
            (signal, value) -> {
              Column column = signals.computeIfAbsent(signal, unseen -> new Column());
              column.isCounter = signal.isCounter();
              column.isHeld = signal == ServerSignal.ENERGY;
              column.set(count, value);
            });
    reading.metrics().forEach(this::addMetric);
    for (int endpoint = 0; endpoint < tokens.length; endpoint++) {
      outputTokens[endpoint].set(count, tokens[endpoint]);
    }
    count++;
  }

  private void addMetric(String name, Metric metric) {
    Column column = metrics.get(name);
    if (column == null) {
      if (metrics.size() >= MAX_METRICS && !Vocabulary.isKnown(name)) {
        return;
      }
      column = new Column();
      metrics.put(name, column);
    }
    column.isCounter = metric.isCounter();
    column.set(count, metric.value());
  }

  /**
   * Returns what was read.
   *
   * @param clock of a run that has begun
   * @param endNanos {@link System#nanoTime()} of the end of the run: of the window, or of the last
   *     response if the load ended before
   * @param endpoints what is to be said of each; their tokens are added here
   */
  ServerMetrics summary(RunClock clock, long endNanos, List<ServerMetrics.Endpoint> endpoints) {
    if (count == 0) {
      return ServerMetrics.withoutReadings(endpoints);
    }
    long lastNanos = at[count - 1];
    RunClock.Span window = clock.windowUpTo(endNanos - lastNanos < 0 ? endNanos : lastNanos);
    completions.stream()
        .filter(reading -> at[reading] - window.toNanos() < 0 || reading.equals(completions.get(0)))
        .forEach(reading -> complete = reading);
    loadEnd = window.toNanos();
    idle = loadEnd - clock.windowUpTo(lastNanos).toNanos() < 0 ? firstIdle() : -1;
    boolean countersTell = endpoints.stream().noneMatch(ServerMetrics.Endpoint::isAlternating);
    SortedMap<Integer, Map<ServerSignal, Observed>> byIteration = new TreeMap<>();
    // the rates of an iteration are over all of it, also where the load ended before
    clock
        .iterationsUpTo(lastNanos)
        .forEach((number, span) -> byIteration.put(number, observed(signals, span, countersTell)));
    SortedMap<String, Observed> byName = new TreeMap<>();
    SortedMap<String, double[]> others = new TreeMap<>();
    metrics.forEach(
        (name, column) -> {
          // a server may use the key that it was sent as a name
          boolean isSecret = !Redactor.ofProcess().redact(name).equals(name);
          Observed observed = isSecret ? null : observed(column, window, countersTell);
          if (observed != null) {
            byName.put(name, observed);
          }
          if (observed != null
              && others.size() < MAX_OTHER_TIMELINES
              && !Vocabulary.isKnown(name)
              && changes(column)) {
            others.put(name, told(column));
          }
        });
    Map<ServerSignal, double[]> timeline = new EnumMap<>(ServerSignal.class);
    signals.forEach(
        (signal, column) -> {
          if (countersTell || !column.isCounter) {
            timeline.put(signal, told(column));
          }
        });
    return new ServerMetrics(
        withTokens(endpoints, window),
        seconds(Math.max(window.fromNanos(), at[Math.max(0, complete)]), window),
        seconds(Math.min(window.toNanos(), at[last]), window),
        observed(signals, window, countersTell),
        byIteration,
        byName,
        Arrays.stream(at, 0, count).mapToDouble(moment -> seconds(moment, window)).toArray(),
        timeline,
        others);
  }

  /** Returns the first reading after the end of the load if it shows an idle server, or -1. */
  private int firstIdle() {
    double[] running = told(signals.getOrDefault(ServerSignal.RUNNING, new Column()));
    double[] waiting = told(signals.getOrDefault(ServerSignal.WAITING, new Column()));
    int first = 0;
    while (first < count && (at[first] - loadEnd < 0 || Double.isNaN(running[first]))) {
      first++;
    }
    boolean isIdle = first < count && running[first] == 0 && !(waiting[first] > 0);
    return isIdle ? first : -1;
  }

  private List<ServerMetrics.Endpoint> withTokens(
      List<ServerMetrics.Endpoint> endpoints, RunClock.Span window) {
    ServerMetrics.Endpoint[] all = endpoints.toArray(ServerMetrics.Endpoint[]::new);
    for (int i = 0; i < all.length; i++) {
      outputTokens[i].isCounter = true;
      Observed tokens = observed(outputTokens[i], window, !all[i].isAlternating());
      all[i] = tokens == null ? all[i] : all[i].withOutputTokens(requireNonNull(tokens.delta()));
    }
    return List.of(all);
  }

  private static double seconds(long moment, RunClock.Span window) {
    return Math.round((moment - window.fromNanos()) / 1e6) / 1e3;
  }

  /** Returns the values of a metric from where all endpoints tell theirs. */
  private double[] told(Column column) {
    double[] values = column.upTo(count);
    Arrays.fill(values, 0, Math.max(0, complete), Double.NaN);
    return values;
  }

  /**
   * Leaves the values at which a counter was renewed alone, and lets it grow on to the last
   * reading.
   *
   * @return whether it was renewed often enough for a span
   */
  private boolean renew(double[] values, RunClock.Span span) {
    long longest = Math.max((span.toNanos() - span.fromNanos()) / 4, LEAST_RENEWAL_NANOS);
    double slope = 0;
    int last = -1;
    for (int i = 0; i < count; i++) {
      if (last >= 0 && values[i] == values[last]) {
        values[i] = Double.NaN;
      }
      if (!Double.isNaN(values[i])) {
        if (last >= 0 && isIn(last, i, span) && at[i] - at[last] > longest) {
          return false;
        }
        slope = last < 0 ? 0 : (values[i] - values[last]) / (at[i] - at[last]);
        last = i;
      }
    }
    if (last >= 0 && last < count - 1) {
      values[count - 1] = values[last] + slope * (at[count - 1] - at[last]);
      return !isIn(last, count - 1, span) || at[count - 1] - at[last] <= longest;
    }
    return last >= 0;
  }

  private boolean isIn(int from, int to, RunClock.Span span) {
    return at[to] - span.fromNanos() > 0 && at[from] - span.toNanos() < 0;
  }

  private boolean changes(Column column) {
    double[] values = told(column);
    double first = Double.NaN;
    for (double value : values) {
      if (!Double.isNaN(value)) {
        if (!Double.isNaN(first) && first != value) {
          return true;
        }
        first = value;
      }
    }
    return false;
  }

  private <K extends Enum<K>> Map<K, Observed> observed(
      Map<K, Column> columns, RunClock.Span span, boolean countersTell) {
    Map<K, Observed> observed = new TreeMap<>();
    columns.forEach(
        (key, column) -> {
          Observed one = observed(column, span, countersTell);
          if (one != null) {
            observed.put(key, one);
          }
        });
    return observed;
  }

  private @Nullable Observed observed(Column column, RunClock.Span span, boolean countersTell) {
    double[] values = told(column);
    if (column.isHeld && !renew(values, span)) {
      return null;
    }
    if (column.isCounter) {
      double delta =
          counterAt(column, values, span.toNanos()) - counterAt(column, values, span.fromNanos());
      return countersTell && isTold(values, span) ? Observed.counter(delta) : null;
    }
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    double sum = 0;
    double last = Double.NaN;
    int seen = 0;
    for (int i = 0; i < count; i++) {
      if (at[i] - span.fromNanos() >= 0
          && at[i] - span.toNanos() <= 0
          && !Double.isNaN(values[i])) {
        min = Math.min(min, values[i]);
        max = Math.max(max, values[i]);
        sum += values[i];
        last = values[i];
        seen++;
      }
    }
    return seen == 0 ? null : new Observed(null, min, sum / seen, max, last);
  }

  /**
   * Returns whether readings tell a counter's increase in a span: from before its end until at most
   * a tenth of it is left. A counter that is no longer told would seem to stand still.
   */
  private boolean isTold(double[] values, RunClock.Span span) {
    if (complete < 0 || at[complete] - span.toNanos() >= 0 || isOfLaterEndpoint(values)) {
      return false;
    }
    int last = count - 1;
    while (last >= 0 && Double.isNaN(values[last])) {
      last--;
    }
    return last >= 0 && at[last] - span.toNanos() >= (span.fromNanos() - span.toNanos()) / 10;
  }

  /** Returns whether only an endpoint tells a counter that first answered after the window. */
  private boolean isOfLaterEndpoint(double[] values) {
    int first = 0;
    while (first < count && Double.isNaN(values[first])) {
      first++;
    }
    int latest = completions.get(completions.size() - 1);
    return latest > complete && first >= latest;
  }

  /** Returns the moment from which a reading tells a counter's value. */
  private long momentOf(int reading, Column column) {
    // an idle server uses energy, too
    return reading == idle && !column.isHeld ? loadEnd : at[reading];
  }

  /** Returns the value of a counter at a moment; NaN if it is not known at any. */
  private double counterAt(Column column, double[] values, long moment) {
    int before = -1;
    for (int i = 0; i < count; i++) {
      if (Double.isNaN(values[i])) {
        continue;
      }
      long told = momentOf(i, column);
      if (told - moment >= 0) {
        if (before < 0) {
          // a counter that appears later began at 0
          return i == complete ? values[i] : 0;
        }
        long momentBefore = momentOf(before, column);
        return values[before]
            + (values[i] - values[before])
                * ((double) (moment - momentBefore) / Math.max(1, told - momentBefore));
      }
      before = i;
    }
    return before < 0 ? Double.NaN : values[before];
  }
}
