package dev.gatlingllm.server;

import static dev.gatlingllm.server.Client.CHAT;
import static dev.gatlingllm.server.Client.message;
import static dev.gatlingllm.server.Texts.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The simulated server's Responses API. */
class ResponsesServerTest {

  private static final String RESPONSES = "/v1/responses";

  private final SimulatedServer server =
      SimulatedServer.start(
          ServerSettings.builder()
              .engine(EngineProfile.INSTANT)
              .rejectUnknownFields(true)
              .storedResponses(2)
              .build());
  private final Client client = new Client(server);

  @AfterEach
  void stop() {
    server.close();
  }

  private JsonNode respond(Object input, Map<String, ?> fields) {
    Map<String, Object> body = new HashMap<>(Map.of("input", input, "max_output_tokens", 9));
    body.putAll(fields);
    return client.post(RESPONSES, body);
  }

  private static String text(JsonNode response) {
    return response.at("/output/0/content/0/text").asText();
  }

  @Test
  void countsAndSaysWhatAChatDoes() {
    List<Map<String, ?>> conversation =
        List.of(
            message("system", Texts.text(300, 1)),
            message("user", Texts.text(20, 2)),
            message("assistant", Texts.text(10, 3)),
            message("user", Texts.text(10, 4)));
    JsonNode chat = client.post(CHAT, Map.of("messages", conversation, "max_tokens", 9));
    JsonNode response = respond(conversation, Map.of());

    assertThat(text(response))
        .isEqualTo(chat.at("/choices/0/message/content").asText())
        .isNotEmpty();
    assertThat(response.at("/usage/input_tokens").asInt())
        .isEqualTo(chat.at("/usage/prompt_tokens").asInt())
        .isEqualTo(340);
    assertThat(response.at("/usage/input_tokens_details/cached_tokens").asInt()).isPositive();
    assertThat(response.at("/usage/output_tokens").asInt()).isEqualTo(9);
    assertThat(response.path("status").asText()).isEqualTo("incomplete");
    assertThat(response.at("/incomplete_details/reason").asText()).isEqualTo("max_output_tokens");
  }

  @Test
  void namesAndNumbersItsEvents() {
    String stream =
        client
            .send(
                "POST", RESPONSES, "{\"input\":\"hello\",\"max_output_tokens\":2,\"stream\":true}")
            .body();

    assertThat(stream.lines().filter(line -> line.startsWith("event: ")))
        .containsExactly(
            "event: response.created",
            "event: response.in_progress",
            "event: response.output_item.added",
            "event: response.content_part.added",
            "event: response.output_text.delta",
            "event: response.output_text.delta",
            "event: response.output_text.done",
            "event: response.content_part.done",
            "event: response.output_item.done",
            "event: response.incomplete");
    assertThat(stream.lines().filter(line -> line.startsWith("data: ")))
        .map(line -> Client.json(line.substring(6)).path("sequence_number").asInt(-1))
        .isEqualTo(IntStream.range(0, 10).boxed().toList());
    assertThat(stream).doesNotContain("[DONE]");
  }

  @Test
  void continuesResponsesThatItHolds() {
    JsonNode first = respond("hello there", Map.of("instructions", "be brief"));
    String id = first.path("id").asText();
    JsonNode held = respond("go on", Map.of("previous_response_id", id));
    JsonNode sent =
        respond(
            List.of(
                message("user", "hello there"),
                message("assistant", text(first)),
                message("user", "go on")),
            Map.of("store", false));

    assertThat(text(held)).isEqualTo(text(sent));
    assertThat(held.at("/usage/input_tokens")).isEqualTo(sent.at("/usage/input_tokens"));
    // the same response can be continued again, as after a turn that failed
    assertThat(text(respond("go on", Map.of("previous_response_id", id)))).isEqualTo(text(held));
  }

