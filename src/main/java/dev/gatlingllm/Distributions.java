package dev.gatlingllm;

import dev.gatlingllm.text.Numbers;
import java.util.random.RandomGenerator;

/**
 * The kinds of {@link Distribution}; each {@code toString} is the text that {@code parse} reads.
 */
final class Distributions {

  private Distributions() {}

  private static void require(boolean condition, Record distribution, String rule) {
    if (!condition) {
      throw new IllegalArgumentException(distribution + ": " + rule);
    }
  }

  record Constant(double value) implements Distribution {
    Constant {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException(value + " is no finite number");
      }
    }

    @Override
    public double draw(RandomGenerator random) {
      return value;
    }

    @Override
    public double minimum() {
      return value;
    }

    @Override
    public double maximum() {
      return value;
    }

    @Override
    public String toString() {
      return Numbers.plain(value);
    }
  }

  record Uniform(double min, double max) implements Distribution {
    Uniform {
      require(min <= max && Double.isFinite(max - min), this, "min must not be above max");
    }

    @Override
    public double draw(RandomGenerator random) {
      return min + random.nextDouble() * (max - min);
    }

    /** Each whole number of the range with the same chance, the two at its ends too. */
    @Override
    public int drawInt(RandomGenerator random) {
      long low = (long) Math.ceil(min);
      long high = (long) Math.floor(max);
      return low > high
          ? Distribution.super.drawInt(random)
          : (int) (low + random.nextLong(high - low + 1));
    }

    @Override
    public double minimum() {
      return min;
    }

    @Override
    public double maximum() {
      return max;
    }

    @Override
    public String toString() {
      return "uniform(" + Numbers.plain(min) + "," + Numbers.plain(max) + ")";
    }
  }

  record Normal(double mean, double sd) implements Distribution {
    Normal {
      require(
          Double.isFinite(mean) && sd >= 0, this, "the standard deviation must not be negative");
    }

    @Override
    public double draw(RandomGenerator random) {
      return mean + sd * random.nextGaussian();
    }

    @Override
    public double minimum() {
      return sd == 0 ? mean : Double.NEGATIVE_INFINITY;
    }

    @Override
    public double maximum() {
      return sd == 0 ? mean : Double.POSITIVE_INFINITY;
    }

    @Override
    public String toString() {
      return "normal(" + Numbers.plain(mean) + "," + Numbers.plain(sd) + ")";
    }
  }

  record LogNormal(double mean, double sd) implements Distribution {
    LogNormal {
      require(mean > 0 && sd >= 0, this, "the mean must be positive, the deviation not negative");
    }

    /**
     * With σ² = ln(1 + sd²/mean²) and μ = ln(mean) − σ²/2, exp(μ + σ·N(0,1)) has the mean and the
     * standard deviation asked for.
     */
    @Override
    public double draw(RandomGenerator random) {
      double variance = Math.log1p((sd / mean) * (sd / mean));
      double mu = Math.log(mean) - variance / 2;
      return Math.exp(mu + Math.sqrt(variance) * random.nextGaussian());
    }

    @Override
    public double minimum() {
      return sd == 0 ? mean : 0;
    }

    @Override
    public double maximum() {
      return sd == 0 ? mean : Double.POSITIVE_INFINITY;
    }

    @Override
    public String toString() {
      return "lognormal(" + Numbers.plain(mean) + "," + Numbers.plain(sd) + ")";
    }
  }

  record Poisson(double mean) implements Distribution {
    /** Small enough for exp(−mean) to keep its precision in Knuth's product method. */
    private static final double STEP = 32;

    Poisson {
      require(mean >= 0 && mean <= 1_000_000, this, "the mean must be from 0 to 1000000");
    }

    /**
     * Knuth's product method (<i>The Art of Computer Programming</i>, vol. 2, 3.4.1), in steps: a
     * Poisson number of mean a + b is the sum of one of mean a and one of mean b.
     */
    @Override
    public double draw(RandomGenerator random) {
      long count = 0;
      for (double rest = mean; rest > 0; rest -= STEP) {
        double limit = Math.exp(-Math.min(rest, STEP));
        for (double product = random.nextDouble();
            product > limit;
            product *= random.nextDouble()) {
          count++;
        }
      }
      return count;
    }

    @Override
    public double minimum() {
      return 0;
    }

    @Override
    public double maximum() {
      return mean == 0 ? 0 : Double.POSITIVE_INFINITY;
    }

    @Override
    public String toString() {
      return "poisson(" + Numbers.plain(mean) + ")";
    }
  }

  record Exponential(double mean) implements Distribution {
    Exponential {
      require(mean >= 0 && Double.isFinite(mean), this, "the mean must not be negative");
    }

    @Override
    public double draw(RandomGenerator random) {
      return mean * random.nextExponential();
    }

    @Override
    public double minimum() {
      return 0;
    }

    @Override
    public double maximum() {
      return mean == 0 ? 0 : Double.POSITIVE_INFINITY;
    }

    @Override
    public String toString() {
      return "exponential(" + Numbers.plain(mean) + ")";
    }
  }

  record Clamped(Distribution of, double min, double max) implements Distribution {
    Clamped {
      require(min <= max, this, "min must not be above max");
    }

    @Override
    public double draw(RandomGenerator random) {
      return Math.min(max, Math.max(min, of.draw(random)));
    }

    @Override
    public int drawInt(RandomGenerator random) {
      return (int) Math.min(Math.floor(max), Math.max(Math.ceil(min), of.drawInt(random)));
    }

    @Override
    public double minimum() {
      return Math.min(max, Math.max(min, of.minimum()));
    }

    @Override
    public double maximum() {
      return Math.max(min, Math.min(max, of.maximum()));
    }

    @Override
    public String toString() {
      return of + ".clamp(" + Numbers.plain(min) + "," + Numbers.plain(max) + ")";
    }
  }
}
