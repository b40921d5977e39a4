package dev.gatlingllm.gatling;

import java.util.concurrent.atomic.AtomicBoolean;

/** A virtual user's way to its first request, which counts when it begins. Thread-safe. */
final class Arrival {

  private final boolean planned;
  private final AtomicBoolean counted = new AtomicBoolean();

  /** Creates the arrival of a user who is or is not among those who were planned. */
  Arrival(boolean planned) {
    this.planned = planned;
  }

  boolean isPlanned() {
    return planned;
  }

  /** Returns whether this is the user's first request: true once. */
  boolean begins() {
    return counted.compareAndSet(false, true);
  }
}