  @Test
  void dropsTheOldestResponsesBeyondItsCapacity() {
    List<String> ids =
        IntStream.range(0, 3)
            .mapToObj(i -> respond("hello " + i, Map.of()).path("id").asText())
            .toList();

    assertThat(respond("a", Map.of("previous_response_id", ids.get(2))).has("output")).isTrue();
    assertThat(unknown(ids.get(0)))
        .isEqualTo("Previous response with id '" + ids.get(0) + "' not found.");
  }

  @Test
  void doesNotHoldWhatItIsToldNotToHold() {
    String id = respond("hello", Map.of("store", false)).path("id").asText();

    assertThat(unknown(id)).contains("not found");
    assertThat(
            client
                .send(
                    "POST", RESPONSES, "{\"input\":\"a\",\"previous_response_id\":\"" + id + "\"}")
                .statusCode())
        .isEqualTo(404);
  }

  private String unknown(String id) {
    return respond("a", Map.of("previous_response_id", id)).at("/error/message").asText();
  }

  @Test
  void countsCallsAndTheirResultsAsAChatDoes() {
    JsonNode chat =
        client.post(
            CHAT,
            Map.of(
                "messages",
                List.of(
                    message("user", "weather"),
                    Map.of(
                        "role",
                        "assistant",
                        "tool_calls",
                        List.of(
                            Map.of(
                                "id",
                                "c",
                                "type",
                                "function",
                                "function",
                                Map.of("name", "get", "arguments", "{\"city\":1}")))),
                    Map.of("role", "tool", "tool_call_id", "c", "content", "it rains")),
                "max_tokens",
                9));
    JsonNode response =
        respond(
            List.of(
                message("user", "weather"),
                Map.of(
                    "type",
                    "function_call",
                    "call_id",
                    "c",
                    "name",
                    "get",
                    "arguments",
                    "{\"city\":1}"),
                Map.of("type", "function_call_output", "call_id", "c", "output", "it rains")),
            Map.of());

    assertThat(response.at("/usage/input_tokens").asInt())
        .isEqualTo(chat.at("/usage/prompt_tokens").asInt());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          error-frame;after=2  | event: error, "code":"server_error"    | response.incomplete
          error-field;after=2  | event: error, "code":"server_error"    | response.incomplete
          finish-error;after=2 | event: response.failed, "server_error" | response.incomplete
          truncate;after=2     | response.output_text.delta             | output_text.done
          no-done              | response.output_item.done              | response.incomplete
          no-finish            | response.output_item.done              | response.incomplete
          error-body           | {"error":{"message"                    | data:
          429                  | rate_limit_exceeded                    | data:
          """)
  void injectsFaults(String fault, String sent, String notSent) throws IOException {
    String body = "{\"input\":\"a\",\"max_output_tokens\":4,\"stream\":true}";
    assertThat(Wire.faulty(server, fault, RESPONSES, body))
        .contains(sent.split(", "))
        .doesNotContain(notSent, "[DONE]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | 'input' must be a string or an array of at least one item.",
        "{'input':[{'role':'tool','content':'a'}]} | 'input[0].role' must be \"user\"",
        "{'input':[{'role':'user','content':3}]}"
            + " | 'input[0].content' must be a string or an array of parts of text and images.",
        "{'input':[{'type':'computer_call'}]}"
            + " | 'input[0]': this server reads messages, function calls and reasoning.",
        "{'input':'a','max_output_tokens':0} | 'max_output_tokens' must be a whole number",
        "{'input':'a','background':true} | This server supports neither 'background'",
        "{'input':'a','conversation':'conv_1'} | This server supports neither 'background'",
        "{'input':'a','max_tokens':2} | Unrecognized request argument supplied: max_tokens.",
      })
  void refusesWhatTheApiDoesNotAllow(String body, String message) {
    JsonNode error = Client.json(client.send("POST", RESPONSES, body.replace('\'', '"')).body());

    assertThat(error.at("/error/type").asText()).isEqualTo("invalid_request_error");
    assertThat(error.at("/error/message").asText()).startsWith(message);
  }
}
