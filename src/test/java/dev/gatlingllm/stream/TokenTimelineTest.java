package dev.gatlingllm.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TokenTimelineTest {

  private final TokenTimeline timeline = new TokenTimeline();

  @Test
  void growsWithTheResponse() {
    for (int i = 0; i < 1_000; i++) {
      timeline.output(i < 500, 0, i);
    }

    assertThat(timeline.chunks()).isEqualTo(1_000);
    assertThat(timeline.chunkNanosCopy()).isEqualTo(LongStream.range(0, 1_000).toArray());
    assertThat(timeline.ttfoNanos()).isEqualTo(500);
  }
}
