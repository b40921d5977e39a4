package dev.gatlingllm.stream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Responses that are numbers. */
class EmbeddingsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"object\":\"list\",\"data\":[{\"index\":0,\"embedding\":[0.1,-2]}],"
            + "\"usage\":{\"prompt_tokens\":7,\"total_tokens\":7}}",
        "{\"data\":[{\"embedding\":\"AACAPw==\"}],\"usage\":{\"prompt_tokens\":7}}",
        "{\"model\":\"m\",\"embeddings\":[[1,2],[3]],\"prompt_eval_count\":7}",
        "{\"results\":[{\"index\":1,\"document\":{\"text\":\"t\"},\"relevance_score\":0.9}],"
            + "\"usage\":{\"prompt_tokens\":7,\"total_tokens\":7}}",
        "{\"usage\":{\"total_tokens\":7},\"results\":[{\"index\":1,\"relevance_score\":0.9}]}",
      })
  void areGoodWithoutOutput(String body) {
    TokenTimeline timeline = Served.json(body).end();

    assertThat(timeline.failure()).isNull();
    assertThat(timeline.inputTokens()).isEqualTo(7);
    assertThat(timeline.chunks()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"object\":\"list\",\"data\":[]}",
        "{\"object\":\"list\",\"data\":[{\"embedding\":[]}]}",
        "{\"object\":\"list\",\"data\":[{\"embedding\":[null,null]}]}",
        "{\"object\":\"list\",\"data\":[{\"embedding\":\"\"}]}",
        "{\"model\":\"m\",\"embeddings\":[],\"prompt_eval_count\":7}",
        "{\"model\":\"m\",\"embeddings\":[[]]}",
      })
  void withoutNumbersAreNoResponse(String body) {
    assertThat(Served.json(body).end().failure()).isNotNull();
  }
}
