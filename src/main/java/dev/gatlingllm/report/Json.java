package dev.gatlingllm.report;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonpCharacterEscapes;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import dev.gatlingllm.text.Numbers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.DoubleFunction;
import org.jspecify.annotations.Nullable;

/** Jackson's mappers for this package's files and pages. Immutable. */
public final class Json {

  /** Reads and writes files as Jackson does without configuration. */
  public static final JsonMapper FILES = JsonMapper.builder().build();

  /**
   * Writes figures: to three decimals, which is microseconds if a value is in milliseconds. A value
   * that is not finite becomes null.
   */
  static final JsonMapper FIGURES = mapper(value -> Numbers.decimals(value, 3));

  /** Writes all digits of a number. A value that is not finite becomes null. */
  static final JsonMapper EXACT = mapper(Numbers::plain);

  private static final MarkupEscapes ESCAPES = new MarkupEscapes();

  private Json() {}

  private static JsonMapper mapper(DoubleFunction<String> text) {
    DoubleWriter writer = new DoubleWriter(text);
    return JsonMapper.builder()
        .addModule(
            new SimpleModule()
                .addSerializer(Double.class, writer)
                .addSerializer(double.class, writer))
        .enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN)
        .build();
  }

  /**
   * Returns an object with its fields in this order.
   *
   * @param namesAndValues names and values in turn; values may be null
   */
  static Map<String, Object> object(@Nullable Object... namesAndValues) {
    Map<String, Object> fields = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      fields.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
    }
    return fields;
  }

  /** Writes data so that it can stand in a page's {@code <script>} and is never read as markup. */
  static String inPage(JsonMapper mapper, Object data) {
    try {
      return mapper.writer(ESCAPES).writeValueAsString(data);
    } catch (JsonProcessingException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  private static final class DoubleWriter extends JsonSerializer<Double> {

    private final DoubleFunction<String> text;

    DoubleWriter(DoubleFunction<String> text) {
      this.text = text;
    }

    @Override
    public void serialize(Double value, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      if (Double.isFinite(value)) {
        json.writeNumber(text.apply(value));
      } else {
        json.writeNull();
      }
    }
  }

  /** Escapes each character that could end a script element, open another, or break a line. */
  private static final class MarkupEscapes extends JsonpCharacterEscapes {

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
  }
}
