package dev.gatlingllm.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.gatlingllm.metrics.Figure.Direction;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FigureTest {

  @ParameterizedTest
  @CsvSource({
    "inputTokensPerSecond, NEITHER",
    "outputTokensPerSecond, HIGHER_IS_BETTER",
    "expectedReusablePercent, NEITHER",
    "cacheHitPercent, HIGHER_IS_BETTER",
    "goodputPercent, HIGHER_IS_BETTER",
    "failedPercent, LOWER_IS_BETTER",
    "clientCpuPercent, LOWER_IS_BETTER",
    "ttft, LOWER_IS_BETTER"
  })
  void knowsItsDirectionWhateverItsUnit(String key, Direction direction) {
    assertThat(Figure.byKey(key)).map(Figure::direction).contains(direction);
  }

  @Test
  void hasOneNameInEachFile() {
    assertThat(Figure.totals()).extracting(Figure::fileKey).doesNotHaveDuplicates();
    assertThat(Figure.distributions()).extracting(Figure::fileKey).doesNotHaveDuplicates();
    assertThat(Figure.values()).extracting(Figure::key).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @CsvSource({
    "ttft, ttft, TTFT mean",
    "ttft·p95, ttft·p95, TTFT p95",
    "ttft.p99.9, ttft·p999, TTFT p99.9",
    "icl-p999, icl·p999, ICL p99.9",
    "e2e max, e2e·max, E2E max",
    "tpot p12.5, tpot·p125, TPOT p12.5",
    "scheduleDelay stddev, scheduleDelay·stddev, schedule delay standard deviation",
    "cacheHitPercent, cacheHitPercent, cache hit"
  })
  void indicatorsNameOneStatistic(String text, String label, String words) {
    Indicator indicator = Indicator.parse(text).orElseThrow();

    assertThat(indicator.label()).isEqualTo(label);
    assertThat(indicator.words()).isEqualTo(words);
    assertThat(Indicator.parse(label)).contains(indicator);
  }

  @Test
  void indicatorsNeedAFigureAndAStatisticThatExist() {
    assertThat(Stream.of("tftt", "ttft·p", "ttft·p0", "ttft·median", "requests·p50", ""))
        .allSatisfy(text -> assertThat(Indicator.parse(text)).as(text).isEmpty());
  }

  /** A thinned curve of 400 points would be off by a quarter of a percent and more. */
  @ParameterizedTest
  @CsvSource({"60, 60060", "97, 97097", "97.5, 97597.5", "99.5, 99599.5"})
  void givesAnyPercentileToThreeDigits(String percentile, double millis) {
    TestResponse[] responses =
        IntStream.rangeClosed(1, 1_000)
            .mapToObj(i -> TestResponse.streamed(0, 100L * i))
            .toArray(TestResponse[]::new);
    Indicator indicator = Indicator.parse("ttft·p" + percentile).orElseThrow();

    assertThat(indicator.of(Runs.of(responses).overall()).orElseThrow())
        .isCloseTo(millis, withinPercentage(0.1));
  }

  @Test
  void emptyWindowHasRatesOfZeroAndNoLatency() {
    List<String> zero =
        Stream.of(Figure.values())
            .map(Indicator::of)
            .filter(indicator -> indicator.of(null, null).isPresent())
            .map(Indicator::label)
            .toList();

    assertThat(zero)
        .contains("requests", "failures", "outputTokensPerSecond", "requestsPerSecond")
        .doesNotContain("ttft", "failedPercent", "cacheHitPercent", "clientCpuPercent");
  }

  /** Failures come fast, and must not make a server look better. */
  @Test
  void failuresDoNotAddToTheRateOfResponses() {
    ScopeSummary rejecting =
        Runs.of(
                Runs.seconds(0, 1),
                TestResponse.streamed(0, 900),
                TestResponse.streamed(0, 100).failed("status", null),
                TestResponse.streamed(0, 100).failed("status", null))
            .overall();

    assertThat(Indicator.of(Figure.RESPONSES_PER_SECOND).of(rejecting).orElseThrow())
        .isCloseTo(1 / 0.9, withinPercentage(0.1));
    assertThat(Indicator.of(Figure.REQUESTS_PER_SECOND).of(rejecting).orElseThrow())
        .isCloseTo(3 / 0.9, withinPercentage(0.1));
    assertThat(Figure.RESPONSES_PER_SECOND.direction()).isEqualTo(Direction.HIGHER_IS_BETTER);
    assertThat(Figure.REQUESTS_PER_SECOND.direction()).isEqualTo(Direction.NEITHER);
    assertThat(Figure.headlines()).doesNotContain(Figure.REQUESTS_PER_SECOND);
  }

  @Test
  void inputRateIsUnknownOnlyIfSuccessfulResponsesHaveNoCount() {
    Indicator rate = Indicator.of(Figure.INPUT_TOKENS_PER_SECOND);

    assertThat(rate.of(Runs.of(TestResponse.streamed(0, 100).failed("status", null)).overall()))
        .hasValue(0);
    assertThat(rate.of(Runs.of(TestResponse.streamed(0, 100)).overall())).isEmpty();
    assertThat(rate.of(Runs.of(TestResponse.streamed(0, 1_000).input(50)).overall())).hasValue(50);
  }
}
