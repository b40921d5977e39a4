package dev.gatlingllm.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

/** Records the events of a generation, with times in ms since the start of the clock. */
class RecordingListener implements Generation.Listener {

  final List<Long> dues = new ArrayList<>();
  final List<Long> told = new ArrayList<>();
  private final FakeClock clock;
  long admitted = -1;
  long prefillStarted = -1;
  long prefillEnded = -1;
  int cached = -1;
  boolean finished;

  RecordingListener(FakeClock clock) {
    this.clock = clock;
  }

  @Override
  public void admitted(long nanos) {
    assertThat(admitted).isEqualTo(-1);
    admitted = clock.millis(nanos);
  }

  @Override
  public void prefillStarted(int cachedTokens, long nanos) {
    assertThat(prefillStarted).isEqualTo(-1);
    prefillStarted = clock.millis(nanos);
    cached = cachedTokens;
  }

  @Override
  public void prefillEnded(long nanos) {
    assertThat(prefillEnded).isEqualTo(-1);
    prefillEnded = clock.millis(nanos);
  }

  @Override
  public void tokens(int count, long dueNanos) {
    assertThat(finished).isFalse();
    for (int i = 0; i < count; i++) {
      dues.add(clock.millis(dueNanos));
      told.add(clock.millis(clock.nanoTime()));
    }
  }

  @Override
  public void finished() {
    assertThat(finished).isFalse();
    finished = true;
  }
}
