package dev.gatlingllm.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TruthLogTest {

  private static RequestTruth truth(int number, int tokens) {
    return new RequestTruth(
        "cmpl-" + number,
        null,
        "/v1/completions",
        "HTTP/1.1",
        true,
        200,
        RequestTruth.RequestOutcome.COMPLETE,
        null,
        new RequestTruth.Tokens(1, 0, tokens, tokens),
        new RequestTruth.Times(0, 0, 0, 0, 0, 0, new long[tokens], new long[tokens], 0, 0));
  }

  @Test
  void removesOldestRequests() {
    TruthLog log = new TruthLog(3, (sequence, truth) -> {});
    for (int i = 1; i <= 5; i++) {
      log.add(truth(i, 1));
    }

    assertThat(log.all())
        .extracting(RequestTruth::id)
        .containsExactly("cmpl-3", "cmpl-4", "cmpl-5");
    assertThat(log.find("cmpl-2")).isEmpty();
    assertThat(log.find("cmpl-4")).isPresent();
  }

  @Test
  void longResponsesReduceCapacity() {
    TruthLog log = new TruthLog(3, (sequence, truth) -> {});
    log.add(truth(1, 100));
    log.add(truth(2, 90));
    log.add(truth(3, 90));

    assertThat(log.all()).extracting(RequestTruth::id).containsExactly("cmpl-2", "cmpl-3");
  }

  @Test
  void keepsLatestRequestOfAnyLength() {
    TruthLog log = new TruthLog(3, (sequence, truth) -> {});
    log.add(truth(1, 1000));

    assertThat(log.all()).hasSize(1);
  }
}
