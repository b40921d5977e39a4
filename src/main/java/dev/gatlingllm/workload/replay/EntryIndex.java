package dev.gatlingllm.workload.replay;

/**
 * Where the usable entries of a file stand, and what is known of each without reading it again: 28
 * bytes an entry, whatever is said in it.
 *
 * @param reader understands the entries
 * @param inLines whether entries are lines, or elements of one array
 * @param numbers of the lines or elements, from 1
 * @param offsets of the entries' first bytes
 * @param lengths in bytes
 * @param groups of the system prompts, from 0 in order of first appearance
 * @param arrivalNanos since the first entry; empty where arrival times are not known or ignored
 */
record EntryIndex(
    EntryReader reader,
    boolean inLines,
    int[] numbers,
    long[] offsets,
    int[] lengths,
    int[] groups,
    long[] arrivalNanos) {

  int size() {
    return offsets.length;
  }

  Place place(int entry) {
    return new Place(inLines, numbers[entry], offsets[entry], lengths[entry]);
  }
}
