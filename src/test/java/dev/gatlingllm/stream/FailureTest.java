package dev.gatlingllm.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.text.Redactor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailureTest {

  @BeforeAll
  static void addSecret() {
    Redactor.ofProcess().addSecret("failure-test-0123456789");
  }

  @Test
  void isOneLineWithoutSecretsAndControlCharacters() {
    Failure failure =
        new Failure("http 401", " no\n[ERROR] \u001b[31m\u202e\u001e failure-test-0123456789");

    assertThat(failure.describe()).isEqualTo("http 401: no [ERROR] [31m [redacted]");
  }

  @Test
  void isCutAfterMasking() {
    String message = "x".repeat(995) + " failure-test-0123456789 is wrong";

    assertThat(new Failure("http 401", message).message())
        .hasSize(1_000)
        .isEqualTo("x".repeat(995) + " [re…");
  }

  @Test
  void keepsAnUnknownMessageUnknown() {
    assertThat(new Failure("http 401", null).message()).isNull();
  }

  @Test
  void noSecretOfAServersChoiceHidesTheKind() {
    Redactor.ofProcess().addCookie("malformed");

    assertThat(new Failure("malformed", "x").kind()).isEqualTo("malformed");
  }

  @Test
  void secretIsNoLabel() {
    ServerError error = new ServerError("failure-test-0123456789", "invalid_key", "no");

    assertThat(error.label("http 401", "401")).isEqualTo("http 401 invalid_key");
  }

  @Test
  void masksASecretInABodyBeforeTheExcerptIsCut() {
    String page = "<html>" + "y".repeat(180) + " failure-test-0123456789";

    assertThat(Excerpt.of(page)).endsWith("y [redacted]").doesNotContain("failure-test");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "Response with id 'resp_9a' not found. | Response with id 'resp_…' not found.",
        "request req_01-x of chatcmpl-3f failed | request req_… of chatcmpl-… failed",
        "trace 0f8fad5b-d9cb-469f-a165-70867728950e | trace …",
        "the field resp and 42 tokens | the field resp and 42 tokens",
      })
  void describesFailuresThatDifferOnlyInAnIdAlike(String message, String shown) {
    Failure failure = new Failure("http 404", message);

    assertThat(failure.describe()).isEqualTo("http 404: " + shown);
    assertThat(failure.message()).isEqualTo(message);
  }
}
