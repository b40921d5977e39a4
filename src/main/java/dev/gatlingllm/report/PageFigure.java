package dev.gatlingllm.report;

import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.Figure.Direction;
import dev.gatlingllm.metrics.Indicator;
import dev.gatlingllm.metrics.Statistic;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A column of figures as the scripts of pages receive it. Immutable.
 *
 * @param group heading that neighbours share; null if there is none
 * @param name heading of the column
 * @param unit of the values
 * @param path of the value in {@code tokens.json} or a scope of it, such as {@code
 *     metrics.ttft.p50}
 * @param better "more" or "less"; null for a figure that is neither good nor bad
 */
public record PageFigure(
    @Nullable String group, String name, String unit, String path, @Nullable String better) {

  /** Returns columns of a distribution, one for each percentile. */
  public static Stream<PageFigure> percentiles(Figure distribution, int... percentiles) {
    return Arrays.stream(percentiles)
        .mapToObj(Statistic::percentile)
        .map(statistic -> of(new Indicator(distribution, statistic)));
  }

  /** Returns the column of the mean of a distribution. */
  static PageFigure mean(Figure distribution) {
    return of(new Indicator(distribution, Statistic.MEAN));
  }

  /** Returns the columns of totals. */
  public static Stream<PageFigure> totals(Figure... totals) {
    return Arrays.stream(totals).map(total -> of(Indicator.of(total)));
  }

  /** Returns the columns of the headline figures. */
  public static Stream<PageFigure> headlines() {
    return Indicator.headlines().stream().map(PageFigure::of);
  }

  private static PageFigure of(Indicator indicator) {
    Figure figure = indicator.figure();
    String label = Character.toUpperCase(figure.label().charAt(0)) + figure.label().substring(1);
    String unit = figure.unit().symbol();
    String better =
        figure.direction() == Direction.NEITHER
            ? null
            : figure.direction() == Direction.LOWER_IS_BETTER ? "less" : "more";
    return figure.isDistribution()
        ? new PageFigure(
            label,
            indicator.statistic().words(),
            unit,
            "metrics." + figure.fileKey() + "." + indicator.statistic().key(),
            better)
        : new PageFigure(null, label, unit, path(figure), better);
  }

  private static String path(Figure total) {
    return switch (total) {
      case GOODPUT_PERCENT -> "totals.goodput.percent";
      case GOODPUT_PER_SECOND -> "totals.goodput.perSecond";
      default -> "totals." + total.fileKey();
    };
  }
}
