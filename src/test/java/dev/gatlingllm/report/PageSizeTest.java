package dev.gatlingllm.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** However long a run and however much it tells apart, a page stays a page. */
class PageSizeTest {

  private static final int MAX_BYTES = 1_000_000;

  private static TokensPage pages;

  @BeforeAll
  static void run() {
    pages = new TokensPage(TwoHours.report());
  }

  @Test
  void keepsTheIndexPageUnderAMegabyte() throws IOException {
    String index = pages.index();
    JsonNode data = new ObjectMapper().readTree(index);

    assertThat(index.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(MAX_BYTES);
    assertThat(data.get("byTurn")).hasSize(64);
    assertThat(data.get("byGroup")).hasSize(64);
    assertThat(data.get("byScenario")).hasSize(65);
    assertThat(data.get("byModel")).hasSize(33);
    assertThat(data.get("byRequest")).hasSizeGreaterThan(900);
    assertThat(data.get("failures")).hasSizeGreaterThan(100);
    assertThat(data.at("/timeline/second")).hasSizeBetween(300, 600);
    assertThat(data.at("/timeline/ttft/p99")).hasSameSizeAs(data.at("/timeline/second"));
  }

  @Test
  void keepsARequestPageUnderHalfAMegabyte() throws IOException {
    String answer = pages.request("answer", 1).orElseThrow();
    JsonNode data = new ObjectMapper().readTree(answer);

    assertThat(answer.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(MAX_BYTES / 2);
    assertThat(data.at("/timeline/second")).hasSizeBetween(300, 600);
  }

  @Test
  void losesNothingWhenStepsAreMerged() throws IOException {
    JsonNode data = new ObjectMapper().readTree(pages.index());
    JsonNode seconds = data.at("/timeline/second");
    long length = seconds.get(1).asLong() - seconds.get(0).asLong();
    double responses = 0;
    long ttfts = 0;
    for (int i = 0; i < seconds.size(); i++) {
      // the last step ends with the run
      long end = i + 1 < seconds.size() ? length : 0;
      responses +=
          end * (data.at("/timeline/ok/" + i).asDouble() + data.at("/timeline/ko/" + i).asDouble());
      ttfts += data.at("/timeline/ttft/count/" + i).asLong();
    }

    assertThat(length).isGreaterThan(1);
    assertThat(ttfts).isEqualTo(TwoHours.RESPONSES - TwoHours.RESPONSES / 36);
    assertThat(responses).isBetween(TwoHours.RESPONSES * .99, TwoHours.RESPONSES * 1.01);
  }
}
