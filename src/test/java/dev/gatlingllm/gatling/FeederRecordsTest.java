package dev.gatlingllm.gatling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.gatlingllm.LlmDsl;
import dev.gatlingllm.SharedPrefixWorkload;
import dev.gatlingllm.settings.SettingException;
import dev.gatlingllm.workload.Column;
import dev.gatlingllm.workload.Column.Order;
import io.gatling.core.feeder.FeederOptions;
import io.gatling.core.feeder.FeederStrategy;
import io.gatling.core.feeder.InMemoryFeederSource;
import io.gatling.core.feeder.SourceFeederBuilder;
import io.gatling.javaapi.core.FeederBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import scala.Option;
import scala.collection.immutable.IndexedSeq;
import scala.jdk.javaapi.CollectionConverters;

class FeederRecordsTest {

  private static FeederBuilder<Object> feeder(List<Map<String, Object>> records) {
    IndexedSeq<scala.collection.immutable.Map<String, Object>> rows =
        CollectionConverters.asScala(
                records.stream()
                    .map(CollectionConverters::asScala)
                    .map(row -> scala.collection.immutable.Map.from(row))
                    .toList())
            .toIndexedSeq();
    return new FeederBuilder.Impl<>(
        new SourceFeederBuilder<>(
            InMemoryFeederSource.apply(rows, "personas.json"),
            null,
            FeederOptions.apply(false, false, Option.empty(), FeederStrategy.Queue$.MODULE$)));
  }

  private static final List<Map<String, Object>> RECORDS =
      List.of(Map.of("prompt", "be brief", "n", 3), Map.of("prompt", "be kind", "n", 4));

  private static final FeederBuilder<Object> PERSONAS = feeder(RECORDS);

  @Test
  void readsAColumnOfAllRecords() {
    assertThat(FeederRecords.column(PERSONAS, "n"))
        .isEqualTo(new Column("personas.json", "n", RECORDS, Order.QUEUE));
  }

  @Test
  void keepsTheStrategyOfTheFeeder() {
    assertThat(FeederRecords.column(PERSONAS.circular(), "n").order()).isEqualTo(Order.CIRCULAR);
    assertThat(FeederRecords.column(PERSONAS.random(), "n").order()).isEqualTo(Order.RANDOM);
    assertThat(FeederRecords.column(PERSONAS.shuffle(), "n").order()).isEqualTo(Order.SHUFFLE);
  }

  @Test
  void takesValuesAsTheFeederTransformsThem() {
    FeederBuilder<Object> transformed =
        PERSONAS.transform((key, value) -> key.equals("prompt") ? value + ", please" : null);

    assertThat(FeederRecords.column(transformed.circular(), "prompt").distinctValues())
        .containsExactly("be brief, please", "be kind, please");
  }

  @Test
  void namesTheFeederThatCannotBeRead() {
    FeederBuilder<Object> broken =
        PERSONAS.transform(
            (key, value) -> {
              throw new IllegalStateException("no array\nin line 2");
            });

    assertThatExceptionOfType(SettingException.class)
        .isThrownBy(() -> FeederRecords.column(broken, "n"))
        .withMessage("personas.json cannot be read: no array in line 2");
  }

  @Test
  void namesTheColumnsOfARecordThatLacksOne() {
    assertThatExceptionOfType(SettingException.class)
        .isThrownBy(() -> FeederRecords.column(PERSONAS, "text"))
        .withMessage("record 1 of personas.json must have a column text, got n, prompt");
  }

  @Test
  void namesTheRecordThatHasNoLength() {
    SharedPrefixWorkload workload =
        LlmDsl.sharedPrefix().questionTokens(feeder(List.of(Map.of("n", "many"))), "n");

    assertThatExceptionOfType(SettingException.class)
        .isThrownBy(workload::feeder)
        .withMessage(
            "record 1 of personas.json must have a whole number of at least 1 in column n, got"
                + " many");
  }
}
