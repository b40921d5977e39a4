package dev.gatlingllm.metrics;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What one figure of a good response has to stay under, such as {@code ttft<500ms}. Immutable.
 *
 * @param metric what is judged: TTFT, TTFO, ICL, TPOT, NTPOT or E2E
 * @param limitMillis the limit in milliseconds, above 0
 * @param inclusive whether the limit itself still meets it ({@code <=})
 */
public record Objective(Figure metric, double limitMillis, boolean inclusive) {

  private static final String REMEDY =
      "write objectives such as ttft<500ms, tpot<=50ms or e2e<10s, of ttft, ttfo, icl, tpot, ntpot"
          + " and e2e, in us, ms, s or m";

  private static final Pattern FORM =
      Pattern.compile("(\\w+)\\s*(<=?)\\s*(\\d+(?:\\.\\d+)?)\\s*([a-z]+)");

  private static final Map<String, Figure> JUDGED =
      Map.of(
          Figure.TTFT.key(), Figure.TTFT,
          Figure.TTFO.key(), Figure.TTFO,
          Figure.ICL.key(), Figure.ICL,
          Figure.TPOT.key(), Figure.TPOT,
          Figure.NTPOT.key(), Figure.NTPOT,
          Figure.E2E.key(), Figure.E2E);

  private static final Map<String, Double> MILLIS =
      Map.of("us", 1e-3, "ms", 1.0, "s", 1e3, "m", 60e3);

  /** Reads one objective; throws IllegalArgumentException with the remedy where it is none. */
  static Objective parse(String text) {
    Matcher form = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (!form.matches()) {
      throw new IllegalArgumentException("'" + text.strip() + "' is no objective; " + REMEDY);
    }
    Figure metric = JUDGED.get(form.group(1));
    if (metric == null) {
      throw new IllegalArgumentException("'" + form.group(1) + "' cannot be judged; " + REMEDY);
    }
    Double unit = MILLIS.get(form.group(4));
    double limit = unit == null ? 0 : Double.parseDouble(form.group(3)) * unit;
    if (limit <= 0) {
      throw new IllegalArgumentException(
          "'" + form.group(3) + form.group(4) + "' is no time above 0; " + REMEDY);
    }
    return new Objective(metric, limit, form.group(2).equals("<="));
  }

  /**
   * Whether a good response meets it. Of a response with one token or one chunk there is nothing
   * that could be too slow between tokens: it meets any {@code tpot} and {@code icl}. Every other
   * figure that a response lacks counts as missed. {@code icl} asks it of every gap between chunks,
   * so that a stall in the middle of a response is not averaged away.
   */
  boolean isMetBy(Response response) {
    return switch (metric) {
      case TTFT -> isKept(response.timing().ttftNanos());
      case TTFO -> isKept(response.timing().ttfoNanos());
      case TPOT ->
          response.usage().outputTokens() == 0
              || response.usage().outputTokens() == 1
              || isKept(response.tpotNanos());
      case ICL ->
          response.timing().chunks() < 2 || isKept(longestGap(response.timing().chunkNanos()));
      case NTPOT ->
          response.usage().outputTokens() > 0
              && isKept((double) response.timing().e2eNanos() / response.usage().outputTokens());
      case E2E -> isKept(response.timing().e2eNanos());
      default -> throw new IllegalStateException(metric + " cannot be judged");
    };
  }

  private boolean isKept(double nanos) {
    double millis = nanos / 1e6;
    return nanos >= 0 && (inclusive ? millis <= limitMillis : millis < limitMillis);
  }

  private static long longestGap(long[] chunkNanos) {
    long longest = 0;
    for (int i = 1; i < chunkNanos.length; i++) {
      longest = Math.max(longest, chunkNanos[i] - chunkNanos[i - 1]);
    }
    return longest;
  }
}
