package dev.gatlingllm.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.metrics.RunSummary.FailureCount;
import dev.gatlingllm.stream.Failure;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FailureCountsTest {

  private final FailureCounts failures = new FailureCounts();

  @Test
  void countsByKindWithDistinctExamplesInOrder() {
    failures.add(new Failure("truncated", "first"));
    failures.add(new Failure("truncated", "second"));
    failures.add(new Failure("truncated", "first"));
    failures.add(new Failure("timeout", null));

    assertThat(failures.summary())
        .containsExactly(
            Map.entry("timeout", new FailureCount(1, List.of())),
            Map.entry("truncated", new FailureCount(3, List.of("first", "second"))));
  }

  @Test
  void keepsAFewExamplesOfBoundedLength() {
    for (int i = 0; i < 20; i++) {
      failures.add(new Failure("http 500", i + "x".repeat(10_000)));
    }

    assertThat(failures.summary().get("http 500").count()).isEqualTo(20);
    assertThat(failures.summary().get("http 500").examples())
        .hasSize(FailureCounts.MAX_EXAMPLES)
        .allSatisfy(example -> assertThat(example).hasSize(FailureCounts.MAX_CHARS));
  }

  @Test
  void cutsBetweenCharacters() {
    failures.add(new Failure("http 500", "x".repeat(FailureCounts.MAX_CHARS - 1) + "😀"));

    assertThat(failures.summary().get("http 500").examples())
        .containsExactly("x".repeat(FailureCounts.MAX_CHARS - 1));
  }

  @Test
  void poolsKindsAboveTheCap() {
    for (int i = 0; i < FailureCounts.MAX_KINDS + 7; i++) {
      failures.add(new Failure("kind " + i, "message"));
    }
    failures.add(new Failure("kind 0", "message"));

    assertThat(failures.summary()).hasSize(FailureCounts.MAX_KINDS + 1);
    assertThat(failures.summary().get(FailureCounts.OTHER_KINDS).count()).isEqualTo(7);
    assertThat(failures.summary().get("kind 0").count()).isEqualTo(2);
  }
}
