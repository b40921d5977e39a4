package dev.gatlingllm.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The contrast of the pages' colors with their backgrounds, as WCAG 2.2 AA asks for it. */
class PaletteTest {

  private static final List<String> WORDS = List.of("good", "doubtful", "bad");
  private static final Pattern COLOR = Pattern.compile("--llm-([a-z]+): #([0-9a-f]{6});");

  private static String css;

  /** The backgrounds of boxes and of cells: in light, and in dark. */
  private enum Theme {
    LIGHT(":root {", "f7f7f7", "ffffff"),
    DARK("[data-theme=\"dark\"] {", "272c30", "394046");

    private final String selector;
    private final List<String> backgrounds;

    Theme(String selector, String... backgrounds) {
      this.selector = selector;
      this.backgrounds = List.of(backgrounds);
    }

    Map<String, String> colors() {
      int start = css.indexOf("\n" + selector);
      Matcher matcher = COLOR.matcher(css.substring(start, css.indexOf('}', start)));
      Map<String, String> colors = new TreeMap<>();
      while (matcher.find()) {
        colors.put(matcher.group(1), matcher.group(2));
      }
      return colors;
    }
  }

  @BeforeAll
  static void read() throws IOException {
    try (InputStream in =
        PaletteTest.class.getResourceAsStream("/io/gatling/charts/assets/style/llm-page.css")) {
      css = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @ParameterizedTest
  @EnumSource
  void linesContrastByThreeToOneAndWordsByFourAndAHalf(Theme theme) {
    Map<String, String> colors = theme.colors();

    assertThat(colors).hasSize(7 + WORDS.size()).containsKeys("good", "doubtful", "bad", "blue");
    colors.forEach(
        (name, color) ->
            assertThat(theme.backgrounds)
                .as(name + " #" + color)
                .allMatch(
                    background -> contrast(color, background) >= (WORDS.contains(name) ? 4.5 : 3)));
  }

  private static double contrast(String one, String other) {
    double first = luminance(one);
    double second = luminance(other);
    return (Math.max(first, second) + .05) / (Math.min(first, second) + .05);
  }

  /** The relative luminance of WCAG 2.2. */
  private static double luminance(String color) {
    double[] weights = {.2126, .7152, .0722};
    double luminance = 0;
    for (int channel = 0; channel < weights.length; channel++) {
      double value = Integer.parseInt(color, 2 * channel, 2 * channel + 2, 16) / 255.0;
      luminance +=
          weights[channel]
              * (value <= .04045 ? value / 12.92 : Math.pow((value + .055) / 1.055, 2.4));
    }
    return luminance;
  }
}
