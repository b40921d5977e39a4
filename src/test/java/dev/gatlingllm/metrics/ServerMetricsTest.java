package dev.gatlingllm.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.metrics.ServerMetrics.Endpoint;
import dev.gatlingllm.metrics.ServerMetrics.Observed;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ServerMetricsTest {

  private static ServerMetrics of(Map<ServerSignal, Observed> signals, Endpoint... endpoints) {
    return new ServerMetrics(
        List.of(endpoints),
        0,
        20,
        signals,
        new TreeMap<>(Map.of(1, signals)),
        ServerMetrics.NONE.metrics(),
        new double[0],
        Map.of(),
        ServerMetrics.NONE.otherTimelines());
  }

  private static ServerMetrics read(double from, double tokens, String... urls) {
    return new ServerMetrics(
        Stream.of(urls).map(url -> new Endpoint(url, 9, 0, 0, false, null, tokens)).toList(),
        from,
        20,
        Map.of(ServerSignal.OUTPUT_TOKENS, Observed.counter(tokens)),
        ServerMetrics.NONE.byIteration(),
        ServerMetrics.NONE.metrics(),
        new double[0],
        Map.of(),
        ServerMetrics.NONE.otherTimelines());
  }

  @Test
  void countsAServerOnceThatAllLoadGeneratorsRead() {
    ServerMetrics one = read(1, 9_000, "a", "b");

    assertThat(one.and(read(2, 8_999, "b", "a"))).isSameAs(one);
    assertThat(one.and(ServerMetrics.NONE)).isSameAs(one);
    assertThat(ServerMetrics.NONE.and(one)).isSameAs(one);
    assertThat(one.mixesServers()).isFalse();
  }

  @Test
  void keepsTheLongestReadingOfAServerByTheTimeOfTheMerge() {
    ServerMetrics late = read(5, 7_000, "a").later(3);
    ServerMetrics longer = read(1, 9_000, "a");

    assertThat(late.fromSecond()).isEqualTo(8);
    assertThat(late.toSecond()).isEqualTo(23);
    assertThat(late.and(longer)).isSameAs(longer);
    assertThat(longer.and(late)).isSameAs(longer);
  }

  @Test
  void keepsOnlyTheEndpointsOfDifferentServers() {
    ServerMetrics both = read(1, 9_000, "a").and(read(0, 7_000, "b"));

    assertThat(both.mixesServers()).isTrue();
    assertThat(both.endpoints())
        .extracting(Endpoint::outputTokens)
        .containsExactly(9_000.0, 7_000.0);
    assertThat(both.fromSecond()).isZero();
    assertThat(both.delta(ServerSignal.OUTPUT_TOKENS)).isNull();
    assertThat(both.and(read(0, 9_000, "a")).mixesServers()).isTrue();
    assertThat(both.and(read(0, 16_000, "a", "b")).mixesServers()).isTrue();
    assertThat(read(0, 16_000, "a", "b").and(read(0, 9_000, "a")).mixesServers()).isTrue();
  }

  @Test
  void knowsNothingOfAWindowThatWasReadInPart() {
    ServerMetrics server =
        of(
            Map.of(
                ServerSignal.PREEMPTIONS, Observed.counter(0),
                ServerSignal.QUEUE_SECONDS, Observed.counter(3),
                ServerSignal.QUEUE_COUNT, Observed.counter(100)));

    assertThat(server.ofWindow(20))
        .isEqualTo(Map.of(Figure.SERVER_PREEMPTIONS, 0.0, Figure.SERVER_QUEUE, 30.0));
    assertThat(server.ofWindow(23)).isEmpty();
  }

  /** Half of the energy, or half of the preemptions, would be a better figure than the whole. */
  @Test
  void countsNothingWhereAnEndpointNeverAnswered() {
    Endpoint dead = new Endpoint("b", 0, 20, 0, false, "refused", null);
    ServerMetrics server =
        of(
            Map.of(
                ServerSignal.PREEMPTIONS, Observed.counter(0),
                ServerSignal.OUTPUT_TOKENS, Observed.counter(9_000),
                ServerSignal.ENERGY, Observed.counter(12_000)),
            new Endpoint("a", 20, 0, 0, false, null, null),
            dead);

    assertThat(server.ofWindow(20)).isEmpty();
    assertThat(server.figures(1)).isEmpty();
  }

  @Test
  void coversAShortWindowByReadingsASecondApart() {
    ServerMetrics late = read(0.4, 100, "a");

    assertThat(late.coversMost(1.5)).isTrue();
    assertThat(read(1.2, 100, "a").coversMost(1.5)).isFalse();
    assertThat(read(0.6, 100, "a").coversMost(1)).isFalse();
    assertThat(read(0.9, 100, "a").coversMost(4)).isTrue();
  }

  @Test
  void dividesTheTokensOfTheServerByItsEnergy() {
    ServerMetrics server =
        of(
            Map.of(
                ServerSignal.OUTPUT_TOKENS, Observed.counter(9_000),
                ServerSignal.ENERGY, Observed.counter(12_000)));

    assertThat(server.ofWindow(20))
        .containsExactly(Map.entry(Figure.SERVER_TOKENS_PER_JOULE, 0.75));
    assertThat(server.figures(1)).isEqualTo(server.ofWindow(20));
  }

  @Test
  void knowsNoTokensPerJouleWithoutACounterOfEnergy() {
    assertThat(of(Map.of(ServerSignal.OUTPUT_TOKENS, Observed.counter(9_000))).ofWindow(20))
        .isEmpty();
    assertThat(
            of(Map.of(
                    ServerSignal.OUTPUT_TOKENS, Observed.counter(9_000),
                    ServerSignal.ENERGY, Observed.counter(0)))
                .ofWindow(20))
        .isEmpty();
  }
}
