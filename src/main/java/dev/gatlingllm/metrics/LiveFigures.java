package dev.gatlingllm.metrics;

import dev.gatlingllm.metrics.Response.Status;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/**
 * The figures of a run right now, responses in flight included. Event loops call {@link
 * #recordWritten}, {@link #recordChunks}, {@link #recordFirstToken} and {@link #recordEnd}, at most
 * twice for each read of a connection; these do not block. The recorder's thread calls {@link
 * #accept}, and the thread that prints calls {@link #since}.
 */
public final class LiveFigures implements ResponseSink {

  private static final int SIGNIFICANT_DIGITS = 2;
  private static final double NANOS_PER_MILLI = 1e6;
  private static final double NANOS_PER_SECOND = 1e9;

  private final LongAdder written = new LongAdder();
  private final LongAdder ended = new LongAdder();
  private final LongAdder chunks = new LongAdder();
  private final Recorder ttft = new Recorder(SIGNIFICANT_DIGITS);

  private long countedTokens;
  private long countedChunks;

  /** Of the responses that ended since the last call, as are the failures. */
  private Sum cacheHit = new Sum();

  private boolean cacheReported;
  private long failed;

  private volatile boolean begun;

  /** Null until the run has been set up. */
  private @Nullable RunClock clock;

  private long lastNanos;
  private long lastChunks;

  /** Used again by the next call. */
  private @Nullable Histogram interval;

  /**
   * Records that a request was written. A request that is written again must not be recorded again.
   *
   * @param nanos {@link System#nanoTime()} of that moment
   */
  public void recordWritten(long nanos) {
    if (!begun) {
      begin(nanos);
    }
    written.increment();
  }

  private synchronized void begin(long nanos) {
    if (!begun) {
      lastNanos = nanos;
      begun = true;
    }
  }

  /** Records chunks that carry output. */
  public void recordChunks(int count) {
    chunks.add(count);
  }

  /** Records the first token of a response. */
  public void recordFirstToken(long ttftNanos) {
    ttft.recordValue(Math.max(0, ttftNanos));
  }

  /** Records the end of a response, successful or failed, whose request was written. */
  public void recordEnd() {
    ended.increment();
  }

  /** Returns how many chunks with output have come so far. */
  public long chunks() {
    return chunks.sum();
  }

  /** Returns how many requests were written and have not ended. */
  public long active() {
    return Math.max(0, written.sum() - ended.sum());
  }

  @Override
  public synchronized void setClock(RunClock clock) {
    this.clock = clock;
  }

  @Override
  public synchronized void accept(Response response, String iteration) {
    if (!response.ok()) {
      failed += response.status() == Status.KO ? 1 : 0;
      return;
    }
    if (response.usage().outputTokens() > 0 && response.timing().hasOutput()) {
      countedTokens += response.usage().outputTokens();
      countedChunks += response.timing().chunks();
    }
    cacheReported |= response.usage().cachedTokens() >= 0;
    cacheHit.add(Figure.CACHE_HIT_PERCENT, response);
  }

  /**
   * Returns the figures since the last call, or since the first request was written; of no time at
   * all before that.
   *
   * @param nanos {@link System#nanoTime()} now
   */
  public synchronized LiveSummary since(long nanos) {
    long from = begun ? lastNanos : nanos;
    double seconds = (nanos - from) / NANOS_PER_SECOND;
    long allChunks = chunks.sum();
    double tokens = (allChunks - lastChunks) * tokensPerChunk();
    Histogram first = ttft.getIntervalHistogram(interval);
    interval = first;
    Double cacheHitPercent = cacheHit.percent();
    LiveSummary moment =
        new LiveSummary(
            seconds,
            phaseAt(from + (nanos - from) / 2),
            seconds > 0 ? tokens / seconds : 0,
            ttftMillis(first, 50),
            ttftMillis(first, 95),
            active(),
            cacheReported && cacheHitPercent != null ? cacheHitPercent : Double.NaN,
            failed);
    cacheHit = new Sum();
    failed = 0;
    lastNanos = nanos;
    lastChunks = allChunks;
    return moment;
  }

  /** Returns the label of the iteration at a moment: the time between two calls is mostly in it. */
  private String phaseAt(long nanos) {
    return Window.label(
        clock == null || !clock.hasBegun() ? Window.WARM_UP : clock.iterationAt(nanos));
  }

  private double tokensPerChunk() {
    return countedChunks == 0 ? 1 : (double) countedTokens / countedChunks;
  }

  private static double ttftMillis(Histogram interval, double percentile) {
    return interval.getTotalCount() == 0
        ? Double.NaN
        : interval.getValueAtPercentile(percentile) / NANOS_PER_MILLI;
  }
}
