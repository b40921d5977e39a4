package dev.gatlingllm.metrics;

import java.math.BigInteger;

/**
 * Count, mean and variance of any number of values: the same to the last digit in whatever order
 * the values, or sets of them, were added up. Not safe for threads.
 *
 * <p>Each value is taken as a whole number of 2<sup>-34</sup> parts of its unit, which is far below
 * what any clock tells; from there on nothing is rounded, for sums have 128 bits and sums of
 * squares 192.
 */
final class Moments {

  /** Of one unit; a value may have up to half a thousand million units. */
  private static final double PARTS = 1L << 34;

  private long count;
  private long sumHigh;
  private long sumLow;
  private long squaresHighest;
  private long squaresHigh;
  private long squaresLow;

  void add(double value) {
    long parts = Math.round(value * PARTS);
    count++;
    addToSum(parts >> 63, parts);
    addToSquares(0, Math.multiplyHigh(parts, parts), parts * parts);
  }

  void add(Moments other) {
    count += other.count;
    addToSum(other.sumHigh, other.sumLow);
    addToSquares(other.squaresHighest, other.squaresHigh, other.squaresLow);
  }

  void add(RunState.MomentsState other) {
    count += other.count();
    addToSum(word(other.sum(), 1), word(other.sum(), 0));
    BigInteger squares = other.squares();
    addToSquares(word(squares, 2), word(squares, 1), word(squares, 0));
  }

  private void addToSum(long high, long low) {
    sumLow += low;
    sumHigh += high + carry(sumLow, low);
  }

  private void addToSquares(long highest, long high, long low) {
    squaresLow += low;
    int carry = carry(squaresLow, low);
    squaresHigh += high;
    squaresHighest += highest + carry(squaresHigh, high);
    squaresHigh += carry;
    squaresHighest += carry(squaresHigh, carry);
  }

  private static int carry(long sum, long summand) {
    return Long.compareUnsigned(sum, summand) < 0 ? 1 : 0;
  }

  long count() {
    return count;
  }

  /** Of at least one value. */
  double mean() {
    return sum().doubleValue() / PARTS / count;
  }

  /** The mean of the squared distances from the mean (divided by the count), of a value or more. */
  double variance() {
    BigInteger n = BigInteger.valueOf(count);
    BigInteger scaled = squares().multiply(n).subtract(sum().pow(2));
    return scaled.doubleValue() / PARTS / PARTS / count / count;
  }

  RunState.MomentsState state() {
    return new RunState.MomentsState(count, sum(), squares());
  }

  private BigInteger sum() {
    return joined(BigInteger.valueOf(sumHigh), sumLow);
  }

  private BigInteger squares() {
    return joined(joined(BigInteger.valueOf(squaresHighest), squaresHigh), squaresLow);
  }

  private static long word(BigInteger value, int number) {
    return value.shiftRight(number * Long.SIZE).longValue();
  }

  private static BigInteger joined(BigInteger high, long low) {
    BigInteger lowest = BigInteger.valueOf(low >>> 1).shiftLeft(1).or(BigInteger.valueOf(low & 1));
    return high.shiftLeft(Long.SIZE).add(lowest);
  }
}
