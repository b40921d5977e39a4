package dev.gatlingllm.gatling;

import dev.gatlingllm.settings.SettingException;
import dev.gatlingllm.workload.Column;
import dev.gatlingllm.workload.Column.Order;
import io.gatling.core.feeder.FeederOptions;
import io.gatling.core.feeder.FeederStrategy;
import io.gatling.core.feeder.SourceFeederBuilder;
import io.gatling.javaapi.core.FeederBuilder;
import java.util.List;
import java.util.Map;

/** Reads the records of Gatling's feeders. */
public final class FeederRecords {

  private FeederRecords() {}

  /**
   * Reads a column of all records, in the order of the feeder's strategy.
   *
   * @throws SettingException if the feeder has no records, or one of them lacks the column
   */
  public static Column column(FeederBuilder<?> feeder, String name) {
    return SettingException.checked(() -> read(feeder, name));
  }

  private static Column read(FeederBuilder<?> feeder, String name) {
    if (!(feeder.asScala() instanceof SourceFeederBuilder<?> source)) {
      throw new IllegalArgumentException(
          "a workload's feeder must have records, such as csv(…) or jsonFile(…), got " + feeder);
    }
    return new Column(source.name(), name, records(feeder, source.name()), order(source.options()));
  }

  private static List<Map<String, Object>> records(FeederBuilder<?> feeder, String source) {
    try {
      return feeder.queue().readRecords();
    } catch (Exception e) {
      throw new IllegalArgumentException(
          source + " cannot be read: " + String.valueOf(e.getMessage()).replaceAll("\\s+", " "), e);
    }
  }

  private static Order order(FeederOptions<?> options) {
    FeederStrategy strategy = options.strategy();
    if (strategy == FeederStrategy.Circular$.MODULE$) {
      return Order.CIRCULAR;
    }
    if (strategy == FeederStrategy.Random$.MODULE$) {
      return Order.RANDOM;
    }
    return strategy == FeederStrategy.Shuffle$.MODULE$ ? Order.SHUFFLE : Order.QUEUE;
  }
}
