package dev.gatlingllm.report.runs;

/** Runs that cannot be added up; the message says why, and what to do. */
final class MergeException extends Exception {

  private static final long serialVersionUID = 1L;

  MergeException(String message) {
    super(message);
  }
}
