package dev.gatlingllm.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.metrics.ServerMetrics.Observed;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ServerMetricsTest {

  private static ServerMetrics of(Map<ServerSignal, Observed> signals) {
    return new ServerMetrics(
        ServerMetrics.NONE.endpoints(),
        0,
        20,
        signals,
        new TreeMap<>(Map.of(1, signals)),
        ServerMetrics.NONE.metrics(),
        new double[0],
        Map.of(),
        ServerMetrics.NONE.otherTimelines());
  }

  @Test
  void dividesTheTokensOfTheServerByItsEnergy() {
    ServerMetrics server =
        of(
            Map.of(
                ServerSignal.OUTPUT_TOKENS, Observed.counter(9_000),
                ServerSignal.ENERGY, Observed.counter(12_000)));

    assertThat(server.figures()).containsExactly(Map.entry(Figure.SERVER_TOKENS_PER_JOULE, 0.75));
    assertThat(server.figures(1)).isEqualTo(server.figures());
  }

  @Test
  void knowsNoTokensPerJouleWithoutACounterOfEnergy() {
    assertThat(of(Map.of(ServerSignal.OUTPUT_TOKENS, Observed.counter(9_000))).figures()).isEmpty();
    assertThat(
            of(Map.of(
                    ServerSignal.OUTPUT_TOKENS, Observed.counter(9_000),
                    ServerSignal.ENERGY, Observed.counter(0)))
                .figures())
        .isEmpty();
  }
}
