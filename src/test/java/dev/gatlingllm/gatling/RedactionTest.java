package dev.gatlingllm.gatling;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatling.http.client.Request;
import io.gatling.http.client.RequestBuilder;
import io.gatling.http.client.uri.Uri;
import io.netty.handler.codec.http.HttpMethod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedactionTest {

  private static RequestBuilder to(String uri) {
    return new RequestBuilder("answer", HttpMethod.POST, Uri.create(uri), null);
  }

  private static Request with(String header, String value) {
    return to("http://llm.example/v1").addHeader(header, value).build();
  }

  @ParameterizedTest
  @CsvSource({
    "Authorization, Bearer sk-12345",
    "Authorization, sk-12345",
    "api-key, sk-12345",
    "X-Api-Key, sk-12345",
    "Ocp-Apim-Subscription-Key, sk-12345",
    "X-Auth-Token, sk-12345",
  })
  void removesTheCredentialsOfHeaders(String header, String value) {
    assertThat(Redaction.redact("invalid key sk-12345, really", with(header, value)))
        .isEqualTo("invalid key [redacted], really");
  }

  @Test
  void removesTheCredentialsOfAQueryAsSentAndDecoded() {
    Request request = to("http://llm.example/v1?key=sk%2F12345&stream=truest").build();

    assertThat(Redaction.redact("no sk%2F12345, no sk/12345, but truest", request))
        .isEqualTo("no [redacted], no [redacted], but truest");
  }

  @Test
  void leavesMessagesWithoutCredentialsAlone() {
    Request request = with("Content-Type", "application/json");

    assertThat(Redaction.redact("expected application/json", request))
        .isEqualTo("expected application/json");
    assertThat(Redaction.redact(null, request)).isNull();
  }

  @Test
  void doesNotTakeShortValuesForCredentials() {
    assertThat(Redaction.redact("EMPTY text", with("api-key", "EMPTY"))).isEqualTo("EMPTY text");
  }
}
