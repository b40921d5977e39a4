package dev.gatlingllm.observe.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gatlingllm.observe.export.LiveHistogram.State;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LiveHistogramTest {

  private static final double BASE = Math.pow(2, 1.0 / (1 << LiveHistogram.SCALE));
  private static final double[] BOUNDS = {0.1, 1, 10};

  private static State of(double... values) {
    LiveHistogram histogram = new LiveHistogram(BOUNDS);
    Arrays.stream(values).forEach(histogram::record);
    return histogram.state();
  }

  @Property
  void holdsEachValueInTheBucketThatCoversIt(
      @ForAll @DoubleRange(min = -25, max = 25) double exponent) {
    double value = Math.pow(2, exponent);
    State state = of(value);

    assertThat(state.counts()).containsExactly(1);
    assertThat(value)
        .isBetween(
            Math.pow(BASE, state.offset()) * (1 - 1e-12),
            Math.pow(BASE, state.offset() + 1) * (1 + 1e-12));
  }

  @Property
  void holdsAllValuesWhateverTheirOrder(
      @ForAll @NotEmpty @Size(max = 50) List<@DoubleRange(min = 0, max = 1e4) Double> values) {
    State state = of(values.stream().mapToDouble(value -> value).toArray());

    assertThat(state.count()).isEqualTo(values.size());
    assertThat(state.zeros() + Arrays.stream(state.counts()).sum()).isEqualTo(values.size());
    assertThat(Arrays.stream(state.classic()).sum()).isEqualTo(values.size());
    assertThat(state.sum())
        .isCloseTo(values.stream().mapToDouble(value -> value).sum(), within(1e-6));
    assertThat(state.min()).isEqualTo(values.stream().min(Double::compare).orElseThrow());
    assertThat(state.max()).isEqualTo(values.stream().max(Double::compare).orElseThrow());
  }

  @Test
  void classicBucketsIncludeTheirUpperBounds() {
    assertThat(of(0.1, 0.11, 1, 5, 10, 10.5).classic()).containsExactly(1, 2, 2, 1);
  }

  @Test
  void countsNothingAndLessAsZero() {
    State state = of(0, -1);

    assertThat(state.zeros()).isEqualTo(2);
    assertThat(state.counts()).isEmpty();
    assertThat(state.sum()).isZero();
  }

  @Test
  void stateDoesNotChangeWithTheHistogram() {
    LiveHistogram histogram = new LiveHistogram(BOUNDS);
    histogram.record(1);
    State before = histogram.state();
    histogram.record(1);

    assertThat(before.count()).isOne();
    assertThat(before.counts()).containsExactly(1);
    assertThat(before.classic()).containsExactly(0, 1, 0, 0);
  }
}
