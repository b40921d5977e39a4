package dev.gatlingllm.workload;

import dev.gatlingllm.Distribution;
import dev.gatlingllm.prompt.SyntheticImages;

/**
 * The images of a workload's questions.
 *
 * @param number images of a question, drawn for each that has any
 * @param turns which questions have images
 * @param size of each image
 * @param tokens that an image takes in the prompt, from 0, or {@link #UNKNOWN}
 */
public record Images(Distribution number, Turns turns, SyntheticImages.Size size, int tokens) {

  /** Stands for a number of tokens that only the server knows. */
  public static final int UNKNOWN = -1;

  /** No images. */
  public static final Images NONE =
      new Images(Distribution.constant(0), Turns.FIRST, new SyntheticImages.Size(1, 1), UNKNOWN);

  /** Which questions have images. */
  public enum Turns {
    /** The first one of a conversation. */
    FIRST,
    /** Every one. */
    ALL
  }

  /** Returns whether any question may have an image. */
  public boolean any() {
    return number.maximum() > 0;
  }
}
