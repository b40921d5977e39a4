package dev.gatlingllm.server;

import static dev.gatlingllm.server.Client.CHAT;
import static dev.gatlingllm.server.Client.message;
import static dev.gatlingllm.server.Texts.TOKENIZER;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatlingllm.Distribution;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class ToolCallsTest {

  private static final JsonNode TOOLS =
      Client.json(
          """
          [{"type":"function","function":{"name":"weather","parameters":{"type":"object",
             "properties":{
               "city":{"type":"string"},
               "größe":{"type":"integer","minimum":3,"maximum":4},
               "unit":{"enum":["C","F"]},
               "days":{"type":"array","items":{"$ref":"#/$defs/day"},"minItems":2},
               "exact":{"anyOf":[{"type":"boolean"}]}},
             "$defs":{"day":{"type":"object","properties":{"share":{"type":"number"}}}}}}},
           {"type":"function","function":{"name":"time"}}]
          """);

  @AutoClose
  private final SimulatedServer server =
      SimulatedServer.start(s -> s.engine(EngineProfile.INSTANT));

  private final Client client = new Client(server);

  private static Map<String, Object> request(Object choice, Object... more) {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("messages", List.of(message("user", "what will the weather be?")));
    request.put("max_tokens", 500);
    request.put("tools", TOOLS);
    if (choice != null) {
      request.put("tool_choice", choice);
    }
    for (int i = 0; i < more.length; i += 2) {
      request.put((String) more[i], more[i + 1]);
    }
    return request;
  }

  private static Map<String, Object> named(String name) {
    return Map.of("type", "function", "function", Map.of("name", name));
  }

  @Test
  void callsNamedToolWithArgumentsOfItsSchema() {
    JsonNode response = client.post(CHAT, request(named("weather")));

    JsonNode choice = response.at("/choices/0");
    assertThat(choice.path("finish_reason").asText()).isEqualTo("tool_calls");
    assertThat(choice.at("/message/content").isNull()).isTrue();
    JsonNode call = choice.at("/message/tool_calls/0");
    assertThat(call.path("id").asText()).startsWith("call_");
    assertThat(call.at("/function/name").asText()).isEqualTo("weather");
    String text = call.at("/function/arguments").asText();
    JsonNode arguments = Client.json(text);
    assertThat(arguments.path("city").isTextual()).isTrue();
    assertThat(arguments.path("größe").asInt()).isBetween(3, 4);
    assertThat(arguments.path("unit").asText()).isIn("C", "F");
    assertThat(arguments.path("days")).hasSize(2).allMatch(day -> day.path("share").isNumber());
    assertThat(arguments.path("exact").isBoolean()).isTrue();
    assertThat(response.at("/usage/completion_tokens").asInt())
        .isEqualTo(1 + TOKENIZER.count(text));
  }

  @Test
  void streamsToolCallInPieces() {
    JsonNode whole = client.post(CHAT, request(named("weather")));
    List<String> events = client.stream(CHAT, request(named("weather"), "stream", true));

    List<JsonNode> calls =
        events.subList(1, events.size() - 2).stream()
            .map(event -> Client.json(event).at("/choices/0/delta/tool_calls/0"))
            .toList();
    assertThat(calls.get(0)).isEqualTo(Client.json(opened(whole)));
    String pieces =
        calls.stream()
            .skip(1)
            .map(call -> call.at("/function/arguments").asText())
            .reduce("", String::concat);
    assertThat(pieces)
        .isEqualTo(whole.at("/choices/0/message/tool_calls/0/function/arguments").asText());
    // one piece per token, except tokens that complete no character
    assertThat(calls.size() - 1)
        .isGreaterThan(10)
        .isLessThanOrEqualTo(whole.at("/usage/completion_tokens").asInt());
    assertThat(events.get(events.size() - 2)).contains("\"finish_reason\":\"tool_calls\"");
  }

  private static String opened(JsonNode whole) {
    return "{\"index\":0,\"id\":%s,\"type\":\"function\",\"function\":{\"name\":\"weather\",\"arguments\":\"\"}}"
        .formatted(whole.at("/choices/0/message/tool_calls/0/id"));
  }

  @Test
  void respectsToolChoice() {
    assertThat(
            client
                .post(CHAT, request("required"))
                .at("/choices/0/message/tool_calls/0/function/name")
                .asText())
        .isIn("weather", "time");
    assertThat(client.post(CHAT, request("none")).at("/choices/0/message").has("tool_calls"))
        .isFalse();
    assertThat(client.post(CHAT, request(null)).at("/choices/0/message").has("tool_calls"))
        .isFalse();
  }

  @Test
  void callsToolsAtConfiguredRate() {
    try (var calling =
        SimulatedServer.start(
            s ->
                s.engine(EngineProfile.INSTANT)
                    .toolCallRate(0.5)
                    .toolCalls(Distribution.constant(2)))) {
      Client client = new Client(calling);
      long called =
          IntStream.range(0, 60)
              .mapToObj(seed -> client.post(CHAT, request("auto", "seed", seed)))
              .map(response -> response.at("/choices/0/message/tool_calls"))
              .filter(calls -> calls.size() == 2)
              .count();
      JsonNode one = client.post(CHAT, request("required", "parallel_tool_calls", false));
      List<String> events = client.stream(CHAT, request("required", "stream", true));

      assertThat(called).isBetween(15L, 45L);
      assertThat(one.at("/choices/0/message/tool_calls")).hasSize(1);
      assertThat(events.subList(1, events.size() - 2))
          .extracting(e -> Client.json(e).at("/choices/0/delta/tool_calls/0/index").asInt())
          .isSorted()
          .contains(0, 1);
    }
  }

  @Test
  void cutArgumentsEndWithLength() {
    JsonNode response = client.post(CHAT, request(named("weather"), "max_tokens", 6));

    assertThat(response.at("/choices/0/finish_reason").asText()).isEqualTo("length");
    assertThat(response.at("/usage/completion_tokens").asInt()).isEqualTo(6);
  }

  @Test
  void structuredOutputMatchesSchema() {
    var format =
        Map.of(
            "type",
            "json_schema",
            "json_schema",
            Map.of("name", "weather", "schema", TOOLS.at("/0/function/parameters")));
    JsonNode response = client.post(CHAT, request("none", "response_format", format));

    assertThat(Client.json(response.at("/choices/0/message/content").asText()).path("days"))
        .hasSize(2);
    assertThat(response.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
  }

  @Test
  void countsOfferedToolsAndCallsInHistory() {
    Map<String, Object> request = request(named("time"));
    JsonNode called = client.post(CHAT, request);
    JsonNode message = called.at("/choices/0/message");
    JsonNode next =
        client.post(
            CHAT,
            Map.of(
                "messages",
                List.of(
                    message("user", "what will the weather be?"),
                    message,
                    Map.of(
                        "role",
                        "tool",
                        "tool_call_id",
                        message.at("/tool_calls/0/id").asText(),
                        "content",
                        "noon"))));

    assertThat(next.at("/usage/prompt_tokens").asInt())
        .isEqualTo(
            called.at("/usage/prompt_tokens").asInt()
                - TOKENIZER.count(new ObjectMapper().valueToTree(request.get("tools")).toString())
                + TOKENIZER.count("time")
                + TOKENIZER.count("{}noon"));
  }
}
