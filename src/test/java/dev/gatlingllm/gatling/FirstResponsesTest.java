package dev.gatlingllm.gatling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.metrics.Response;
import dev.gatlingllm.metrics.Response.Repetition;
import org.junit.jupiter.api.Test;

class FirstResponsesTest {

  private final FirstResponses responses = new FirstResponses();

  @Test
  void tellsWhereAResponseDiffersFromTheFirst() {
    Repetition first = responses.compare("turn", "m", "one two three");

    assertThat(first.isFirst()).isTrue();
    assertThat(responses.compare("turn", "m", "one two three"))
        .isEqualTo(new Repetition(first.textHash(), false, Response.UNKNOWN));
    assertThat(responses.compare("turn", "m", "one too three").differsAt()).isEqualTo(5);
    assertThat(responses.compare("turn", "m", "one two").differsAt()).isEqualTo(7);
    assertThat(responses.compare("turn", "m", "one two three four").differsAt()).isEqualTo(13);
    assertThat(responses.compare("turn", "m", "").differsAt()).isZero();
  }

  @Test
  void comparesResponsesOfOneRequestAndModelOnly() {
    responses.compare("turn", "m", "one");

    assertThat(responses.compare("other turn", "m", "two").isFirst()).isTrue();
    assertThat(responses.compare("turn", "n", "three").isFirst()).isTrue();
    assertThat(responses.compare("turn", null, "four").isFirst()).isTrue();
    assertThat(responses.compare("turn", null, "four").isFirst()).isFalse();
  }

  @Test
  void hasNothingToCompareBeforeTheFirstText() {
    assertThat(responses.compare("turn", "m", " ")).isNull();
    assertThat(responses.compare("turn", "m", "one").isFirst()).isTrue();
  }
}
