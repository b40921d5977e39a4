package dev.gatlingllm.bench;

/** Something about a benchmark that cannot be meant, found before its first request. */
final class BenchmarkMistake extends IllegalArgumentException {

  private static final long serialVersionUID = 1;

  BenchmarkMistake(String message) {
    super(message);
  }

  /** The message is the whole story: a stack trace would bury it. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
