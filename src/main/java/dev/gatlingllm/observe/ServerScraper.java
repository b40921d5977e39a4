package dev.gatlingllm.observe;

import dev.gatlingllm.metrics.RunClock;
import dev.gatlingllm.metrics.ServerMetrics;
import dev.gatlingllm.metrics.ServerSignal;
import dev.gatlingllm.observe.MetricsText.Sample;
import dev.gatlingllm.observe.ServerReading.Metric;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the metrics of the server under test while a run goes on: before its first request, about
 * once a second, at each border of the window and its iterations, and at the end. All of it happens
 * on threads of its own, which nothing else waits for but {@link #awaitFirstReading} and {@link
 * #finish}. {@link #metricsUpTo} returns what was read.
 */
public final class ServerScraper {

  private static final Logger LOGGER = LoggerFactory.getLogger(ServerScraper.class);

  /** Mean time from a reading to the next. */
  private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** After so many readings the period doubles, so that a day takes little memory. */
  private static final int READINGS_OF_PERIOD = 3_600;

  /** How often a server that does not answer is asked for metrics that it may not have. */
  private static final int MAX_TRIES = 5;

  /** How late the first reading of the load may be. */
  private static final long WATCH_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  /** How long a run may wait for the first reading. */
  private static final Duration FIRST_READING = Duration.ofSeconds(3);

  /** How long the end of a run waits for the last reading. */
  private static final Duration LAST_READING = Duration.ofSeconds(5);

  private final List<Endpoint> endpoints;
  private final boolean isGuess;
  private final MetricsSource source;
  private final RunClock clock;
  private final Consumer<ServerReading> sink;
  private final ExecutorService readers;

  /** Guarded by itself, as are the summaries. */
  private final ServerRecording recording;

  private List<ServerMetrics.Endpoint> summaries;
  private final Thread thread = new Thread(this::run, "gatling-llm-server-metrics");
  private volatile @Nullable LongSupplier underWay;
  private final CountDownLatch firstReading = new CountDownLatch(1);
  private long lastNanos;

  /**
   * Drawn for each reading from half a period to one and a half: in time with a load whose turns
   * take a second, all readings would see the same moment of a turn.
   */
  private long periodNanos = PERIOD_NANOS;

  private boolean begun;
  private boolean stopping;

  private ServerScraper(
      List<Endpoint> endpoints,
      boolean isGuess,
      MetricsSource source,
      RunClock clock,
      Consumer<ServerReading> sink) {
    this.source = source;
    this.endpoints = new ArrayList<>(endpoints);
    this.isGuess = isGuess;
    this.clock = clock;
    this.sink = sink;
    recording = new ServerRecording(isGuess ? 1 : endpoints.size());
    summaries = isGuess ? List.of() : endpoints.stream().map(Endpoint::summary).toList();
    readers =
        Executors.newFixedThreadPool(
            endpoints.size(),
            task -> {
              Thread reader = new Thread(task, "gatling-llm-server-metrics-reader");
              reader.setDaemon(true);
              return reader;
            });
    thread.setDaemon(true);
  }

  /**
   * Starts to read endpoints that a user names.
   *
   * @param urls one or more
   * @param source of their metrics, which is closed at the end
   * @param sink receives each reading
   */
  public static ServerScraper of(
      List<String> urls, MetricsSource source, RunClock clock, Consumer<ServerReading> sink) {
    return started(urls, false, source, clock, sink);
  }

  /**
   * Starts to look for the metrics of a server where servers usually have them, and to read them if
   * it has any.
   *
   * @param root of the server, without a slash at its end
   * @param source of its metrics, which is closed at the end
   * @param sink receives each reading
   */
  public static ServerScraper lookingAt(
      String root, MetricsSource source, RunClock clock, Consumer<ServerReading> sink) {
    List<String> usual = List.of(root + "/metrics", root + "/prometheus/metrics");
    return started(usual, true, source, clock, sink);
  }

  private static ServerScraper started(
      List<String> urls,
      boolean isGuess,
      MetricsSource source,
      RunClock clock,
      Consumer<ServerReading> sink) {
    List<Endpoint> endpoints = urls.stream().map(url -> new Endpoint(url, source)).toList();
    ServerScraper scraper = new ServerScraper(endpoints, isGuess, source, clock, sink);
    scraper.thread.start();
    return scraper;
  }

  /** Sets what counts the requests of this run that are under way, beside each reading. */
  public void setUnderWay(LongSupplier requests) {
    underWay = requests;
  }

  private double underWay() {
    LongSupplier requests = underWay;
    return requests == null ? Double.NaN : requests.getAsLong();
  }

  /**
   * Waits until the first reading is done or has failed, for at most three seconds. If the first
   * request is sent earlier, the counts of the whole run are unknown.
   */
  public void awaitFirstReading() {
    try {
      if (!firstReading.await(FIRST_READING.toMillis(), TimeUnit.MILLISECONDS)) {
        LOGGER.warn("The server's metrics are not read before the first request");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Reads a last time and ends the thread. Blocks for some milliseconds, and for up to five seconds
   * where the server does not answer; what was read before counts then.
   */
  public void finish() {
    finish(LAST_READING);
  }

  /** Does the same with another limit of time. */
  void finish(Duration limit) {
    synchronized (thread) {
      stopping = true;
      thread.notifyAll();
    }
    try {
      thread.join(limit.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Returns what was read, with the figures of the window up to the end of the run.
   *
   * @param endNanos {@link System#nanoTime()} of the end of the run: of the window, or of the last
   *     response if the load ended before
   * @return {@link ServerMetrics#NONE} if no server was found where it was looked for, or the run
   *     has not begun
   */
  public ServerMetrics metricsUpTo(long endNanos) {
    synchronized (recording) {
      return summaries.isEmpty() || !clock.hasBegun()
          ? ServerMetrics.NONE
          : recording.summary(clock, endNanos, summaries);
    }
  }

  private void run() {
    try {
      if (isGuess) {
        keepFirstAlive();
      }
      if (endpoints.isEmpty()) {
        return;
      }
      read();
      endpoints.stream()
          .filter(endpoint -> !endpoint.isAlive())
          .forEach(
              silent ->
                  LOGGER.warn(
                      "llm.serverMetrics: {}: {}",
                      silent.summary().url(),
                      silent.summary().problem()));
      while (awaitNext()) {
        read();
      }
      read();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOGGER.error("The server's metrics are not read any longer", e);
    } finally {
      firstReading.countDown();
      readers.shutdownNow();
      source.close();
    }
  }

  /** Keeps the first of the usual places that has metrics; asks again where nobody answers. */
  private void keepFirstAlive() throws InterruptedException {
    for (int tries = 1; tries <= MAX_TRIES; tries++) {
      Optional<Endpoint> found = endpoints.stream().filter(Endpoint::read).findFirst();
      if (found.isPresent()) {
        endpoints.retainAll(List.of(found.get()));
        return;
      }
      if (endpoints.stream().allMatch(Endpoint::hasAnswered)) {
        break;
      }
      synchronized (thread) {
        if (!stopping) {
          TimeUnit.NANOSECONDS.timedWait(thread, PERIOD_NANOS);
        }
      }
    }
    endpoints.clear();
  }

  /**
   * Waits until the next reading is due.
   *
   * @return false if the run has ended
   */
  private boolean awaitNext() throws InterruptedException {
    synchronized (thread) {
      while (!stopping) {
        long wait = toNext(System.nanoTime());
        if (wait <= 0) {
          return true;
        }
        TimeUnit.NANOSECONDS.timedWait(thread, Math.max(wait, 100_000));
      }
      return false;
    }
  }

  /** Returns the nanoseconds until the next reading is due, or until that is to be asked again. */
  private long toNext(long now) {
    if (!begun && clock.hasBegun()) {
      begun = true;
      return 0;
    }
    long since = now - lastNanos;
    long next = (periodNanos << (recording.count() / READINGS_OF_PERIOD)) - since;
    return begun
        ? Math.min(next, clock.toNextBorder(lastNanos).orElse(Long.MAX_VALUE) - since)
        : Math.min(next, WATCH_NANOS);
  }

  private void read() throws InterruptedException {
    double before = underWay();
    long sent = System.nanoTime();
    if (endpoints.size() == 1) {
      endpoints.get(0).read();
    } else {
      List<Callable<Boolean>> tasks =
          endpoints.stream().<Callable<Boolean>>map(endpoint -> endpoint::read).toList();
      readers.invokeAll(tasks);
    }
    long received = System.nanoTime();
    lastNanos = sent + (received - sent) / 2;
    periodNanos = PERIOD_NANOS / 2 + ThreadLocalRandom.current().nextLong(PERIOD_NANOS);
    // the moment of the values is unknown, but lies between the two
    ServerReading reading = pooled(lastNanos, (before + underWay()) / 2);
    synchronized (recording) {
      boolean isWhole = allTell();
      // without the engines, a gateway would seem to be one
      recording.add(
          reading,
          isWhole ? values(ServerSignal.OUTPUT_TOKENS) : new double[0],
          isWhole ? alive() : 0);
      summaries = endpoints.stream().map(Endpoint::summary).toList();
    }
    firstReading.countDown();
    try {
      sink.accept(reading);
    } catch (RuntimeException e) {
      LOGGER.error("A reading of the server's metrics is lost", e);
    }
  }

  /**
   * Returns the value of a signal at each endpoint by the most direct kind of program that tells
   * it; NaN at the others, such as a gateway before engines.
   */
  private double[] values(ServerSignal signal) {
    for (String program : Vocabulary.programs(signal)) {
      double[] values =
          endpoints.stream()
              .map(endpoint -> endpoint.signals().getOrDefault(signal, Map.of()))
              .mapToDouble(told -> told.getOrDefault(program, Double.NaN))
              .toArray();
      if (!DoubleStream.of(values).allMatch(Double::isNaN)) {
        return values;
      }
    }
    return new double[0];
  }

  private int alive() {
    return (int) endpoints.stream().filter(Endpoint::isAlive).count();
  }

  /** Returns whether all that are alive have answered. */
  private boolean allTell() {
    return endpoints.stream()
        .noneMatch(endpoint -> endpoint.isAlive() && endpoint.samples().isEmpty());
  }

  /**
   * Pools what the endpoints say: of each signal what the most direct kind of program tells. The
   * sum of some of them would be too low, so that nothing is told unless all tell.
   */
  private ServerReading pooled(long atNanos, double requests) {
    Map<ServerSignal, Double> signals = new EnumMap<>(ServerSignal.class);
    Map<String, Metric> metrics = new HashMap<>();
    if (!allTell()) {
      return new ServerReading(atNanos, signals, metrics);
    }
    for (ServerSignal signal : ServerSignal.values()) {
      DoubleStream.of(values(signal))
          .filter(value -> !Double.isNaN(value))
          .reduce((one, other) -> Vocabulary.pooled(signal, one, other))
          .ifPresent(value -> signals.put(signal, value));
    }
    if (signals.containsKey(ServerSignal.RUNNING) && !Double.isNaN(requests)) {
      signals.put(ServerSignal.UNDER_WAY, requests);
    }
    for (Endpoint endpoint : endpoints) {
      for (List<Sample> series : endpoint.samples().values()) {
        for (Sample sample : Vocabulary.withoutParts(series)) {
          add(sample, metrics);
        }
      }
    }
    return new ServerReading(atNanos, signals, metrics);
  }

  private static void add(Sample sample, Map<String, Metric> metrics) {
    metrics.merge(
        sample.name(),
        new Metric(sample.value(), sample.isCounter()),
        (one, other) ->
            new Metric(Vocabulary.pooled(sample, one.value(), other.value()), sample.isCounter()));
  }
}
