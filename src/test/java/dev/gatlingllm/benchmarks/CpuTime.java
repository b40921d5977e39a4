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
 * A profiler for JMH that reports the processor time of an operation. Other load on the machine
 * distorts it less than elapsed time:
 *
 * <pre>{@code
 * mvn -q test-compile exec:exec@jmh -Djmh.args="ResponseDecoding -prof dev.gatlingllm.benchmarks.CpuTime"
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
