package dev.gatlingllm.server;

import static dev.gatlingllm.server.Client.CHAT;
import static dev.gatlingllm.server.Client.message;
import static dev.gatlingllm.server.Texts.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessagesApiTest {

  private static final String MESSAGES = "/v1/messages";

  private final SimulatedServer server =
      SimulatedServer.start(
          ServerSettings.builder().engine(EngineProfile.INSTANT).rejectUnknownFields(true).build());
  private final Client client = new Client(server);

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void countsAndSaysWhatAChatDoes() {
    String system = text(300, 1);
    String question = text(40, 2);
    JsonNode chat =
        client.post(
            CHAT,
            Map.of(
                "messages",
                List.of(message("system", system), message("user", question)),
                "max_tokens",
                9));
    JsonNode message =
        client.post(
            MESSAGES,
            Map.of(
                "system",
                List.of(Map.of("type", "text", "text", system)),
                "messages",
                List.of(message("user", question)),
                "max_tokens",
                9));

    assertThat(message.at("/content/0/text").asText())
        .isEqualTo(chat.at("/choices/0/message/content").asText())
        .isNotEmpty();
    int cached = message.at("/usage/cache_read_input_tokens").asInt();
    assertThat(cached).isPositive();
    assertThat(message.at("/usage/input_tokens").asInt() + cached)
        .isEqualTo(chat.at("/usage/prompt_tokens").asInt())
        .isEqualTo(340);
    assertThat(message.at("/usage/output_tokens").asInt()).isEqualTo(9);
  }

  @Test
  void namesItsEvents() {
    String stream =
        client
            .send(
                "POST",
                MESSAGES,
                """
                {"messages":[{"role":"user","content":"hello"}],"max_tokens":2,"stream":true}\
                """)
            .body();

    assertThat(stream.lines().filter(line -> line.startsWith("event: ")))
        .containsExactly(
            "event: message_start",
            "event: ping",
            "event: content_block_start",
            "event: content_block_delta",
            "event: content_block_delta",
            "event: content_block_stop",
            "event: message_delta",
            "event: message_stop");
    assertThat(stream).doesNotContain("[DONE]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          error-frame;after=2  | event: error, "type":"api_error" | message_stop
          error-field;after=2  | event: error, "type":"api_error" | message_stop
          finish-error;after=2 | "stop_reason":"error"            | message_stop
          truncate;after=2     | content_block_delta              | message_delta
          no-done              | "stop_reason":"max_tokens"       | message_stop
          no-finish            | message_stop                     | message_delta
          error-body           | {"type":"error"                  | data:
          429                  | rate_limit_error                 | data:
          503                  | HTTP/1.1 529, "overloaded_error" | data:
          """)
  void injectsFaults(String fault, String sent, String notSent) throws IOException {
    String body =
        "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"max_tokens\":4,\"stream\":true}";
    assertThat(Wire.faulty(server, fault, MESSAGES, body))
        .contains(sent.split(", "))
        .doesNotContain(notSent, "[DONE]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'messages':[{'role':'user','content':'a'}]} | max_tokens: Field required",
        "{'max_tokens':1} | messages: at least one message is required",
        "{'max_tokens':1,'messages':[{'role':'system','content':'a'}]}"
            + " | messages.0.role: must be \"user\" or \"assistant\"",
        "{'max_tokens':1,'messages':[{'role':'user'}]}"
            + " | messages.0.content: must be a string or an array of blocks",
        "{'max_tokens':1,'n':2,'messages':[]}"
            + " | Unrecognized request argument supplied: n. Did you mean stream?",
      })
  void refusesWhatTheApiDoesNotAllow(String body, String message) {
    JsonNode error = Client.json(client.send("POST", MESSAGES, body.replace('\'', '"')).body());

    assertThat(error.path("type").asText()).isEqualTo("error");
    assertThat(error.at("/error/type").asText()).isEqualTo("invalid_request_error");
    assertThat(error.at("/error/message").asText()).startsWith(message.split(" Did")[0]);
  }
}
