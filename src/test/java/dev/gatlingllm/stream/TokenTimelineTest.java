package dev.gatlingllm.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"a\":[1,true]} | true",
        " 7 | true",
        "{\"a\":[1,tr | false",
        "{\"a\":1} and more | false",
        "Sure: {\"a\":1} | false",
        "'' | false"
      })
  void tellsWhetherTheTextIsJson(String text, boolean isJson) {
    timeline.append(new StringBuilder(text), new StringBuilder());

    assertThat(timeline.isJson()).isEqualTo(isJson);
  }
}
