package dev.gatlingllm.bench;

import dev.gatlingllm.metrics.Buckets;
import dev.gatlingllm.metrics.Response;
import dev.gatlingllm.metrics.Response.Status;
import dev.gatlingllm.metrics.ResponseSink;
import java.util.ArrayList;
import java.util.List;

/**
 * The requests that were under way when the load ended, or that their users abandoned: their
 * end-to-end latencies are in no iteration. Called by the recorder's thread, and read after that
 * has ended.
 */
final class RequestsUnderWay implements ResponseSink {

  private final List<Response> late = new ArrayList<>();

  @Override
  public void accept(Response response, String iteration) {
    boolean isUnsent = response.status() == Status.UNSENT;
    boolean isAbandoned = response.status() == Status.ABANDONED && !iteration.equals("warmup");
    if ((iteration.equals("drain") && !isUnsent)
        || response.status() == Status.CUT
        || isAbandoned) {
      late.add(response);
    }
  }

  /**
   * Returns how long they had been under way, in milliseconds.
   *
   * @param endNanos {@link System#nanoTime()} at which the load ended
   */
  Buckets ages(long endNanos) {
    return Buckets.pooled(
        late.stream()
            .map(Response::timing)
            .map(timing -> Math.min(endNanos, timing.endNanos()) - timing.writtenNanos())
            .filter(age -> age > 0)
            .map(age -> new Buckets(new double[] {age / 1e6}, new long[] {1}, 1))
            .toList());
  }
}
