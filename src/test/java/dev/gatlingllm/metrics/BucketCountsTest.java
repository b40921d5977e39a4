package dev.gatlingllm.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

/** Compares with HdrHistogram, whose buckets and whose encoding these are. */
class BucketCountsTest {

  /** A week in nanoseconds. */
  private static final long GREATEST = 604_800_000_000_000L;

  /** As many of each value, so that a few of them also make a histogram dense. */
  private record Values(long each, int times) {}

  /** Values of all magnitudes. */
  @Provide
  Arbitrary<List<Values>> values() {
    Arbitrary<Long> each =
        Combinators.combine(
                Arbitraries.longs().between(0, GREATEST), Arbitraries.integers().between(0, 48))
            .as((value, shift) -> value >> shift);
    Arbitrary<Integer> times =
        Arbitraries.frequencyOf(
            Tuple.of(9, Arbitraries.integers().between(1, 3)),
            Tuple.of(1, Arbitraries.integers().between(1, 20_000)));
    return Combinators.combine(each, times).as(Values::new).list().ofMaxSize(60);
  }

  private static BucketCounts ours(int digits, List<Values> values) {
    BucketCounts counts = new BucketCounts(digits);
    values.forEach(value -> counts.addTo(counts.bucketOf(value.each), value.times));
    return counts;
  }

  private static Histogram theirs(int digits, List<Values> values) {
    Histogram histogram = new Histogram(digits);
    values.forEach(value -> histogram.recordValueWithCount(value.each, value.times));
    return histogram;
  }

  private static byte[] encoded(Histogram histogram) {
    ByteBuffer buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
    return Arrays.copyOf(buffer.array(), histogram.encodeIntoByteBuffer(buffer));
  }

  private static TreeMap<Integer, Long> filled(BucketCounts counts) {
    TreeMap<Integer, Long> filled = new TreeMap<>();
    counts.forEach(filled::put);
    assertThat(counts.size()).isEqualTo(filled.size());
    assertThat(counts.total()).isEqualTo(filled.values().stream().mapToLong(n -> n).sum());
    return filled;
  }

  @Property(tries = 500)
  void bucketsReachFromAndToTheValuesOfHdrHistogram(
      @ForAll @LongRange(min = 0, max = GREATEST) long value,
      @ForAll @IntRange(min = 0, max = 48) int shift,
      @ForAll @IntRange(min = 1, max = 5) int digits) {
    Histogram theirs = new Histogram(digits);
    BucketCounts ours = new BucketCounts(digits);
    int bucket = ours.bucketOf(value >> shift);

    assertThat(ours.lowest(bucket)).isEqualTo(theirs.lowestEquivalentValue(value >> shift));
    assertThat(ours.highest(bucket)).isEqualTo(theirs.highestEquivalentValue(value >> shift));
    assertThat(ours.bucketOf(ours.highest(bucket))).isEqualTo(bucket);
    assertThat(ours.bucketOf(ours.highest(bucket) + 1)).isEqualTo(bucket + 1);
  }

  @Property(tries = 100)
  void encodingIsByteForByteThatOfHdrHistogram(
      @ForAll("values") List<Values> values, @ForAll @IntRange(min = 1, max = 3) int digits) {
    assertThat(HistogramEncoding.encoded(ours(digits, values)))
        .isEqualTo(encoded(theirs(digits, values)));
  }

  @Property(tries = 100)
  void compressedIsByteForByteThatOfHdrHistogramAlsoAfterOtherValues(
      @ForAll("values") List<Values> before, @ForAll("values") List<Values> values) {
    BucketCounts ours = BucketCounts.dense(3);
    Histogram theirs = theirs(3, before);
    before.forEach(value -> ours.addTo(ours.bucketOf(value.each), value.times));
    ours.clear();
    theirs.reset();
    values.forEach(value -> ours.addTo(ours.bucketOf(value.each), value.times));
    values.forEach(value -> theirs.recordValueWithCount(value.each, value.times));

    ByteBuffer buffer = ByteBuffer.allocate(theirs.getNeededByteBufferCapacity());
    int length = theirs.encodeIntoCompressedByteBuffer(buffer, Deflater.BEST_COMPRESSION);
    assertThat(HistogramEncoding.compressed(ours, new Deflater(Deflater.BEST_COMPRESSION)))
        .isEqualTo(Arrays.copyOf(buffer.array(), length));
    if (!values.isEmpty()) {
      assertThat(ours.max()).isEqualTo(theirs.getMaxValue());
    }
  }

