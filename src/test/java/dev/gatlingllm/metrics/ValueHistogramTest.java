package dev.gatlingllm.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class ValueHistogramTest {

  @Test
  void percentileCurveAgreesWithTheSummaryAndEndsAtTheMaximum() {
    ValueHistogram values = ValueHistogram.ofMillis(3);
    for (int i = 1; i <= 1_000; i++) {
      values.add(i);
    }
    Buckets buckets = values.buckets();
    ScopeSummary.PercentileCurve curve = buckets.percentileCurve();
    int p99 = Arrays.binarySearch(curve.percentiles(), 99);

    assertThat(curve.values()[p99]).isEqualTo(values.summary(buckets).p99());
    assertThat(curve.percentiles()).isSorted().contains(0, 50, 99.9).doesNotContain(99.99);
    assertThat(curve.values()).isSorted().hasSameSizeAs(curve.percentiles());
    assertThat(curve.values()[curve.values().length - 1]).isEqualTo(1_000);
  }

  @Test
  void percentileCurveOfOneValueIsThatValue() {
    ValueHistogram value = ValueHistogram.ofMillis(3);
    value.add(7);
    assertThat(value.buckets().percentileCurve().values()).containsOnly(7);
  }

  private static ValueHistogram of(double ticksPerUnit, double... values) {
    ValueHistogram distribution = new ValueHistogram(3, ticksPerUnit);
    Arrays.stream(values).forEach(distribution::add);
    return distribution;
  }

  private static Summary summary(ValueHistogram distribution) {
    return distribution.summary(distribution.buckets());
  }

  @Test
  void meanDeviationMinimumAndMaximumAreExact() {
    Summary summary = summary(of(1e6, 2, 4, 4, 4, 5, 5, 7, 9_123_456.789));

    assertThat(summary.min()).isEqualTo(2);
    assertThat(summary.max()).isEqualTo(9_123_456.789);
    assertThat(summary.p999()).as("never beyond the greatest value").isEqualTo(summary.max());
    assertThat(summary(of(1, 2, 4, 4, 4, 5, 5, 7, 9)).mean()).isEqualTo(5);
    assertThat(summary(of(1, 2, 4, 4, 4, 5, 5, 7, 9)).stddev()).isCloseTo(2, within(1e-12));
  }

  @Test
  void oneValueIsEveryPercentile() {
    double value = 1234.567891;
    assertThat(summary(of(1e6, value)))
        .isEqualTo(
            new Summary(1, value, 0, value, value, value, value, value, value, value, value));
  }

  @Test
  void percentilesLieBetweenTheSamplesAroundTheirRank() {
    double[] oneToThousand = DoubleStream.iterate(1, v -> v + 1).limit(1000).toArray();
    Summary summary = summary(of(1, oneToThousand));

    assertThat(summary.p50()).isEqualTo(500.5);
    assertThat(summary.p99()).isCloseTo(990.99, within(1e-9));
    assertThat(summary.p999()).isCloseTo(999.999, within(1e-9));
  }

  @Test
  void denseHistogramEqualsSparseParts() {
    ValueHistogram many = ValueHistogram.ofMillis(3);
    ValueHistogram inParts = ValueHistogram.ofMillis(3);
    SplittableRandom random = new SplittableRandom(42);
    for (int part = 0; part < 8; part++) {
      ValueHistogram few = ValueHistogram.ofMillis(3);
      for (int i = 0; i < BucketCounts.MOST_SPARSE / 4; i++) {
        double value = Math.exp(random.nextDouble(-9, 12));
        many.add(value);
        few.add(value);
      }
      inParts.add(few);
    }

    assertThat(many.buckets().ends()).isEqualTo(inParts.buckets().ends());
    assertThat(many.buckets().counts()).isEqualTo(inParts.buckets().counts());
    assertThat(inParts.summary().mean())
        .isCloseTo(many.summary().mean(), Percentage.withPercentage(1e-9));
    assertThat(inParts.summary().stddev())
        .isCloseTo(many.summary().stddev(), Percentage.withPercentage(1e-9));
  }

  @Test
  void ordersNegativeValuesFirst() {
    Summary summary = summary(of(1, 5, -10, 0, -7, 3));

    assertThat(summary.min()).isEqualTo(-10);
    assertThat(summary.p50()).isZero();
    assertThat(summary.p75()).isEqualTo(4);
    assertThat(summary.mean()).isCloseTo(-1.8, within(1e-12));
    assertThat(of(1, -10, -7).buckets().ends()).containsExactly(-10, -7);
  }

  @Test
  void curveHasABoundedNumberOfPoints() {
    double[] values = DoubleStream.iterate(1, v -> v * 1.002).limit(5_000).toArray();
    ScopeSummary.Curve curve = of(1e6, values).buckets().curve();

    assertThat(curve.values()).hasSizeLessThanOrEqualTo(400).isSorted();
    assertThat(curve.values()[curve.values().length - 1]).isEqualTo(values[values.length - 1]);
    assertThat(LongStream.of(curve.counts()).sum()).isEqualTo(5_000);
    assertThat(curve.counts()).doesNotContain(0);
  }

  @Property(tries = 200)
  void percentilesAgreeWithSortedValues(
      @ForAll @Size(min = 1, max = 300)
          List<@DoubleRange(min = 0.01, max = 600_000) Double> millis) {
    double[] sorted = millis.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    Buckets buckets = of(1e6, sorted).buckets();

    for (double percentile : new double[] {50, 75, 90, 95, 99, 99.9}) {
      assertThat(buckets.percentile(percentile))
          .isCloseTo(
              Percentile.of(percentile, sorted.length, rank -> sorted[(int) rank - 1]),
              Percentage.withPercentage(0.1));
    }
  }

  @Property(tries = 100)
  void mergedPartsEqualTheWhole(
      @ForAll @Size(min = 1, max = 50) List<@DoubleRange(min = -500, max = 500) Double> some,
      @ForAll @Size(min = 1, max = 50) List<@DoubleRange(min = -500, max = 500) Double> more) {
    double[] first = some.stream().mapToDouble(Double::doubleValue).toArray();
    double[] second = more.stream().mapToDouble(Double::doubleValue).toArray();
    double[] all = DoubleStream.concat(Arrays.stream(first), Arrays.stream(second)).toArray();

    ValueHistogram merged = of(1000, first);
    merged.add(of(1000, second));

    Summary expected = summary(of(1000, all));
    Summary actual = summary(merged);
    assertThat(merged.buckets().ends()).isEqualTo(of(1000, all).buckets().ends());
    assertThat(merged.buckets().counts()).isEqualTo(of(1000, all).buckets().counts());
    assertThat(actual.count()).isEqualTo(expected.count());
    assertThat(actual.mean()).isCloseTo(expected.mean(), within(1e-9));
    assertThat(actual.stddev()).isCloseTo(expected.stddev(), within(1e-9));
    assertThat(actual.min()).isEqualTo(expected.min());
    assertThat(actual.max()).isEqualTo(expected.max());
  }
}
