package dev.gatlingllm.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.regex.Pattern;

/**
 * The resources that a process has used up to a moment, or between two moments. Times are in
 * nanoseconds.
 *
 * @param nanos the moment, as {@link System#nanoTime()}, or the time between
 * @param process processor time of all threads, the compiler's and the collector's too
 * @param loops processor time of Gatling's event loops
 * @param compiler processor time of the virtual machine's compilers; 0 if unknown
 * @param recorder processor time of the recorder's thread; 0 without one
 * @param observers processor time of the threads that read the server's metrics or export ours
 * @param loopBytes what the event loops have allocated
 * @param gcMillis time of garbage collection, in milliseconds
 */
record Usage(
    long nanos,
    long process,
    long loops,
    long compiler,
    long recorder,
    long observers,
    long loopBytes,
    long gcMillis) {

  private static final String LOOP = "gatling-";
  private static final String OURS = "gatling-llm-";
  private static final String RECORDER = OURS + "recorder";

  /** Threads of ours, and those of the JDK's HTTP client, which nobody else uses here. */
  private static final Pattern OBSERVERS =
      Pattern.compile(OURS + "(otlp|prometheus|server-metrics).*|HttpClient-.*");

  /**
   * Returns what this process has used so far.
   *
   * @param compilers the compilers of its virtual machine
   */
  static Usage now(CompilerThreads compilers) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long loops = 0;
    long loopBytes = 0;
    long recorder = 0;
    long observers = 0;
    for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
      if (thread == null) {
        continue;
      }
      String name = thread.getThreadName();
      long id = thread.getThreadId();
      if (name.equals(RECORDER)) {
        recorder += Math.max(0, threads.getThreadCpuTime(id));
      } else if (OBSERVERS.matcher(name).matches()) {
        observers += Math.max(0, threads.getThreadCpuTime(id));
      } else if (name.startsWith(LOOP) && !name.startsWith(OURS)) {
        loops += Math.max(0, threads.getThreadCpuTime(id));
        loopBytes += Math.max(0, threads.getThreadAllocatedBytes(id));
      }
    }
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return new Usage(
        System.nanoTime(),
        system.getProcessCpuTime(),
        loops,
        compilers.nanos(),
        recorder,
        observers,
        loopBytes,
        collecting());
  }

  private static long collecting() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .mapToLong(GarbageCollectorMXBean::getCollectionTime)
        .sum();
  }

  Usage since(Usage earlier) {
    return new Usage(
        nanos - earlier.nanos,
        process - earlier.process,
        loops - earlier.loops,
        compiler - earlier.compiler,
        recorder - earlier.recorder,
        observers - earlier.observers,
        loopBytes - earlier.loopBytes,
        gcMillis - earlier.gcMillis);
  }
}
