package dev.gatlingllm.report.runs;

/** Thrown when runs cannot be merged; the message says why, and what to do instead. */
final class MergeException extends Exception {

  private static final long serialVersionUID = 1L;

  MergeException(String message) {
    super(message);
  }
}
