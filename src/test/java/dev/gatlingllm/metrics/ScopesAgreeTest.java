package dev.gatlingllm.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.function.ToLongFunction;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** For any responses, the parts of a run add up to the whole. */
class ScopesAgreeTest {

  static List<Response> randomResponses(long seed, int count) {
    Random random = new Random(seed);
    List<Response> responses = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double written = random.nextInt(10_000);
      double[] chunks = new double[1 + random.nextInt(20)];
      double at = written;
      for (int c = 0; c < chunks.length; c++) {
        chunks[c] = at += random.nextInt(300);
      }
      TestResponse response =
          TestResponse.streamed(written, chunks)
              .output(chunks.length + random.nextInt(3))
              .request("request " + random.nextInt(3))
              .scenario("scenario " + random.nextInt(3))
              .group(random.nextInt(100))
              .turn(1 + random.nextInt(100))
              .input(random.nextInt(5_000));
      responses.add(
          (random.nextInt(5) == 0 ? response.failed("timeout", "late") : response).build());
    }
    return responses;
  }

  private static void assertPartsSumUp(
      ScopeSummary whole, Collection<ScopeSummary> parts, ToLongFunction<ScopeSummary> figure) {
    assertThat(parts.stream().mapToLong(figure).sum()).isEqualTo(figure.applyAsLong(whole));
  }

  @Property(tries = 20)
  void turnsGroupsScenariosAndRequestsAddUpToTheRun(
      @ForAll long seed, @ForAll @IntRange(min = 0, max = 200) int count) {
    RunSummary run = Runs.of(Window.openEnded(Duration.ofSeconds(3)), randomResponses(seed, count));
    ScopeSummary whole = run.overall();

    for (Collection<ScopeSummary> parts :
        List.of(
            whole.byTurn().values(),
            run.byGroup().values(),
            run.by(Breakdown.SCENARIO).values(),
            run.byRequest().values())) {
      assertPartsSumUp(whole, parts, scope -> scope.totals().ok());
      assertPartsSumUp(whole, parts, scope -> scope.totals().ko());
      for (Figure metric : whole.metrics().keySet()) {
        assertPartsSumUp(
            whole,
            parts,
            scope -> scope.metrics().containsKey(metric) ? scope.metrics().get(metric).count() : 0);
      }
    }
  }

  @Property(tries = 20)
  void secondsAddUpToTheRun(@ForAll long seed, @ForAll @IntRange(min = 1, max = 200) int count) {
    List<Response> responses = randomResponses(seed, count);
    ScopeSummary whole = Runs.of(Window.openEnded(Duration.ZERO), responses).overall();

    assertThat(whole.timeline().stream().mapToDouble(second -> second.outputTokens()).sum())
        .isCloseTo(whole.totals().count(Figure.TOTAL_OUTPUT_TOKENS), within(1e-6));
    assertThat(whole.timeline().stream().mapToLong(second -> second.requests()).sum())
        .isEqualTo(count);
    assertThat(whole.timeline().stream().mapToDouble(second -> second.activeStreams()).sum())
        .as("seconds in flight")
        .isCloseTo(
            responses.stream().mapToDouble(r -> r.timing().e2eNanos() / 1e9).sum(), within(1e-6));
  }
}
