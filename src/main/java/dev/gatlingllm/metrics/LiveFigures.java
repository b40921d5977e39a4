package dev.gatlingllm.metrics;

import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * How a run goes right now, replies under way included. {@link #written}, {@link #chunks}, {@link
 * #firstToken} and {@link #ended} may be called by any thread and wait for nobody: event loops call
 * them, at most twice for each read of a connection. {@link #accept} is for the recorder's thread,
 * {@link #since} for the one that prints.
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

  /** Prompts and failures of the responses that ended since the last look. */
  private PromptTokens prompts = new PromptTokens();

  private long failed;

  private volatile boolean begun;
  private String iteration = Window.label(Window.WARM_UP);
  private long lastNanos;
  private long lastChunks;
  private Histogram interval;

  /**
   * A request was written, not counting again where it is written a second time.
   *
   * @param nanos {@link System#nanoTime()} of that moment; the first one begins the first look
   */
  public void written(long nanos) {
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

  /** Chunks that bear output arrived. */
  public void chunks(int count) {
    chunks.add(count);
  }

  /** A reply's first token arrived. */
  public void firstToken(long ttftNanos) {
    ttft.recordValue(Math.max(0, ttftNanos));
  }

  /** A reply ended, well or not, whose request was written. */
  public void ended() {
    ended.increment();
  }

  @Override
  public synchronized void accept(Response response, String iteration) {
    this.iteration = iteration;
    if (!response.ok()) {
      failed++;
      return;
    }
    if (response.usage().outputTokens() > 0 && response.timing().hasOutput()) {
      countedTokens += response.usage().outputTokens();
      countedChunks += response.timing().chunks();
    }
    prompts.add(response);
  }

  /**
   * The time since the last look; to be asked once something was written.
   *
   * @param nanos {@link System#nanoTime()} now
   */
  public synchronized LiveMoment since(long nanos) {
    double seconds = (nanos - lastNanos) / NANOS_PER_SECOND;
    long allChunks = chunks.sum();
    double tokens = (allChunks - lastChunks) * tokensPerChunk();
    interval = ttft.getIntervalHistogram(interval);
    Double cacheHitPercent = prompts.cachedPercent();
    LiveMoment moment =
        new LiveMoment(
            seconds,
            iteration,
            seconds > 0 ? tokens / seconds : 0,
            ttftMillis(50),
            ttftMillis(95),
            Math.max(0, written.sum() - ended.sum()),
            cacheHitPercent == null ? Double.NaN : cacheHitPercent,
            failed);
    prompts = new PromptTokens();
    failed = 0;
    lastNanos = nanos;
    lastChunks = allChunks;
    return moment;
  }

  private double tokensPerChunk() {
    return countedChunks == 0 ? 1 : (double) countedTokens / countedChunks;
  }

  private double ttftMillis(double percentile) {
    return interval.getTotalCount() == 0
        ? Double.NaN
        : interval.getValueAtPercentile(percentile) / NANOS_PER_MILLI;
  }
}
