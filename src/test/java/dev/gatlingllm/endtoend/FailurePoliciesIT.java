package dev.gatlingllm.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import dev.gatlingllm.endtoend.GatlingFork.Run;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What follows a failed turn is what the policy says. */
class FailurePoliciesIT {

  private static final String GOOD = ScriptedServer.stream("data: [DONE]\n\n", "fine");

  private static final String MESSAGE =
      """
      data: {"type":"message_start","message":{"id":"msg_1","usage":{"input_tokens":15}}}

      data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"fine"}}

      data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":1}}

      data: {"type":"message_stop"}

      """;

  private static final String RESPONSE =
      """
      data: {"type":"response.output_text.delta","delta":"fine"}

      data: {"type":"response.completed","response":{"id":"ID","usage":{"output_tokens":1}}}

      """;

  @TempDir private static Path results;
  private static ScriptedServer skip;
  private static ScriptedServer retry;
  private static ScriptedServer abandon;
  private static ScriptedServer messages;
  private static ScriptedServer held;
  private static ScriptedServer mixed;
  private static Run run;

  @BeforeAll
  static void runOnce() throws Exception {
    skip = ScriptedServer.start(exchange -> answer(exchange, isSecondTurn(exchange), GOOD));
    retry = failingFirst(2);
    abandon = failingFirst(1);
    messages = ScriptedServer.start(exchange -> answer(exchange, isSecondTurn(exchange), MESSAGE));
    held =
        ScriptedServer.start(
            exchange ->
                answer(
                    exchange,
                    isSecondTurn(exchange),
                    RESPONSE.replace("ID", "resp_" + turn(exchange))));
    mixed =
        ScriptedServer.start(
            exchange -> answer(exchange, false, RESPONSE.replace("ID", "resp_" + turn(exchange))));
    run =
        new GatlingFork(results)
            .with("llm.baseUrl", skip.baseUrl())
            .with("skip", skip.baseUrl())
            .with("retry", retry.baseUrl())
            .with("abandon", abandon.baseUrl())
            .with("messages", messages.baseUrl())
            .with("held", held.baseUrl())
            .with("mixed", mixed.baseUrl())
            .run(FailedTurns.class);
    assertThat(run.exit()).as(run.output()).isZero();
  }

  @AfterAll
  static void stop() {
    skip.close();
    retry.close();
    abandon.close();
    messages.close();
    held.close();
    mixed.close();
  }

  private static String turn(HttpExchange exchange) {
    return exchange.getRequestHeaders().getFirst("X-Turn");
  }

  private static boolean isSecondTurn(HttpExchange exchange) {
    return turn(exchange).equals("2");
  }

  private static void answer(HttpExchange exchange, boolean isBusy, String good)
      throws IOException {
    if (isBusy) {
      exchange.getResponseHeaders().set("Retry-After", "0");
      ScriptedServer.send(exchange, 503, "application/json", "{\"error\":{\"message\":\"busy\"}}");
    } else {
      ScriptedServer.send(exchange, 200, "text/event-stream", good);
    }
  }

  /** Fails the first requests, {@code failures} in all. */
  private static ScriptedServer failingFirst(int failures) throws IOException {
    AtomicInteger left = new AtomicInteger(failures);
    return ScriptedServer.start(exchange -> answer(exchange, left.getAndDecrement() > 0, GOOD));
  }

  private static List<JsonNode> requests(String policy) throws IOException {
    return run.requests().stream()
        .filter(request -> request.get("scenario").asText().equals(policy))
        .toList();
  }

  @Test
  void namesAServerThatTheSimulationStates() throws IOException {
    assertThat(run.tokens().at("/run/settings").has("baseUrl")).isFalse();
    assertThat(run.output()).contains("> server: " + run.tokens().at("/run/baseUrl").asText());
  }

