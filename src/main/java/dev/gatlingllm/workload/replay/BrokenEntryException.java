package dev.gatlingllm.workload.replay;

/** An entry that cannot be used. The message says why, without a word of the entry's texts. */
final class BrokenEntryException extends Exception {

  private static final long serialVersionUID = 1;

  BrokenEntryException(String reason) {
    super(reason, null, false, false);
  }
}
