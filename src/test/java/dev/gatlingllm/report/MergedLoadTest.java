package dev.gatlingllm.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.report.RunInfo.Load;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The load of several load generators, as the report of their merged run states it. */
class MergedLoadTest {

  private static Load load(String users, String injection) {
    return new Load(
        Map.of("users", users, "seed", "42"), List.of(injection), List.of("2 cores, 1024 MiB"));
  }

  @Test
  void countsWhatLoadGeneratorsInjectedAlike() {
    Load merged =
        Load.ofAll(
            List.of(
                load("7", "chat: constantConcurrentUsers(3, 20 seconds)"),
                load("7", "chat: constantConcurrentUsers(2, 20 seconds)"),
                load("7", "chat: constantConcurrentUsers(2, 20 seconds)")));

    assertThat(merged.injection())
        .containsExactly(
            "chat: constantConcurrentUsers(3, 20 seconds)",
            "2 × chat: constantConcurrentUsers(2, 20 seconds)");
    assertThat(merged.machine()).containsExactly("3 × 2 cores, 1024 MiB");
  }

  @Test
  void anInjectionThatIsSharedIsThereOnce() {
    String shared = "chat: constantRate(9.0, 30 seconds)" + Load.SHARED + "2 shards";

    assertThat(Load.ofAll(List.of(load("7", shared), load("7", shared))).injection())
        .containsExactly(shared);
  }

  @Test
  void aSettingThatDiffersHasTheValuesOfAll() {
    List<Load> loads = List.of(load("7", "a"), load("9", "b"), load("7", "c"));

    assertThat(Load.ofAll(loads).settings())
        .containsOnly(Map.entry("users", "7; 9"), Map.entry("seed", "42"));
  }
}
