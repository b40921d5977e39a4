package dev.gatlingllm.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Warmup;

class ConditionsTest {

  private static class Plain {}

  @Fork(value = 2, warmups = 1, jvmArgsAppend = "-Dx=y")
  @Warmup(iterations = 1, time = 200, timeUnit = TimeUnit.MILLISECONDS)
  @Measurement(iterations = 3)
  @BenchmarkMode(Mode.Throughput)
  @OutputTimeUnit(TimeUnit.MINUTES)
  private static class Annotated {
    @Param({"1", "2"})
    int users;

    @Param({"a", "normal(64,16)", "ü%+c"})
    String model;
  }

  private static Conditions of(Class<?> benchmark, String options) {
    return Conditions.of(benchmark, BenchOptions.parse(options));
  }

  @Test
  void usesDefaultsOfJmh() {
    Conditions conditions = of(Plain.class, "");

    assertThat(conditions.forks()).isEqualTo(5);
    assertThat(conditions.warmupForks()).isZero();
    assertThat(conditions.duration()).isEqualTo(Duration.ofSeconds(100));
    assertThat(conditions.score().label()).isEqualTo("ttft·p50");
    assertThat(conditions.mode()).isEqualTo(Mode.AverageTime);
    assertThat(conditions.jvmArguments()).containsExactly("-Xmx1G");
    assertThat(conditions.timeout()).hasToString("10 min");
  }

  @Test
  void optionsOverrideAnnotationsAndAnnotationsOverrideDefaults() {
    Conditions annotated = of(Annotated.class, "");
    Conditions asked =
        of(Annotated.class, "-f 4 -wi 0 -i 2 -r 1500ms -metric ttft-p99 -tu us -jvmArgs -Xmx2G");

    assertThat(annotated.forks()).isEqualTo(2);
    assertThat(annotated.warmupForks()).isEqualTo(1);
    assertThat(annotated.duration()).isEqualTo(Duration.ofMillis(200 + 3 * 10_000));
    assertThat(annotated.score().label()).isEqualTo("outputTokensPerSecond");
    assertThat(annotated.units().unit(annotated.score())).isEqualTo("tokens/min");
    assertThat(annotated.jvmArguments()).containsExactly("-Xmx1G", "-Dx=y");
    assertThat(asked.forks()).isEqualTo(4);
    assertThat(asked.duration()).isEqualTo(Duration.ofSeconds(3));
    assertThat(asked.score().label()).isEqualTo("ttft·p99");
    assertThat(asked.units().unit(asked.score())).isEqualTo("us");
    assertThat(asked.jvmArguments()).containsExactly("-Xmx2G", "-Dx=y");
  }

  @Test
  void forkReadsTheConditionsOfItsRunner() {
    BenchOptions options = BenchOptions.parse("-wi 2 -w 300ms -i 4 -r 2s -metric tpot,e2e·p75");
    for (Combination combination : Combination.of(Annotated.class, options)) {
      assertForkReads(combination);
    }
  }

  private static void assertForkReads(Combination combination) {
    BenchOptions options =
        BenchOptions.parse(combination.asOptions() + " " + BenchOptions.FORKED + " a%20b/c");
    Combination read = Combination.of(Annotated.class, options).get(0);

    assertThat(read.parameters()).isEqualTo(combination.parameters());
    assertThat(read.conditions().duration()).isEqualTo(combination.conditions().duration());
    assertThat(read.conditions().metrics()).isEqualTo(combination.conditions().metrics());
    assertThat(read.conditions().units()).isEqualTo(combination.conditions().units());
    assertThat(options.messages()).contains(Path.of("a b", "c"));
    assertThat(combination.asOptions()).isASCII();
  }

  @Test
  void combinesAllParametersVaryingTheLastOneFastest() {
    var combinations = Combination.of(Annotated.class, BenchOptions.parse("-p users=8,16"));

    assertThat(combinations)
        .extracting(combination -> combination.written(",", "="))
        .containsExactly(
            "users=8,model=a",
            "users=8,model=normal(64,16)",
            "users=8,model=ü%+c",
            "users=16,model=a",
            "users=16,model=normal(64,16)",
            "users=16,model=ü%+c");
    assertThat(combinations.get(3).salt(2)).endsWith("Annotated,users=16,model=a,2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-t 4",
        "-tg 1,2",
        "-bs 3",
        "-wbs 3",
        "-opi 2",
        "-gc true",
        "-si true",
        "-wm BULK",
        "-wmb x",
        "-f 0",
        "-i 0",
        "-r 0s",
        "-bm sample",
        "-bm ss",
        "-bm all",
        "-bm avgt,thrpt",
        "-metric nonsense",
        "-cache hot",
        "-metric",
        "-bm thrpt -metric ttft",
        "-tu s -metric cacheHitPercent"
      })
  void rejectsInvalidAndUnsupportedOptionsByName(String options) {
    assertThatThrownBy(() -> of(Plain.class, options))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(options.split(" ")[0]);
  }

  @ParameterizedTest
  @CsvSource({"-r 0s, '-r must be above 0, got 0s'", "-bm foo, 'must be thrpt or avgt, got foo'"})
  void namesTheValueAsItWasGiven(String options, String message) {
    assertThatThrownBy(() -> of(Plain.class, options)).hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource({
    "ttft·p95, ms, AverageTime",
    "ttft.p95, ms, AverageTime",
    "failures, requests, AverageTime",
    "outputTokens, tokens, AverageTime",
    "responsesPerSecond, responses/s, Throughput",
    "requestsPerSecond, requests/s, Throughput",
    "goodputPercent, %, Throughput"
  })
  void derivesUnitAndModeFromTheScore(String metric, String unit, Mode mode) {
    Conditions conditions = of(Plain.class, "-metric " + metric);

    assertThat(conditions.units().unit(conditions.score())).isEqualTo(unit);
    assertThat(conditions.mode()).isEqualTo(mode);
  }
}
