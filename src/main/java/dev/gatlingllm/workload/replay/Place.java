package dev.gatlingllm.workload.replay;

/**
 * Where an entry stands in its file.
 *
 * @param inLines whether entries are lines, or elements of one array
 * @param number of the line or the element, from 1
 * @param offset of its first byte, from 0
 * @param length in bytes
 */
record Place(boolean inLines, int number, long offset, long length) {

  /** As errors name it. */
  @Override
  public String toString() {
    return inLines ? "line " + number : "entry " + number + " (at byte " + offset + ")";
  }
}
