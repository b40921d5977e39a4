package dev.gatlingllm.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorsTest {

  private static SimulatedServer server;

  @BeforeAll
  static void start() {
    server =
        SimulatedServer.start(
            ServerSettings.builder()
                .engine(EngineProfile.INSTANT)
                .strictModel(true)
                .maxModelTokens(20)
                .build());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "null",
      textBlock =
          """
          # path               | body                                        | param    | words of the message
          /v1/chat/completions | {"messages":                                | null     | line 1, column
          /v1/chat/completions | {"messages":[]} x                           | null     | Unrecognized token
          /v1/chat/completions | [1]                                         | null     | must be a JSON object, got array
          /v1/chat/completions | ''                                          | null     | must be a JSON object, got nothing
          /v1/chat/completions | {}                                          | messages | at least one message
          /v1/chat/completions | {"messages":[]}                             | messages | at least one message
          /v1/chat/completions | {"messages":[{"content":"x"}]}              | messages[0].role    | must be a string
          /v1/chat/completions | {"messages":[{"role":"user","content":7}]}  | messages[0].content | array of parts of text and images
          /v1/completions      | {}                                          | prompt   | an array of token ids
          /v1/completions      | {"prompt":""}                               | prompt   | not empty
          /v1/completions      | {"prompt":[]}                               | prompt   | not empty
          /v1/completions      | {"prompt":["a",7]}                          | prompt   | array of token ids
          /v1/completions      | {"prompt":[[1],[]]}                         | prompt   | not empty
          /v1/completions      | {"prompt":"x","max_tokens":0}               | max_tokens | at least 1, got 0
          /v1/completions      | {"prompt":"x","max_tokens":"many"}          | max_tokens | at least 1, got "many"
          /v1/completions      | {"prompt":"x","max_tokens":1.5}             | max_tokens | at least 1, got 1.5
          /v1/completions      | {"prompt":"x","n":0}                        | n        | from 1 to 128, got 0
          /v1/completions      | {"prompt":"x","min_tokens":20,"max_tokens":9}  | min_tokens  | at most 'max_tokens' (9), got 20
          /v1/responses        | {"input":"x","min_tokens":20,"max_output_tokens":9} | min_tokens | at most 'max_output_tokens' (9), got 20
          /v1/completions      | {"prompt":"x","temperature":3}              | temperature | a number from 0 to 2, got 3
          /v1/completions      | {"prompt":"x","stop":[""]}                  | stop     | none empty
          /v1/completions      | {"prompt":"x","stop":7}                     | stop     | a string or an array
          /v1/completions      | {"prompt":"x","seed":0.5}                   | seed     | a whole number, got 0.5
          /v1/completions      | {"prompt":"x","logprobs":6}                 | logprobs | from 0 to 5, got 6
          /v1/completions      | {"prompt":"x","stream_options":{}}          | stream_options | only allowed when 'stream' is enabled
          /v1/completions      | {"prompt":"x","echo":true}                  | echo     | neither 'echo'
          /v1/completions      | {"prompt":"x","suffix":"y"}                 | suffix   | nor 'suffix'
          /v1/completions      | {"prompt":"x","model":5}                    | model    | a string, got 5
          /v1/chat/completions | {"messages":[{"role":"user"}],"top_logprobs":2} | top_logprobs | only allowed when 'logprobs' is true
          /v1/chat/completions | {"messages":[{"role":"user"}],"tools":[{}]} | tools[0] | with a named function
          /v1/chat/completions | {"messages":[{"role":"user"}],"tool_choice":"required"} | tool_choice | only allowed when 'tools'
          /v1/chat/completions | {"messages":[{"role":"user"}],"response_format":{"type":"xml"}} | response_format.type | "json_schema", got "xml"
          /v1/chat/completions | {"messages":[{"role":"user"}],"stream":true,"stream_options":7} | stream_options | an object, got 7
          /v1/completions      | {"prompt":"x","stream":"yes"}               | stream   | true or false
          """)
  void rejectsInvalidRequests(String path, String body, String param, String words) {
    var response = new Client(server).send("POST", path, body);

    assertThat(response.statusCode()).isEqualTo(400);
    JsonNode error = Client.json(response.body()).path("error");
    assertThat(error.path("message").asText()).contains(words);
    assertThat(error.path("type").asText()).isEqualTo("invalid_request_error");
    assertThat(error.path("param").asText(null)).isEqualTo(param);
  }

  /** Returns the error with which a text completion fails. */
  private JsonNode refused(int status, String body) {
    var response = new Client(server).send("POST", "/v1/completions", body);

    assertThat(response.statusCode()).isEqualTo(status);
    return Client.json(response.body()).path("error");
  }

  @Test
  void rejectsTooLongContext() {
    String body = "{\"model\":\"simulated\",\"prompt\":[1,2,3,4,5],\"max_tokens\":16}";
    JsonNode error = refused(400, body);

    assertThat(error.path("code").asText()).isEqualTo("context_length_exceeded");
    assertThat(error.path("message").asText())
        .isEqualTo(
            "This model's maximum context length is 20 tokens. However, you requested 21 tokens (5"
                + " in the prompt, 16 in the completion). Please reduce the length of the prompt or"
                + " completion.");
  }

  @Test
  void strictServerRejectsOtherModels() {
    String body = "{\"model\":\"gpt-5\",\"prompt\":\"x\"}";
    JsonNode error = refused(404, body);

    assertThat(error.path("code").asText()).isEqualTo("model_not_found");
    assertThat(error.path("message").asText()).contains("`gpt-5`");
  }

  @Test
  void unknownPathListsKnownPaths() {
    var response = new Client(server).send("POST", "/v1/chat", "{}");

    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(Client.json(response.body()).at("/error/message").asText())
        .contains("Unknown path /v1/chat;")
        .contains("/v1/chat/completions");
  }

  @Test
  void unsupportedMethodListsSupportedOnes() {
    var response = new Client(server).send("GET", "/v1/completions", "");

    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(response.headers().firstValue("allow")).contains("POST");
    assertThat(Client.json(response.body()).at("/error/message").asText()).contains("POST");
  }
}
