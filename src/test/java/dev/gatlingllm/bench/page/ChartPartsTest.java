package dev.gatlingllm.bench.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChartPartsTest {

  @ParameterizedTest
  @CsvSource({
    "3, 97, 0, 100, 20",
    "80, 97, 80, 100, 5",
    "-3, 7, -4, 8, 2",
    "0, 0, 0, 1, 0.2",
    "5, 5, 4.7, 5.3, 0.1",
    "0.001, 0.0042, 0, 0.005, 0.001"
  })
  void ticksCoverTheValues(double least, double greatest, double low, double high, double step) {
    Ticks ticks = Ticks.covering(least, greatest);

    assertThat(ticks.low()).isCloseTo(low, within(1e-9));
    assertThat(ticks.high()).isCloseTo(high, within(1e-9));
    assertThat(ticks.step()).isCloseTo(step, within(1e-9));
    assertThat(ticks.share(ticks.high())).isEqualTo(1);
    assertThat(ticks.all().get(0)).isCloseTo(low, within(1e-9));
  }

  @Test
  void manifoldNumbersSpreadByRatio() {
    Spread spread = Spread.of(List.of("64", "1", "8"));

    assertThat(spread.values()).containsExactly("1", "8", "64");
    assertThat(spread.share("8")).isCloseTo(0.5, within(1e-12));
  }

  @Test
  void otherNumbersSpreadByDifferenceAndWordsEvenly() {
    assertThat(Spread.of(List.of("10", "12", "20")).share("12")).isCloseTo(0.2, within(1e-12));
    assertThat(Spread.of(List.of("0", "1", "100")).share("1")).isCloseTo(0.01, within(1e-12));
    assertThat(Spread.of(List.of("small", "1", "large")).share("1")).isEqualTo(0.5);
    assertThat(Spread.of(List.of("7")).share("7")).isEqualTo(0.5);
    assertThat(Spread.of(List.of("7")).share("8")).isNaN();
  }

  @Test
  void linksAreRelativeAndEscaped() {
    Path page = Path.of("/results/reports/jmh.html");

    assertThat(RelativeLink.between(page, Path.of("/results/reports/a b#1/index.html")))
        .isEqualTo("a%20b%231/index.html");
    assertThat(RelativeLink.between(page, Path.of("/results/other/é/index.html")))
        .isEqualTo("../other/%C3%A9/index.html");
  }

  @Test
  void textAndAttributesAreEscaped() {
    Markup page = new Markup().element("p", "<&>", "title", "\"'\u0007");

    assertThat(page).hasToString("<p title=\"&quot;&#39;\uFFFD\">&lt;&amp;&gt;</p>\n");
  }
}
