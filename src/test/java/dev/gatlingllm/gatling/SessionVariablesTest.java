package dev.gatlingllm.gatling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.metrics.Response;
import dev.gatlingllm.metrics.Response.OutputTokensSource;
import dev.gatlingllm.metrics.ResponseBuilder;
import dev.gatlingllm.settings.LlmSettings;
import io.gatling.core.session.Session;
import io.gatling.core.session.Session$;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SessionVariablesTest {

  private static final Session EMPTY = Session$.MODULE$.apply("chat", 1, null);

  private static Session answered() {
    Response response =
        ResponseBuilder.to("chat", "answer", 1)
            .times(0, 1_000_000, 9_000_000)
            .chunks(3_500_000)
            .promptTokens(20, 16)
            .output(2, OutputTokensSource.USAGE)
            .finishReason("stop")
            .build();
    return SessionVariables.withResponse(EMPTY, response, "yes", null);
  }

  private static Object get(Session session, String name) {
    return new io.gatling.javaapi.core.Session(session).get(name);
  }

  @Test
  void holdsTextAndCountsOfTheResponse() {
    Session session = answered();

    assertThat(get(session, "reply")).isEqualTo("yes");
    assertThat(get(session, "finishReason")).isEqualTo("stop");
    assertThat(get(session, "inputTokens")).isEqualTo(20);
    assertThat(get(session, "outputTokens")).isEqualTo(2);
    assertThat(get(session, "cachedTokens")).isEqualTo(16);
    assertThat(get(session, "ttftMillis")).isEqualTo(2.5);
  }

  @Test
  void omitsUnknownValues() {
    Response response = ResponseBuilder.to("chat", "answer", 1).chunks(1).build();

    Session session = SessionVariables.withResponse(EMPTY, response, "yes", null);

    assertThat(session.contains("reply")).isTrue();
    assertThat(session.contains("finishReason")).isFalse();
    assertThat(session.contains("inputTokens")).isFalse();
    assertThat(session.contains("cachedTokens")).isFalse();
  }

  @Test
  void removesEverythingOfAResponse() {
    assertThat(SessionVariables.withoutResponse(answered()).attributes().isEmpty()).isTrue();
  }

  @Test
  void needsNoLockOfTheSettings() throws Exception {
    answered();
    synchronized (LlmSettings.class) {
      CompletableFuture<Session> other =
          CompletableFuture.supplyAsync(SessionVariablesTest::answered);
      assertThat(get(other.get(1, TimeUnit.MINUTES), "reply")).isEqualTo("yes");
    }
  }
}
