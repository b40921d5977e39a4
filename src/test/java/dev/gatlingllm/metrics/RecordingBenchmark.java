package dev.gatlingllm.metrics;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Measures what recording a token costs: in the figures of the whole run, of its request, group and
 * turn, and second by second; for comparison, one histogram that takes only the gaps. Figures are
 * per token of responses of 256 tokens, on the recorder's thread, not on event loops:
 *
 * <pre>{@code
 * mvn -q test-compile exec:exec@jmh -Djmh.args="Recording -prof gc -f 1 -wi 5 -i 5 -w 1 -r 1"
 * }</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RecordingBenchmark {

  private static final int TOKENS = 256;
  private static final int RESPONSES = 512;

  private final Response[] responses = new Response[RESPONSES];
  private final Histogram histogram = new Histogram(3);
  private final RunClock clock = new RunClock(Window.openEnded(Duration.ZERO));
  private final RunAccumulator aggregate = new RunAccumulator(clock, Objectives.NONE);
  private int next;

  /** Writes responses at 10 ms a token, give or take a tenth, in four turns of eight groups. */
  @Setup
  public void write() {
    SplittableRandom random = new SplittableRandom(42);
    clock.begin(TestResponse.nanos(0), 0);
    for (int i = 0; i < RESPONSES; i++) {
      double[] chunks = new double[TOKENS];
      for (int t = 0; t < TOKENS; t++) {
        chunks[t] = i * 25 + 50 + t * 10 + random.nextDouble(-1, 1);
      }
      responses[i] =
          TestResponse.streamed(i * 25, chunks)
              .conversation(i / 4, "c" + i / 4)
              .group(i % 8)
              .turn(i % 4 + 1)
              .input(1_000)
              .build();
    }
  }

  /** What the recorder's thread does. */
  @Benchmark
  @OperationsPerInvocation(TOKENS)
  public void aggregate() {
    aggregate.add(responses[next++ % RESPONSES]);
  }

  /** As little as gaps can cost. */
  @Benchmark
  @OperationsPerInvocation(TOKENS)
  public void histogram() {
    long[] chunks = responses[next++ % RESPONSES].timing().chunkNanos();
    for (int i = 1; i < chunks.length; i++) {
      histogram.recordValue(chunks[i] - chunks[i - 1]);
    }
  }
}
