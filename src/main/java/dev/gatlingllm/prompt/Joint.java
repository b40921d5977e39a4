package dev.gatlingllm.prompt;

import java.util.ArrayList;
import java.util.List;

/**
 * Where a piece of a vocabulary goes over the space between two words, so that words that meet
 * there may become one token.
 *
 * @param left what it takes of the word before the space, not empty
 * @param wholeLeft whether that is the whole word; otherwise it is the end of one
 * @param right what it takes of the word after the space, perhaps nothing
 * @param wholeRight whether that is the whole word; otherwise it is the beginning of one
 */
record Joint(String left, boolean wholeLeft, String right, boolean wholeRight) {

  /** The joints of a piece: one for each space that follows something. */
  static List<Joint> in(String piece) {
    List<Joint> joints = new ArrayList<>();
    for (int space = piece.indexOf(' '); space >= 0; space = piece.indexOf(' ', space + 1)) {
      int before = piece.lastIndexOf(' ', space - 1);
      int after = piece.indexOf(' ', space + 1);
      if (before + 1 < space) {
        joints.add(
            new Joint(
                piece.substring(before + 1, space),
                before >= 0,
                piece.substring(space + 1, after < 0 ? piece.length() : after),
                after >= 0));
      }
    }
    return joints;
  }
}
