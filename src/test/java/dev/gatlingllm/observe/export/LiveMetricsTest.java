package dev.gatlingllm.observe.export;

import static dev.gatlingllm.observe.export.ExportedResponses.counts;
import static dev.gatlingllm.observe.export.ExportedResponses.metrics;
import static dev.gatlingllm.observe.export.ExportedResponses.turn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.gatlingllm.metrics.LiveFigures;
import dev.gatlingllm.metrics.Objectives;
import dev.gatlingllm.metrics.Response;
import dev.gatlingllm.metrics.Response.Status;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LiveMetricsTest {

  private static final String MEASURED = "scenario=chat request=answer phase=measured";

  @Test
  void tellsTurnsGroupsAndStatesOfTheCacheApart() {
    LiveMetrics metrics =
        metrics(
            Objectives.NONE,
            turn(1, 0, 2_000, 300, 10, 5).build(),
            turn(2, 0, 3_000, 100, 10, 5).build(),
            turn(2, 1, 3_000, 100, 10, 5).build());

    assertThat(counts(metrics, ExportedMetric.TIME_TO_FIRST_TOKEN))
        .containsOnly(
            entry(MEASURED + " turn=1 group=0 cache=cold", 1L),
            entry(MEASURED + " turn=2 group=0 cache=warm", 1L),
            entry(MEASURED + " turn=2 group=1 cache=warm", 1L));
    assertThat(counts(metrics, ExportedMetric.TIME_PER_OUTPUT_CHUNK))
        .containsOnly(entry(MEASURED, 12L));
  }

  @Test
  void knowsNoStateOfTheCacheOfAnAbandonedResponseWithoutAReport() {
    LiveMetrics metrics =
        metrics(
            Objectives.NONE,
            turn(2, 0, 2_000, 100, 10, 5).build(),
            turn(2, 0, 3_000, 100, 10, 5)
                .promptTokens(100, Response.UNKNOWN)
                .status(Status.ABANDONED)
                .build());

    assertThat(counts(metrics, ExportedMetric.TIME_TO_FIRST_TOKEN))
        .containsOnly(
            entry(MEASURED + " turn=2 group=0 cache=warm", 1L),
            entry(MEASURED + " turn=2 group=0", 1L));
  }

  @Test
  void latenciesAreInSeconds() {
    LiveMetrics metrics = metrics(Objectives.NONE, turn(1, 0, 2_000, 300, 10, 5).build());

    assertThat(metrics.snapshot().get(ExportedMetric.TIME_TO_FIRST_TOKEN).get(0).histogram().sum())
        .isEqualTo(0.3);
    assertThat(metrics.snapshot().get(ExportedMetric.OPERATION_DURATION).get(0).histogram().sum())
        .isEqualTo(0.34);
  }

  @Test
  void addsTheTokensOfEachKind() {
    LiveMetrics metrics =
        metrics(
            Objectives.NONE,
            turn(2, 0, 2_000, 300, 10, 5).build(),
            turn(2, 0, 3_000, 300, 10, 7).build());
    String labels = MEASURED + " turn=2 group=0 gen_ai.token.type=";

    assertThat(counts(metrics, ExportedMetric.TOKENS))
        .containsOnly(
            entry(labels + "input", 200L),
            entry(labels + "cached", 160L),
            entry(labels + "reusable", 80L),
            entry(labels + "output", 12L));
    assertThat(counts(metrics, ExportedMetric.TOKEN_USAGE))
        .containsOnly(
            entry(MEASURED + " gen_ai.token.type=input", 2L),
            entry(MEASURED + " gen_ai.token.type=output", 2L));
  }

  @Test
  void embeddingsHaveNoNumberOfOutputTokens() {
    LiveMetrics metrics = metrics(Objectives.NONE, turn(1, 0, 2_000, 300, 10, 0).build());

    assertThat(counts(metrics, ExportedMetric.TOKEN_USAGE))
        .containsOnly(entry(MEASURED + " gen_ai.token.type=input", 1L));
  }

  @Test
  void failedRequestsHaveADurationAndAReason() {
    LiveMetrics metrics =
        metrics(
            Objectives.NONE,
            turn(1, 0, 2_000, 300, 10, 0).failure("http 503", "overloaded").build());

    assertThat(counts(metrics, ExportedMetric.REQUESTS))
        .containsOnly(
            entry(MEASURED + " turn=1 group=0 cache=cold status=ko error.type=http 503", 1L));
    assertThat(counts(metrics, ExportedMetric.OPERATION_DURATION))
        .containsOnly(entry(MEASURED + " error.type=http 503", 1L));
    assertThat(counts(metrics, ExportedMetric.TIME_TO_FIRST_TOKEN)).isEmpty();
  }

  @Test
  void cutAndAbandonedRequestsHaveNoDurationAndUnsentTurnsAreNoRequests() {
    LiveMetrics metrics =
        metrics(
            Objectives.NONE,
            turn(1, 0, 2_000, 300, 10, 5).status(Status.CUT).build(),
            turn(1, 0, 2_000, 300, 10, 5).status(Status.ABANDONED).build(),
            turn(2, 0, 2_000, 300, 10, 0)
                .status(Status.UNSENT)
                .failure("context window", "does not fit")
                .build());

    assertThat(counts(metrics, ExportedMetric.REQUESTS))
        .containsOnly(
            entry(MEASURED + " turn=1 group=0 cache=cold status=cut", 1L),
            entry(MEASURED + " turn=1 group=0 cache=cold status=abandoned", 1L));
    assertThat(counts(metrics, ExportedMetric.OPERATION_DURATION)).isEmpty();
    assertThat(counts(metrics, ExportedMetric.TIME_TO_FIRST_TOKEN).values()).containsExactly(2L);
  }

  @Test
  void requestsOfTheWarmUpAddNoLatencyToTheMeasuredWindow() {
    LiveMetrics metrics =
        metrics(
            Objectives.NONE,
            turn(1, 0, 100, 200, 10, 5).build(),
            turn(1, 0, 900, 200, 10, 5).build(),
            turn(1, 0, 9_900, 200, 10, 5).build());

    assertThat(counts(metrics, ExportedMetric.OPERATION_DURATION))
        .containsOnly(
            entry("scenario=chat request=answer phase=warmup", 2L),
            entry("scenario=chat request=answer phase=drain", 1L));
    assertThat(counts(metrics, ExportedMetric.REQUESTS))
        .extractingByKey(MEASURED + " turn=1 group=0 cache=cold status=ok")
        .isEqualTo(1L);
  }

  @Test
  void countsRequestsThatMeetTheObjectives() {
    LiveMetrics metrics =
        metrics(
            Objectives.parse("ttft<250ms"),
            turn(1, 0, 2_000, 200, 10, 5).build(),
            turn(1, 0, 2_000, 300, 10, 5).build(),
            turn(1, 0, 2_000, 200, 10, 5).failure("truncated", null).build());

    assertThat(counts(metrics, ExportedMetric.GOOD_REQUESTS)).containsOnly(entry(MEASURED, 1L));
  }

  @Test
  void countsRequestsAndChunksBeforeTheyEnd() {
    LiveFigures live = new LiveFigures();
    live.recordWritten(0);
    live.recordWritten(0);
    live.recordEnd();
    live.recordChunks(3);
    LiveMetrics metrics = metrics(Objectives.NONE, live, List.of());

    assertThat(counts(metrics, ExportedMetric.ACTIVE_REQUESTS)).containsOnly(entry("", 1L));
    assertThat(counts(metrics, ExportedMetric.OUTPUT_CHUNKS)).containsOnly(entry("", 3L));
  }

  @ParameterizedTest
  @EnumSource
  void thePageListsEachMetric(ExportedMetric metric) {
    String suffix = metric.kind() == ExportedMetric.Kind.COUNTER ? "_total" : "";

    assertThat(Path.of("docs/live-metrics.md"))
        .content()
        .contains("| `" + metric.key() + "` | `" + metric.prometheusName() + suffix + "` |");
  }

  @Test
  void aMetricHasALimitedNumberOfSeriesAndOneForTheRest() {
    int groups = LiveMetrics.MAX_SERIES + 20;
    LiveMetrics metrics =
        metrics(
            Objectives.NONE,
            IntStream.range(0, groups)
                .mapToObj(group -> turn(1, group, 2_000, 200, 10, 5).build())
                .toArray(Response[]::new));

    assertThat(counts(metrics, ExportedMetric.REQUESTS))
        .hasSize(LiveMetrics.MAX_SERIES + 1)
        .containsEntry(
            "scenario=other request=other phase=measured turn=other group=other cache=other"
                + " status=ok error.type=other",
            20L);
    assertThat(metrics.unlabelled()).isEqualTo(20);
  }
}
