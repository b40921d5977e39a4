package dev.gatlingllm;

/** When the turns of a recorded conversation are sent whose file has both times and pauses. */
public enum ReplayTiming {
  /**
   * After the response before and the recorded pause: a slow server slows the conversation down.
   */
  PAUSES,
  /**
   * At the recorded time since the beginning of the conversation, or at once after a response that
   * takes longer.
   */
  TIMES
}
