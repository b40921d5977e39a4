package dev.gatlingllm.gatling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.text.Redactor;
import io.gatling.core.session.Session$;
import io.gatling.http.client.Request;
import io.gatling.http.client.RequestBuilder;
import io.gatling.http.client.body.string.StringRequestBodyBuilder;
import io.gatling.http.client.realm.BasicRealm;
import io.gatling.http.client.uri.Uri;
import io.gatling.http.engine.tx.HttpTx;
import io.gatling.http.request.HttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.cookie.DefaultCookie;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import scala.Option;

class CredentialsTest {

  private static final Uri ASKED = Uri.create("https://llm.example/v1/chat/completions");

  private static HttpTx redirectedTo(String uri) {
    Request request =
        new RequestBuilder("ask", HttpMethod.POST, Uri.create(uri), null)
            .addHeader("Authorization", "Bearer sk-12345")
            .addHeader("api-key", "sk-12345")
            .addHeader("X-Api-Key", "sk-12345")
            .addHeader("Cookie", "session=sk-12345")
            .addHeader("Content-Type", "application/json")
            .addHeader("Referer", "https://llm.example/v1?key=sk-12345")
            .setRealm(new BasicRealm("bob", "sk-12345"))
            .build();
    return sending(request);
  }

  private static HttpTx sending(Request request) {
    return HttpTx.apply(
        Session$.MODULE$.apply("chat", 7, null),
        HttpRequest.apply("ask", request, null),
        null,
        Option.empty(),
        1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://other.example/v1",
        "https://llm.example:8443/v1",
        "http://llm.example/v1",
        "http://llm.example:443/v1",
      })
  void dropsCredentialsWhereARedirectLeadsToAnotherServer(String location) {
    Request sent = Credentials.keepAt(ASKED, redirectedTo(location)).request().clientRequest();

    assertThat(sent.getHeaders().names())
        .contains("Content-Type")
        .doesNotContain("Authorization", "api-key", "X-Api-Key", "Cookie", "Referer");
    assertThat(sent.getRealm()).isNull();
    assertThat(sent.getUri().toUrl()).isEqualTo(location);
  }

  @Test
  void dropsSecretsInOtherHeadersAndBodiesWhereARedirectLeadsToAnotherServer() {
    Redactor.ofProcess().addSecret("Zq7ofAnotherHeader9");
    Request request =
        new RequestBuilder("ask", HttpMethod.POST, Uri.create("https://other.example/v1"), null)
            .addHeader("X-Tenant", "one of Zq7ofAnotherHeader9")
            .addHeader("X-Case", "good")
            .setBodyBuilder(new StringRequestBodyBuilder("{\"password\":\"abc\"}"))
            .build();

    Request sent = Credentials.keepAt(ASKED, sending(request)).request().clientRequest();

    assertThat(sent.getHeaders().names()).contains("X-Case").doesNotContain("X-Tenant");
    assertThat(sent.getBody()).isNull();
  }

  @Test
  void keepsABodyWithoutSecretsWhereARedirectLeadsToAnotherServer() {
    Request request =
        new RequestBuilder("ask", HttpMethod.POST, Uri.create("https://other.example/v1"), null)
            .setBodyBuilder(new StringRequestBodyBuilder("{\"max_tokens\":7,\"messages\":[]}"))
            .build();

    Request sent = Credentials.keepAt(ASKED, sending(request)).request().clientRequest();

    assertThat(sent.getBody()).isSameAs(request.getBody());
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://llm.example/v2", "HTTPS://LLM.example:443/v1"})
  void keepsCredentialsAtTheSameServer(String location) {
    HttpTx redirected = redirectedTo(location);

    assertThat(Credentials.keepAt(ASKED, redirected)).isSameAs(redirected);
  }

  @Test
  void masksTheCredentialsOfARequest() {
    Redactor redactor = new Redactor();
    Request request =
        new RequestBuilder(
                "ask",
                HttpMethod.POST,
                Uri.create("http://bob:pass-1@llm.example/v1?key=query-1&stream=truest"),
                null)
            .addHeader("api-key", "header-1")
            .addHeader("Content-Type", "application/json")
            .setCookies(List.of(new DefaultCookie("session", "cookie-1")))
            .build();

    Credentials.mask(request, redactor);

    assertThat(redactor.redact("header-1 pass-1 query-1 cookie-1 truest application/json"))
        .isEqualTo("[redacted] [redacted] [redacted] [redacted] truest application/json");
  }
}
