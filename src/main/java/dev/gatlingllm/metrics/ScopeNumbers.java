package dev.gatlingllm.metrics;

/** Numbers the scopes of a run from 0, so that a set of them is a few bits. */
final class ScopeNumbers {

  private int next;

  int next() {
    return next++;
  }
}
