package dev.gatlingllm.gatling;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A connection on which timed requests are written. Finds out which of them the server had time to
 * read, with one task for all: one for each request would fill the queue of the event loop where
 * responses are short. Runs on the event loop of the connection.
 */
final class UsedConnection implements Runnable {

  private static final AttributeKey<UsedConnection> USED = AttributeKey.valueOf("gatling-llm.used");

  /**
   * A reused connection that closes earlier was idle for too long: the server closed it before the
   * request arrived. Later, the server has read the request.
   */
  private static final long IDLE_CLOSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /** After so long, the event loop has looked once more whether the connection is closed. */
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private record Written(TimedListener request, long nanos) {}

  private final Channel channel;

  /** Requests of the last 50 ms, the oldest first. */
  private final Queue<Written> recent = new ArrayDeque<>();

  private boolean scheduled;

  /** Whether a request was due at the last run of the task. */
  private boolean due;

  private UsedConnection(Channel channel) {
    this.channel = channel;
  }

  /** Returns a connection that a timed request was written on before, or null. */
  static @Nullable UsedConnection find(Channel channel) {
    return channel.attr(USED).get();
  }

  /** Returns a connection on which the first timed request is about to be written. */
  static UsedConnection create(Channel channel) {
    UsedConnection created = new UsedConnection(channel);
    channel.attr(USED).set(created);
    return created;
  }

  /** Marks a request as read by the server if the connection stays open for a moment. */
  void written(TimedListener request) {
    forgetEnded();
    recent.add(new Written(request, now()));
    if (!scheduled) {
      schedule(IDLE_CLOSE_NANOS);
    }
  }

  private void forgetEnded() {
    for (Written oldest; (oldest = recent.peek()) != null && oldest.request.hasEnded(); ) {
      recent.remove();
    }
  }

  /** Returns the time of the event loop, which a loop that was busy is late to notice. */
  private long now() {
    return channel.eventLoop().ticker().nanoTime();
  }

  private void schedule(long nanos) {
    scheduled = true;
    channel.eventLoop().schedule(this, nanos, TimeUnit.NANOSECONDS);
  }

  /**
   * Marks the requests that are due, but not before the event loop has looked for a close since: if
   * it was busy for long, it runs this first.
   */
  @Override
  public void run() {
    scheduled = false;
    if (!channel.isActive()) {
      recent.clear();
      return;
    }
    boolean looked = due;
    due = false;
    for (Written oldest; (oldest = recent.peek()) != null; recent.remove()) {
      if (oldest.request.hasEnded()) {
        continue;
      }
      long left = oldest.nanos + IDLE_CLOSE_NANOS - now();
      due = left <= 0 && !looked;
      if (left > 0 || due) {
        schedule(Math.max(left, LOOK_NANOS));
        return;
      }
      oldest.request.markRead();
    }
  }
}
