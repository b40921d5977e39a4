package dev.gatlingllm.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.gatlingllm.Distribution;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsedSettingsTest {

  @BeforeEach
  @AfterEach
  void forget() {
    UsedSettings.clear();
  }

  private static LlmSettings read(String... settings) {
    Properties properties = new Properties();
    for (String setting : settings) {
      int value = setting.indexOf('=');
      properties.setProperty(setting.substring(0, value), setting.substring(value + 1));
    }
    return LlmSettings.read(ClassLoader.getPlatformClassLoader(), Map.of(), properties)
        .tellingUsed();
  }

  @Test
  void areThoseThatWereAskedForInTheirTextForm() {
    LlmSettings settings = read("llm.turns=forever", "llm.thinkTime=500ms", "llm.users=3");
    settings.get(Setting.TURNS);
    settings.get(Setting.THINK_TIME);
    settings.find(Setting.RATE);
    settings.get(Setting.SEED);

    settings = read("llm.startAt=1795780770+30s");
    settings.get(Setting.START_AT);

    assertThat(UsedSettings.get())
        .as("llm.users was set, but not asked for; the seed is recorded elsewhere")
        .containsExactly(
            entry("thinkTime", "500ms"),
            entry("startAt", "2026-11-27T12:00:00Z"),
            entry("turns", "forever"));
  }

  @Test
  void tellThoseWithoutEffect() {
    Properties given = new Properties();
    given.setProperty("llm.users", "3");
    given.setProperty("llm.turns", "2");
    given.setProperty("llm.duration", "5s");
    Map<String, String> environment = Map.of("LLM_GROUPS", "2", "LLM_SHARD", "1/1", "LLM_SEED", "");
    LlmSettings settings =
        LlmSettings.read(ClassLoader.getPlatformClassLoader(), environment, given).tellingUsed();
    settings.get(Setting.DURATION);
    settings.with(Setting.TURNS, Setting.FOREVER).get(Setting.TURNS);
    settings.forTheRecord().get(Setting.USERS);

    assertThat(UsedSettings.withoutEffect(environment, given))
        .as("llm.users and llm.groups are not asked for, llm.turns is replaced")
        .containsExactly("llm.users", "llm.groups", "llm.turns");

    settings.get(Setting.TURNS);
    assertThat(UsedSettings.withoutEffect(environment, given))
        .as("one of several workloads uses llm.turns")
        .containsExactly("llm.users", "llm.groups");
  }

  @Test
  void haveNoTemporaryFileOfABenchmarksRunner() {
    UsedSettings.add(
        Setting.BENCHMARK, "-p users=8 -of 20260102 -forked /tmp/fork7/messages.jsonl");

    assertThat(UsedSettings.get()).containsExactly(entry("benchmark", "-p users=8 -of 20260102"));
  }

  @Test
  void haveTheValuesOfAllWorkloads() {
    LlmSettings settings = read("llm.groups=4");
    settings.with(Setting.OUTPUT_TOKENS, Distribution.uniform(8, 16)).get(Setting.OUTPUT_TOKENS);
    settings.with(Setting.OUTPUT_TOKENS, Distribution.constant(32)).get(Setting.OUTPUT_TOKENS);
    settings.with(Setting.TURNS, Setting.FOREVER).get(Setting.TURNS);
    UsedSettings.add(Setting.WARMUP, Duration.ofMillis(1_500));

    assertThat(UsedSettings.get())
        .containsOnly(
            entry("outputTokens", "32; uniform(8,16)"),
            entry("turns", "forever"),
            entry("warmup", "1500ms"));
  }

  @Test
  void showNoPathsOfTheMachine() {
    read("llm.replay=/home/anna/traces/day.jsonl").find(Setting.REPLAY);
    UsedSettings.add(Setting.CORPUS, Path.of("/home/anna/words.txt"));
    UsedSettings.add(Setting.JSON_SCHEMA, "{\"type\":\"object\"}");

    assertThat(UsedSettings.get())
        .containsOnly(
            entry("replay", "traces/day.jsonl"),
            entry("corpus", "anna/words.txt"),
            entry("jsonSchema", "{\"type\":\"object\"}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "extraBody | {\"top_k\":5,\"any\":\"secret\",\"on\":true} |"
            + " {\"top_k\":5,\"any\":\"…\",\"on\":true}",
        "affinityValue | Bearer 0123456789 | Bearer [redacted]",
      })
  void showNoSecrets(String name, String value, String shown) {
    LlmSettings settings = read("llm.affinityHeader=X", "llm." + name + "=" + value);
    settings.find(Setting.declared().get("llm." + name));

    assertThat(UsedSettings.get()).containsOnly(entry(name, shown));
  }

  @Test
  void showThatTheSimulationDecides() {
    read().with(Setting.GROUP_WEIGHTS, number -> null).get(Setting.GROUP_WEIGHTS);
    read().with(Setting.OUTPUT_TOKENS, Setting.OF_A_FEEDER).get(Setting.OUTPUT_TOKENS);
    read().with(Setting.QUESTION_TOKENS, Setting.OF_TEXTS).get(Setting.QUESTION_TOKENS);

    assertThat(UsedSettings.get())
        .containsOnly(
            entry("groupWeights", "set by the simulation"),
            entry("questionTokens", "texts set by the simulation"),
            entry("outputTokens", "set by the simulation"));
  }
}
