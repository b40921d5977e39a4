package dev.gatlingllm.metrics;

/**
 * Quantiles of Student's t distribution, for degrees of freedom that need not be whole, as Welch's
 * interval has them. To 4 significant digits.
 *
 * <p>With {@code t = √ν · tan θ} the density becomes a power of the cosine, so that the chance of
 * {@code |t|} lying below a limit is a ratio of two integrals over θ and needs no gamma function.
 */
final class StudentT {

  /** Above this the first terms of the expansion around the normal quantile do. */
  private static final double MANY = 100;

  private static final double NORMAL_975 = 1.959963984540054;
  private static final int STEPS = 4_000;

  private StudentT() {}

  /**
   * The half-width of a 95 % interval in standard errors.
   *
   * @param degrees of freedom, from 1
   */
  static double of95Percent(double degrees) {
    return degrees > MANY ? nearNormal(degrees) : byIntegration(degrees);
  }

  /** Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.5, two terms. */
  private static double nearNormal(double degrees) {
    double z = NORMAL_975;
    double first = (Math.pow(z, 3) + z) / 4;
    double second = (5 * Math.pow(z, 5) + 16 * Math.pow(z, 3) + 3 * z) / 96;
    return z + first / degrees + second / (degrees * degrees);
  }

  /** Walks up θ by the trapezoid rule until 95 % of the whole lies below. */
  private static double byIntegration(double degrees) {
    double step = Math.PI / 2 / STEPS;
    double[] below = new double[STEPS + 1];
    for (int i = 1; i <= STEPS; i++) {
      double left = Math.pow(Math.cos((i - 1) * step), degrees - 1);
      double right = Math.pow(Math.max(0, Math.cos(i * step)), degrees - 1);
      below[i] = below[i - 1] + (left + right) / 2 * step;
    }
    double wanted = 0.95 * below[STEPS];
    int i = 1;
    while (below[i] < wanted) {
      i++;
    }
    double within = (wanted - below[i - 1]) / (below[i] - below[i - 1]);
    return Math.sqrt(degrees) * Math.tan((i - 1 + within) * step);
  }
}
