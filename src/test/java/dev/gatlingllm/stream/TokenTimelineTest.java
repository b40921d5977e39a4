package dev.gatlingllm.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TokenTimelineTest {

  private final TokenTimeline timeline = new TokenTimeline();

  @Test
  void growsWithTheResponse() {
    for (int i = 0; i < 1_000; i++) {
      timeline.output(i < 500, i);
    }

    assertThat(timeline.chunks()).isEqualTo(1_000);
    assertThat(timeline.chunkNanosCopy()).isEqualTo(LongStream.range(0, 1_000).toArray());
    assertThat(timeline.chunkNanos(999)).isEqualTo(999);
    assertThat(timeline.firstOutputNanos()).isEqualTo(500);
  }

  @Test
  void startsAfreshWhenTheRequestIsWrittenAgain() {
    ResponseReader reader = new ResponseReader(timeline);
    timeline.written(1);
    reader.onHead(307, null);
    reader.onEnd(2);
    assertThat(timeline.failure().kind()).isEqualTo("http 307");

    timeline.written(3);
    assertThat(timeline)
        .usingRecursiveComparison()
        .withEqualsForType((a, b) -> a.compareTo(b) == 0, StringBuilder.class)
        .isEqualTo(fresh(3));
    reader.onTransportFailure("refused", false, 4);
    assertThat(timeline.failure()).isEqualTo(new Failure("connection", "refused"));
  }

  private static TokenTimeline fresh(long writtenNanos) {
    TokenTimeline fresh = new TokenTimeline();
    fresh.written(writtenNanos);
    return fresh;
  }

  @Test
  void rejectsChunksThatDidNotCome() {
    timeline.output(false, 1);

    assertThatThrownBy(() -> timeline.chunkNanos(1)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> timeline.chunkNanos(-1)).isInstanceOf(IndexOutOfBoundsException.class);
  }
}