  @Property(tries = 100)
  void readsWhatHdrHistogramWrote(
      @ForAll("values") List<Values> values, @ForAll @IntRange(min = 1, max = 3) int digits) {
    BucketCounts read = HistogramEncoding.decoded(encoded(theirs(digits, values)), digits);

    assertThat(filled(read)).isEqualTo(filled(ours(digits, values)));
  }

  @Property(tries = 100)
  void readsWhatHdrHistogramCompressed(@ForAll("values") List<Values> values) {
    Histogram theirs = theirs(3, values);
    ByteBuffer buffer = ByteBuffer.allocate(theirs.getNeededByteBufferCapacity());
    byte[] compressed =
        Arrays.copyOf(buffer.array(), theirs.encodeIntoCompressedByteBuffer(buffer));

    assertThat(filled(HistogramEncoding.decompressed(compressed, 3)))
        .isEqualTo(filled(ours(3, values)));
    assertThatThrownBy(
            () ->
                HistogramEncoding.decompressed(Arrays.copyOf(compressed, compressed.length - 1), 3))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Property(tries = 100)
  void sumIsThatOfAllValuesWhateverIsSparse(
      @ForAll("values") List<Values> some, @ForAll("values") List<Values> more) {
    BucketCounts sum = ours(3, some);
    BucketCounts added = ours(3, more);
    TreeMap<Integer, Long> unchanged = filled(added);
    sum.add(added);

    List<Values> all = Stream.concat(some.stream(), more.stream()).toList();
    assertThat(HistogramEncoding.encoded(sum)).isEqualTo(encoded(theirs(3, all)));
    assertThat(filled(added)).isEqualTo(unchanged);
  }

  @Test
  void oneValueAfterTheOtherIsTheSameAsAllAtOnce() {
    SplittableRandom random = new SplittableRandom(42);
    BucketCounts ours = new BucketCounts(3);
    Histogram theirs = new Histogram(3);
    for (int i = 0; i < 2 * BucketCounts.MOST_SPARSE; i++) {
      long value = (long) Math.exp(random.nextDouble(0, 24));
      ours.add(value);
      theirs.recordValue(value);
      if (i % 10_000 == 9_999) {
        assertThat(HistogramEncoding.encoded(ours)).isEqualTo(encoded(theirs));
      }
    }
  }

  @Test
  void countsBeyondIntegersAreKept() {
    BucketCounts counts = new BucketCounts(3);
    counts.addTo(7, 1L << 40);
    counts.addTo(7, (1L << 62) - 1);

    assertThat(filled(HistogramEncoding.decoded(HistogramEncoding.encoded(counts), 3)))
        .containsExactly(Map.entry(7, (1L << 40) + (1L << 62) - 1));
  }

  @Test
  void refusesBytesThatAreNoHistogramOfThePrecision() {
    byte[] encoded = HistogramEncoding.encoded(ours(3, List.of(new Values(5_000, 2))));

    assertThatThrownBy(() -> HistogramEncoding.decoded(encoded, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("not a histogram of integers with 2 digits");
    for (int length = 0; length < encoded.length; length++) {
      byte[] cut = Arrays.copyOf(encoded, length);
      assertThatThrownBy(() -> HistogramEncoding.decoded(cut, 3))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void refusesMoreBucketsThanThereAre() {
    byte[] encoded = HistogramEncoding.encoded(ours(3, List.of(new Values(GREATEST, 1))));
    byte[] twice = Arrays.copyOf(encoded, 2 * encoded.length - 40);
    System.arraycopy(encoded, 40, twice, encoded.length, encoded.length - 40);
    ByteBuffer.wrap(twice).putInt(4, twice.length - 40);

    assertThatThrownBy(() -> HistogramEncoding.decoded(twice, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a histogram has more buckets than there are");
  }
}
