package dev.gatlingllm.metrics;

import java.util.Arrays;

/**
 * Numbers of values, from 0 up, in the buckets of HdrHistogram: a bucket is as wide as the
 * significant digits allow, 1 at least.
 *
 * <p>A run has many histograms, and most have few values in a small part of their range. Such a
 * histogram keeps its filled buckets only, sorted. From {@value #MOST_SPARSE} values on it keeps
 * every bucket, which takes some 100 KB and a tenth of the time to add a value.
 */
final class BucketCounts {

  /** At this number of values a histogram becomes dense; less than an {@code int} can count. */
  static final int MOST_SPARSE = 30_000;

  private static final long[] NONE = {};
  private static final int VALUE_BITS = 64;

  private final int significantDigits;

  /** Buckets of one width: from a power of two to the next. */
  private final int bucketsPerOctaveBits;

  private long total;

  /** While sparse: a bucket in the upper half, its count in the lower one; ascending. */
  private long[] filled = NONE;

  private int filledLength;

  private boolean isDense;

  /** Once dense: counts by bucket. */
  private long[] dense = NONE;

  /** Takes a filled bucket and the number of its values. */
  interface Consumer {
    void accept(int bucket, long count);
  }

  /**
   * Creates empty counts.
   *
   * @param significantDigits precision in decimal digits, 1 to 5
   */
  BucketCounts(int significantDigits) {
    this.significantDigits = significantDigits;
    long widthOne = 2 * Math.round(Math.pow(10, significantDigits));
    bucketsPerOctaveBits = VALUE_BITS - 1 - Long.numberOfLeadingZeros(widthOne - 1);
  }

  /** Creates empty counts that keep every bucket from the start. */
  static BucketCounts dense(int significantDigits) {
    BucketCounts counts = new BucketCounts(significantDigits);
    counts.isDense = true;
    return counts;
  }

  /** Removes all values; the buckets stay. */
  void clear() {
    total = 0;
    filledLength = 0;
    Arrays.fill(dense, 0);
  }

  /** Returns the last bucket that is kept; 0 if none is. */
  int lastBucket() {
    return isDense
        ? Math.max(0, dense.length - 1)
        : filledLength == 0 ? 0 : bucketAt(filledLength - 1);
  }

  int significantDigits() {
    return significantDigits;
  }

  /** Adds one value of at least 0. */
  void add(long value) {
    addTo(bucketOf(value), 1);
  }

  /** Adds values to a bucket. */
  void addTo(int bucket, long count) {
    total += count;
    densifyIfLarge();
    if (isDense) {
      addToDense(bucket, count);
    } else {
      addToSparse(bucket, (int) count);
    }
  }

  private void addToSparse(int bucket, int count) {
    int at = find(bucket);
    if (at < filledLength && bucketAt(at) == bucket) {
      filled[at] += count;
      return;
    }
    if (filledLength == filled.length) {
      filled = Arrays.copyOf(filled, filledLength + filledLength / 2 + 2);
    }
    System.arraycopy(filled, at, filled, at + 1, filledLength - at);
    filled[at] = filledBucket(bucket, count);
    filledLength++;
  }

  /** Returns the place of the first filled bucket that is not below this one. */
  private int find(int bucket) {
    int from = 0;
    int to = filledLength;
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (bucketAt(middle) < bucket) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return from;
  }

  private int bucketAt(int place) {
    return (int) (filled[place] >>> Integer.SIZE);
  }

  private int countAt(int place) {
    return (int) filled[place];
  }

  private static long filledBucket(int bucket, int count) {
    return ((long) bucket << Integer.SIZE) + count;
  }

  private void addToDense(int bucket, long count) {
    if (bucket >= dense.length) {
      dense = Arrays.copyOf(dense, endOfOctave(bucket));
    }
    dense[bucket] += count;
  }

  private int endOfOctave(int bucket) {
    return ((bucket >> bucketsPerOctaveBits) + 1) << bucketsPerOctaveBits;
  }

  private void densifyIfLarge() {
    if (!isDense && total >= MOST_SPARSE) {
      long[] counts = new long[filledLength == 0 ? 0 : endOfOctave(bucketAt(filledLength - 1))];
      forEach((bucket, count) -> counts[bucket] = count);
      dense = counts;
      isDense = true;
      filled = NONE;
      filledLength = 0;
    }
  }

