package dev.gatlingllm.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class MomentsTest {

  private static Moments of(List<Double> values) {
    Moments moments = new Moments();
    values.forEach(moments::add);
    return moments;
  }

  @Property(tries = 200)
  void agreeWithTheValues(
      @ForAll @Size(min = 1, max = 50) List<@DoubleRange(min = -1e7, max = 1e7) Double> values) {
    double mean = values.stream().mapToDouble(v -> v).average().orElseThrow();
    double variance =
        values.stream().mapToDouble(v -> (v - mean) * (v - mean)).average().orElseThrow();

    assertThat(of(values).mean()).isCloseTo(mean, within(1e-7));
    assertThat(of(values).variance()).isCloseTo(variance, within(1e-4 + variance * 1e-12));
  }

  @Property(tries = 200)
  void mergedPartsAgreeWithTheWhole(
      @ForAll @Size(min = 1, max = 50) List<@DoubleRange(min = -1e7, max = 1e7) Double> values,
      @ForAll @IntRange(min = 0, max = 50) int cut) {
    int at = Math.min(cut, values.size());
    Moments parts = of(values.subList(at, values.size()));
    parts.add(of(values.subList(0, at)));
    Moments whole = of(values);

    assertThat(parts.count()).isEqualTo(whole.count());
    assertThat(parts.mean()).isCloseTo(whole.mean(), within(1e-7));
    assertThat(parts.variance())
        .isCloseTo(whole.variance(), within(1e-4 + whole.variance() * 1e-12));
  }

  @Test
  void keepASmallDeviationOnALargeMean() {
    Moments moments = new Moments();
    for (int i = 0; i < 100_000; i++) {
      moments.add(1e9 + 1);
      moments.add(1e9 - 1);
    }

    assertThat(moments.mean()).isCloseTo(1e9, within(1e-3));
    assertThat(moments.variance()).isCloseTo(1, within(1e-6));
  }
}
