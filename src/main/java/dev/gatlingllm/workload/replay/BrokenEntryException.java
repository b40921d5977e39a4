package dev.gatlingllm.workload.replay;

/** An unusable entry. The message says why, without quoting the entry. */
final class BrokenEntryException extends Exception {

  private static final long serialVersionUID = 1;

  private final String reason;

  BrokenEntryException(String reason) {
    super(reason, null, false, false);
    this.reason = reason;
  }

  String reason() {
    return reason;
  }
}
