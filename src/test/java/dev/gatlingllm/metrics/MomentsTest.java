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
  void theyAreThoseOfTheValues(
      @ForAll @Size(min = 1, max = 50) List<@DoubleRange(min = -1e7, max = 1e7) Double> values) {
    double mean = values.stream().mapToDouble(v -> v).average().orElseThrow();
    double variance =
        values.stream().mapToDouble(v -> (v - mean) * (v - mean)).average().orElseThrow();

    assertThat(of(values).mean()).isCloseTo(mean, within(1e-7 + Math.abs(mean) * 1e-12));
    assertThat(of(values).variance()).isCloseTo(variance, within(1e-2 + variance * 1e-9));
  }

  @Property(tries = 200)
  void noOrderAndNoPartitionChangesADigit(
      @ForAll @Size(min = 1, max = 50) List<@DoubleRange(min = -1e7, max = 1e7) Double> values,
      @ForAll @IntRange(min = 0, max = 50) int cut) {
    int at = Math.min(cut, values.size());
    Moments parts = of(values.subList(at, values.size()));
    parts.add(of(values.subList(0, at)));
    Moments kept = new Moments();
    kept.add(of(values).state());

    assertThat(parts.state()).isEqualTo(of(values).state());
    assertThat(kept.state()).isEqualTo(of(values).state());
    assertThat(parts.variance()).isEqualTo(kept.variance()).isNotNegative();
  }

  @Test
  void sumsPastSixtyFourBitsKeepEveryDigit() {
    Moments moments = new Moments();
    for (int i = 0; i < 100_000; i++) {
      moments.add(1e7);
      moments.add(-1e7);
    }

    assertThat(moments.mean()).isZero();
    assertThat(moments.variance()).isEqualTo(1e14);
  }
}
