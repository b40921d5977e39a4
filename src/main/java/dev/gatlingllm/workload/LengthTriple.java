package dev.gatlingllm.workload;

/**
 * Lengths that were seen together, in tokens.
 *
 * @param system of a system prompt, from 0
 * @param question of a question, from 1
 * @param reply of its reply, from 1
 */
record LengthTriple(int system, int question, int reply) {

  /** Checks the lengths. */
  LengthTriple {
    if (system < 0 || question < 1 || reply < 1) {
      throw new IllegalArgumentException(
          system
              + ","
              + question
              + ","
              + reply
              + " are no lengths; give system from 0,"
              + " question and reply from 1 token on");
    }
  }
}
