package dev.gatlingllm.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.apache.commons.math3.stat.regression.SimpleRegression;
import org.junit.jupiter.api.Test;

class LineFitTest {

  private static double y(int i) {
    return 20 + 0.25 * x(i) + 10 * Math.sin(i * 1.7);
  }

  private static double x(int i) {
    return 1e6 + (i * 37) % 101;
  }

  @Test
  void agreesWithCommonsMath() {
    LineFit line = new LineFit();
    SimpleRegression expected = new SimpleRegression();
    for (int i = 0; i < 500; i++) {
      line.add(x(i), y(i));
      expected.addData(x(i), y(i));
    }

    assertThat(line.line().slope()).isCloseTo(expected.getSlope(), within(1e-9));
    assertThat(line.line().intercept()).isCloseTo(expected.getIntercept(), within(1e-3));
    assertThat(line.line().slopeHigh() - line.line().slope())
        .isCloseTo(1.96 * expected.getSlopeStdErr(), within(1e-9));
  }

  @Test
  void mergedPartsEqualTheWhole() {
    LineFit whole = new LineFit();
    LineFit first = new LineFit();
    LineFit second = new LineFit();
    for (int i = 0; i < 500; i++) {
      whole.add(x(i), y(i));
      (i < 123 ? first : second).add(x(i), y(i));
    }
    first.add(second);

    assertThat(first.line().slope()).isCloseTo(whole.line().slope(), within(1e-9));
    assertThat(first.line().count()).isEqualTo(500);
  }

  @Test
  void hasNoLineOfFewPointsOrOfOneX() {
    LineFit few = new LineFit();
    few.add(1, 1);
    few.add(2, 2);
    LineFit vertical = new LineFit();
    for (int i = 0; i < 100; i++) {
      vertical.add(5, i);
    }

    assertThat(few.line()).isNull();
    assertThat(vertical.line()).isNull();
  }
}
