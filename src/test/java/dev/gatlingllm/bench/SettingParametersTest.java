package dev.gatlingllm.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatlingllm.settings.SettingException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openjdk.jmh.annotations.Param;

/** Settings of forks as parameters of a benchmark. */
class SettingParametersTest {

  private static class Benchmark {
    @Param("8")
    int users;
  }

  private static List<Combination> combinations(String options) {
    return Combination.of(Benchmark.class, BenchOptions.parse(options));
  }

  @Test
  void measuresABenchmarkWithEachApi() {
    assertThat(combinations("-p api=chat,messages,responses"))
        .extracting(Combination::parameters)
        .containsExactly(
            Map.of("users", "8", "llm.api", "chat"),
            Map.of("users", "8", "llm.api", "messages"),
            Map.of("users", "8", "llm.api", "responses"));
    assertThat(combinations("-p llm.api=messages")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rate", "llm.rate"})
  void searchesASettingByEitherName(String name) {
    BenchOptions options =
        BenchOptions.parse("-search " + name + "=1..9 -objective ttft<1s -p api=chat,messages");
    List<Combination> all = Combination.of(Benchmark.class, options);

    List<Combination> bases = options.search().orElseThrow().bases(all);

    assertThat(bases).extracting(base -> base.value("api")).containsExactly("chat", "messages");
    assertThat(bases.get(0).with(name, "3").parameters())
        .isEqualTo(Map.of("users", "8", "llm.rate", "3", "llm.api", "chat"));
  }

  @Test
  void warnsOfOneThatHasNoEffect() {
    Combination api = combinations("-p api=messages -p seed=2").get(0);

    assertThat(api.warnings(List.of("llm.users", "llm.api")))
        .containsExactly(
            "# Warning: -p llm.api has no effect: this benchmark does not use the setting, or states"
                + " a value of its own.");
  }

  @Test
  void givesForksTheirSettings() {
    BenchOptions options =
        BenchOptions.parse("-Dllm.api=chat -p api=messages,responses -p users=2");
    List<String> command =
        ForkProcess.arguments(
            options, Combination.of(Benchmark.class, options).get(1), 1, Path.of("messages"));

    // of a property that is given twice, the JVM takes the last
    assertThat(command.indexOf("-Dllm.api=responses"))
        .isGreaterThan(command.indexOf("-Dllm.api=chat"))
        .isLessThan(command.indexOf("io.gatling.app.Gatling"));
    assertThat(command)
        .anyMatch(word -> word.startsWith("-Dllm.benchmark=-p users=2 -p llm.api=responses "))
        .doesNotContain("-Dllm.users=2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-p api=chat,bard | llm.api must be chat, completions, messages or responses, got bard",
        "-p history=server | llm.history must be messages or text for chat completions, got server",
        "-p llm.apis=chat | -p must be a parameter of",
        "-search rates=1..9 -objective ttft<1s | -p must be a parameter of",
      })
  void refusesInvalidSettingsBeforeTheFirstFork(String options, String message) {
    assertThatThrownBy(() -> combinations(options))
        .isInstanceOf(RuntimeException.class)
        .hasMessageContaining(message);
  }

  @Test
  void acceptsSettingsThatNeedEachOther() {
    assertThat(combinations("-p api=responses -p history=messages,server")).hasSize(2);
    assertThatThrownBy(() -> combinations("-p api=messages,responses -p history=server"))
        .isInstanceOf(SettingException.class);
  }
}
