package dev.gatlingllm.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.ScalarResult;

/**
 * A profiler of JMH's that says what an operation costs in processor time, which a machine that is
 * busy with other things distorts less than time by the clock:
 *
 * <pre>{@code
 * mvn -q test-compile exec:exec@jmh -Djmh.args="ReplyDecoding -prof dev.gatlingllm.benchmarks.CpuTime"
 * }</pre>
 */
public final class CpuTime implements InternalProfiler {

  private static final String WORKER = "jmh-worker";

  private long before;

  @Override
  public String getDescription() {
    return "Processor time of the benchmark's threads per operation";
  }

  @Override
  public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
    before = used();
  }

  @Override
  public Collection<ScalarResult> afterIteration(
      BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
    double nanos = (double) (used() - before) / result.getMetadata().getAllOps();
    return List.of(new ScalarResult("cpu", nanos, "ns/op", AggregationPolicy.AVG));
  }

  private static long used() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long used = 0;
    for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
      if (thread != null && thread.getThreadName().contains(WORKER)) {
        used += Math.max(0, threads.getThreadCpuTime(thread.getThreadId()));
      }
    }
    return used;
  }
}
