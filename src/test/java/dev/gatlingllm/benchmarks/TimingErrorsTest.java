package dev.gatlingllm.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TimingErrorsTest {

  private static final long NEVER = Long.MAX_VALUE;

  private final TimingErrors errors = new TimingErrors();

  private static StreamMoments stream(long start, long... tokens) {
    return new StreamMoments("response", start, tokens);
  }

  @Test
  void ignoresTokensThatArriveAfterTheMeasurement() {
    errors.add(stream(0, 50, 60, 170), stream(0, 50, 60, 70), 100);
    errors.add(stream(90, 140, 150), stream(90, 140, 150), 100);

    assertThat(errors.ttft().count()).isEqualTo(1);
    assertThat(errors.icl().count()).isEqualTo(1);
    assertThat(errors.delay().millis(1)).isZero();
  }

  @Test
  void ignoresResponsesWithMissingTokens() {
    assertThatThrownBy(() -> errors.add(stream(0, 50), stream(0, 50, 60), NEVER))
        .hasMessage("response: 1 tokens arrived of 2");
  }
}