  @Test
  void skipContinuesFromTheLastGoodContext() throws IOException {
    List<JsonNode> requests = requests("skip");

    assertThat(requests)
        .extracting(r -> r.get("turn").asInt() + " " + r.get("status").asText())
        .containsExactly("1 OK", "2 KO", "3 OK");
    assertThat(requests)
        .extracting(r -> r.get("outputTokensSource").asText())
        .startsWith("tokenizer");
    // 10 system + 5 a question + 1 "fine": the second question is not in later prompts
    assertThat(requests)
        .extracting(r -> r.get("inputTokensExpected").asInt())
        .containsExactly(15, 21, 21);
    assertThat(skip.bodies().get(2).split("\"role\"")).hasSize(1 + 4);
    assertThat(skip.bodies().get(2)).contains("\"content\":\"fine\"");
  }

  private static String turnAndTokens(JsonNode request) {
    return "%d %s %d"
        .formatted(
            request.get("turn").asInt(),
            request.get("status").asText(),
            request.get("inputTokensExpected").asInt());
  }

  @Test
  void skipContinuesFromTheLastGoodContextOfMessages() throws IOException {
    assertThat(requests("messages"))
        .extracting(FailurePoliciesIT::turnAndTokens)
        .containsExactly("1 OK 15", "2 KO 21", "3 OK 21");
    assertThat(messages.bodies().get(2)).contains("\"system\":", "\"content\":\"fine\"");
    assertThat(messages.bodies().get(2).split("\"role\"")).hasSize(1 + 3);
  }

  @Test
  void skipContinuesTheLastGoodResponseThatTheServerHolds() throws IOException {
    // the server is sent the new question alone; what is expected of it is the whole prompt
    assertThat(requests("held"))
        .extracting(FailurePoliciesIT::turnAndTokens)
        .containsExactly("1 OK 15", "2 KO 21", "3 OK 21");
    assertThat(held.bodies().get(0)).doesNotContain("previous_response_id");
    assertThat(held.bodies().get(0).split("\"role\"")).hasSize(1 + 2);
    for (String body : held.bodies().subList(1, 3)) {
      assertThat(body).contains("\"previous_response_id\":\"resp_1\"", "\"store\":true");
      assertThat(body.split("\"role\"")).hasSize(1 + 1);
    }
  }

  @Test
  void sendsTheWholePromptAfterAResponseThatTheServerDoesNotHold() {
    assertThat(mixed.bodies().get(0)).contains("\"store\":false");
    assertThat(mixed.bodies().get(1)).doesNotContain("previous_response_id");
    assertThat(mixed.bodies().get(1).split("\"role\"")).hasSize(1 + 4);
    assertThat(mixed.bodies().get(2)).contains("\"previous_response_id\":\"resp_2\"");
  }

  @Test
  void retriesAreCountedAndDoNotFailTheUser() throws IOException {
    List<JsonNode> requests = requests("retry");

    assertThat(requests)
        .extracting(
            r ->
                r.get("turn").asInt()
                    + "."
                    + r.get("attempt").asInt()
                    + " "
                    + r.get("status").asText())
        .containsExactly("1.1 KO", "1.2 KO", "1.3 OK", "2.1 OK", "3.1 OK");
    // each attempt sends the same bytes, of which only the system prompt counts as sent: the server
    // refused to read it
    assertThat(retry.bodies().subList(0, 3)).containsOnly(retry.bodies().get(0));
    assertThat(requests).extracting(r -> r.get("reusableTokens").asInt()).startsWith(0, 10, 10, 15);
    // the backoff is not a delay of the client: each attempt was due at the end of its backoff
    assertThat(requests.get(1).get("scheduleDelayMillis").isNull()).isFalse();
    assertThat(run.output()).contains("retry: stayed good");
  }

  @Test
  void abandonedConversationHasNoFurtherTurn() throws IOException {
    assertThat(requests("abandon")).hasSize(1);
    assertThat(run.output()).contains("abandon: failed");
  }
}
