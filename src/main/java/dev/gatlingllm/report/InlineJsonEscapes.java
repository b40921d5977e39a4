package dev.gatlingllm.report;

import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;

/**
 * Keeps JSON that stands inside a page's {@code <script>} from being read as markup: no character
 * that could end the element, open another one or break a line of script is left as it is.
 */
public final class InlineJsonEscapes extends CharacterEscapes {

  private static final long serialVersionUID = 1L;

  private final int[] ascii = CharacterEscapes.standardAsciiEscapesForJSON();

  /** For {@code JsonFactory.setCharacterEscapes}. */
  public InlineJsonEscapes() {
    for (char markup : new char[] {'<', '>', '&', '\''}) {
      ascii[markup] = CharacterEscapes.ESCAPE_STANDARD;
    }
  }

  @Override
  public int[] getEscapeCodesForAscii() {
    return ascii;
  }

  @Override
  public SerializableString getEscapeSequence(int character) {
    return switch (character) {
      case '\u2028' -> new SerializedString("\\u2028");
      case '\u2029' -> new SerializedString("\\u2029");
      default -> null;
    };
  }
}
