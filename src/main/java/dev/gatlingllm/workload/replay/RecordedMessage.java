package dev.gatlingllm.workload.replay;

/**
 * One message of a recorded conversation.
 *
 * @param speaker who said it
 * @param text what was said, without white space at either end
 */
record RecordedMessage(Speaker speaker, String text) {

  enum Speaker {
    SYSTEM,
    USER,
    MODEL
  }
}
