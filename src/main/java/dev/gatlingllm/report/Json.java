package dev.gatlingllm.report;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;

/** Jackson's mappers for this package's files and pages. Immutable. */
public final class Json {

  /** Reads and writes files. */
  public static final JsonMapper FILES = JsonMapper.builder().build();

  /**
   * Writes JSON that can stand in a page's {@code <script>} without being read as markup. A number
   * that is not finite becomes null.
   */
  static final JsonMapper PAGES = pages();

  private Json() {}

  private static JsonMapper pages() {
    JsonMapper pages =
        JsonMapper.builder()
            .addModule(
                new SimpleModule()
                    .addSerializer(Double.class, new FiniteNumbers())
                    .addSerializer(double.class, new FiniteNumbers()))
            .build();
    pages.getFactory().setCharacterEscapes(new MarkupEscapes());
    return pages;
  }

  private static final class FiniteNumbers extends StdSerializer<Double> {

    FiniteNumbers() {
      super(Double.class);
    }

    @Override
    public void serialize(Double value, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      if (Double.isFinite(value)) {
        json.writeNumber(value);
      } else {
        json.writeNull();
      }
    }
  }

  /** Escapes each character that could end a script element, open another, or break a line. */
  private static final class MarkupEscapes extends CharacterEscapes {

    private static final long serialVersionUID = 1L;

    private final int[] ascii = CharacterEscapes.standardAsciiEscapesForJSON();

    MarkupEscapes() {
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
}