  /** Adds counts of the same precision. */
  void add(BucketCounts other) {
    total += other.total;
    densifyIfLarge();
    if (!isDense) {
      addSparse(other);
      return;
    }
    for (int i = 0; i < other.filledLength; i++) {
      addToDense(other.bucketAt(i), other.countAt(i));
    }
    for (int bucket = 0; bucket < other.dense.length; bucket++) {
      if (other.dense[bucket] > 0) {
        addToDense(bucket, other.dense[bucket]);
      }
    }
  }

  /** Merges from the greatest bucket down, so that each is moved once. */
  private void addSparse(BucketCounts other) {
    int unseen = addToFilled(other);
    int mine = filledLength - 1;
    int others = other.filledLength - 1;
    filledLength += unseen;
    if (filledLength > filled.length) {
      filled = Arrays.copyOf(filled, filledLength + filledLength / 2);
    }
    for (int to = filledLength - 1; mine < to; to--) {
      int bucket = other.bucketAt(others);
      if (mine >= 0 && bucketAt(mine) >= bucket) {
        others -= bucketAt(mine) == bucket ? 1 : 0;
        filled[to] = filled[mine--];
      } else {
        filled[to] = other.filled[others--];
      }
    }
  }

  /** Adds the counts of buckets that are filled here, too; returns how many others there are. */
  private int addToFilled(BucketCounts other) {
    int unseen = 0;
    int mine = 0;
    for (int i = 0; i < other.filledLength; i++) {
      int bucket = other.bucketAt(i);
      while (mine < filledLength && bucketAt(mine) < bucket) {
        mine++;
      }
      if (mine < filledLength && bucketAt(mine) == bucket) {
        filled[mine] += other.countAt(i);
      } else {
        unseen++;
      }
    }
    return unseen;
  }

  /** Hands over the filled buckets, ascending. */
  void forEach(Consumer to) {
    for (int i = 0; i < filledLength; i++) {
      to.accept(bucketAt(i), countAt(i));
    }
    for (int bucket = 0; bucket < dense.length; bucket++) {
      if (dense[bucket] > 0) {
        to.accept(bucket, dense[bucket]);
      }
    }
  }

  /** Returns the number of filled buckets. */
  int size() {
    int size = filledLength;
    for (long count : dense) {
      size += count > 0 ? 1 : 0;
    }
    return size;
  }

  /** Returns the greatest value, rounded up to the end of its bucket; there must be a value. */
  long max() {
    int last = lastBucket();
    while (isDense && dense[last] == 0) {
      last--;
    }
    return highest(last);
  }

  /** Returns the number of all values. */
  long total() {
    return total;
  }

  /**
   * Returns the bucket of a value as HdrHistogram numbers them: one for each value of the first
   * octave, then half as many for each octave.
   */
  int bucketOf(long value) {
    int width = widthBits(value);
    return (width << bucketsPerOctaveBits) + (int) (value >>> width);
  }

  /** Returns the binary logarithm of the width of a value's bucket. */
  private int widthBits(long value) {
    int leadingZeros = Long.numberOfLeadingZeros(value);
    return Math.max(0, VALUE_BITS - 1 - bucketsPerOctaveBits - leadingZeros);
  }

  /** Returns the least value of a bucket. */
  long lowest(int bucket) {
    int width = widthBitsOf(bucket);
    return (long) (bucket - (width << bucketsPerOctaveBits)) << width;
  }

  /** Returns the greatest value of a bucket. */
  long highest(int bucket) {
    return lowest(bucket) + (1L << widthBitsOf(bucket)) - 1;
  }

  private int widthBitsOf(int bucket) {
    return Math.max(0, (bucket >> bucketsPerOctaveBits) - 1);
  }

  /** Returns whether a bucket is for a single value. */
  boolean isNarrow(int bucket) {
    return widthBitsOf(bucket) == 0;
  }

  /** Returns the greatest value of the octave that a bucket is in. */
  long highestOfOctave(int bucket) {
    return highest(endOfOctave(bucket) - 1);
  }
}
