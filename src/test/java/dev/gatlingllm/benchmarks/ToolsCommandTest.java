package dev.gatlingllm.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests the figures of the comparison of load generators. */
class ToolsCommandTest {

  @Test
  void costIsPerMillionTokensWrittenDuringTheMeasurement() {
    StreamMoments stream =
        new StreamMoments("a", 0, new long[] {900_000_000, 1_000_000_000, 2_999_999_999L});
    StreamMoments later = new StreamMoments("b", 0, new long[] {3_000_000_000L});

    ToolCost cost = ToolCost.of(List.of(stream, later), 1_000_000_000, 3_000_000_000L, 40_000_000);

    assertThat(cost.tokensPerSecond()).isEqualTo(1);
    assertThat(cost.cpuPerMillion()).as("20 ms per token").isEqualTo(20_000);
  }

  @Test
  void comparesTheMedianRoundWithThatOfTheFirst() {
    Map<ToolKind, List<ToolCost>> costs = new EnumMap<>(ToolKind.class);
    costs.put(
        ToolKind.PLAIN, List.of(new ToolCost(1, 30), new ToolCost(2, 10), new ToolCost(3, 20)));
    costs.put(ToolKind.WRK, List.of(new ToolCost(4, 5)));

    assertThat(ToolsCommand.table(costs))
        .contains(
            "| plain Gatling http: checks the status, times responses |        3 |               "
                + " 20 |       1 |")
        .contains(
            "| wrk: reads the HTTP response                           |        4 |                "
                + " 5 |    0.25 |");
  }
}
