package dev.gatlingllm.bench.search;

/** A load could not be measured; the message says why, in words for the user. */
public final class MeasureFailedException extends Exception {

  private static final long serialVersionUID = 1L;

  public MeasureFailedException(String message) {
    super(message);
  }
}
