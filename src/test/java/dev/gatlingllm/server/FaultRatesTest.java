package dev.gatlingllm.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FaultRatesTest {

  private static final List<String> TEXTS = List.of("reset=0.02", "stall=0.05:after=3:2s");

  private static byte[] body(int number) {
    return ("{\"prompt\":\"question " + number + "\"}").getBytes(UTF_8);
  }

  private static String met(FaultRates rates, int number) {
    Fault fault = rates.forRequest(body(number));
    return fault == null ? "none" : fault.toString();
  }

  @Test
  void injectsFaultsAtTheirRates() {
    FaultRates rates = new FaultRates(TEXTS, 7);
    Map<String, Long> counts =
        IntStream.range(0, 10_000)
            .mapToObj(i -> met(rates, i))
            .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));

    assertThat(counts).containsOnlyKeys("none", "reset", "stall;after=3;for=2s");
    assertThat(counts.get("reset")).isCloseTo(200, within(50L));
    assertThat(counts.get("stall;after=3;for=2s")).isCloseTo(500, within(80L));
  }

  @Test
  void faultsDependOnSeedButNotOnOrder() {
    FaultRates rates = new FaultRates(TEXTS, 7);
    FaultRates same = new FaultRates(TEXTS, 7);
    FaultRates other = new FaultRates(TEXTS, 8);
    List<String> forwards = IntStream.range(0, 1_000).mapToObj(i -> met(rates, i)).toList();
    List<String> backwards = IntStream.range(0, 1_000).mapToObj(i -> met(same, 999 - i)).toList();

    assertThat(Stream.iterate(999, i -> i - 1).limit(1_000).map(backwards::get).toList())
        .isEqualTo(forwards);
    assertThat(IntStream.range(0, 1_000).mapToObj(i -> met(other, i)).toList())
        .isNotEqualTo(forwards);
  }

  @Test
  void decidesAgainForRepeatedBody() {
    FaultRates rates = new FaultRates(List.of("reset=0.5"), 7);

    assertThat(IntStream.range(0, 50).mapToObj(i -> met(rates, 1))).contains("none", "reset");
  }

  @Test
  void rejectsRatesWithSumAboveOne() {
    assertThat(new FaultRates(List.of("429=0.7", "500=0.2", "503=0.1"), 0).texts()).hasSize(3);
    assertThatThrownBy(() -> new FaultRates(List.of("429=0.7", "reset=0.4"), 0))
        .hasMessageContaining("the sum of the fault rates [429=0.7, reset=0.4] must be at most 1");
  }

  @Test
  void choosesPositionWithinResponse() {
    Fault fault = Fault.parse("reset");

    assertThat(IntStream.range(0, 200).map(seed -> fault.in(4, seed).after()).distinct().sorted())
        .containsExactly(1, 2, 3);
    assertThat(fault.in(1, 5).after()).isEqualTo(1);
    assertThat(Fault.parse("reset;after=9").in(4, 5).after()).isEqualTo(4);
  }
}
