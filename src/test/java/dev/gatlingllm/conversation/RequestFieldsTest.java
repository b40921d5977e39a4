package dev.gatlingllm.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.text.Redactor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestFieldsTest {

  @Test
  void replacesFieldsAndRemovesThemByNull() {
    RequestFields fields =
        RequestFields.DEFAULT
            .with("stop", List.of("a", "b"))
            .withAll("{\"top_k\":20,\"stop\":\"c\",\"stream_options\":null}");

    assertThat(fields.value("stop")).contains("\"c\"");
    assertThat(fields.value("top_k")).contains("20");
    assertThat(fields.value("stream_options")).isEmpty();
    assertThat(RequestFields.DEFAULT.value("stream_options")).contains("{\"include_usage\":true}");
  }

  @ParameterizedTest
  @CsvSource({
    "model, models(…)",
    "messages, workload",
    "prompt, workload",
    "max_tokens, outputTokens(…)",
    "max_completion_tokens, maxCompletionTokens()",
    "min_tokens, exactLength()",
    "stream, always streamed"
  })
  void rejectsReservedFields(String field, String remedy) {
    assertThatThrownBy(() -> RequestFields.DEFAULT.with(field, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(field)
        .hasMessageContaining(remedy);
    assertThatThrownBy(() -> RequestFields.DEFAULT.withAll("{\"" + field + "\":1}"))
        .hasMessageContaining(remedy);
  }

  @Test
  void rejectsInvalidJson() {
    assertThatThrownBy(() -> RequestFields.DEFAULT.withAll("[1]"))
        .hasMessageContaining("must be a JSON object");
    assertThatThrownBy(() -> RequestFields.DEFAULT.withAll("{\"a\":1} b"))
        .hasMessageContaining("must be valid JSON");
    assertThatThrownBy(() -> RequestFields.DEFAULT.with("top_k", Double.NaN))
        .hasMessageContaining("must be a finite number");
    assertThatThrownBy(() -> RequestFields.DEFAULT.with("x", Map.of("y", new Object())))
        .hasMessageContaining("x must be a string, number");
  }

  @Test
  void secretsOfABodyAreMaskedWhereAServerRepeatsThem() {
    RequestFields.DEFAULT
        .withAll("{\"api_key\":\"body-77-field\",\"auth\":[{\"password\":\"body-88-inner\"}]}")
        .with("user", "body-99-user");

    assertThat(Redactor.ofProcess().redact("got body-77-field, body-88-inner, body-99-user"))
        .isEqualTo("got [redacted], [redacted], body-99-user");
  }

  @Test
  void asksForJsonInTheFormOfTheApi() {
    RequestFields fields =
        RequestFields.DEFAULT
            .with("output_config", Map.of("effort", "low"))
            .withJsonSchema("{\"type\":\"object\"}");

    assertThat(fields.value("response_format"))
        .contains(
            "{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"response\",\"strict\":true,"
                + "\"schema\":{\"type\":\"object\"}}}");
    assertThat(fields.as(LlmSettings.defaults().bodyShape(Api.MESSAGES)).value("response_format"))
        .isEmpty();
    assertThat(fields.as(LlmSettings.defaults().bodyShape(Api.MESSAGES)).value("output_config"))
        .contains(
            "{\"effort\":\"low\",\"format\":{\"type\":\"json_schema\","
                + "\"schema\":{\"type\":\"object\"}}}");
    assertThatThrownBy(() -> fields.withJsonSchema("[]"))
        .hasMessage("must be a JSON object such as {\"type\":\"object\"}");
    RequestFields any =
        RequestFields.DEFAULT.with("response_format", Map.of("type", "json_object"));
    assertThatThrownBy(() -> any.as(LlmSettings.defaults().bodyShape(Api.MESSAGES)))
        .hasMessageContaining("response_format must be a JSON schema for the Messages API");
  }

  @Test
  void knowsWhetherResponsesAreToBeJson() {
    RequestFields text = RequestFields.DEFAULT;

    assertThat(text.askForJson()).isFalse();
    assertThat(text.with("response_format", Map.of("type", "text")).askForJson()).isFalse();
    assertThat(text.with("response_format", Map.of("type", "json_object")).askForJson()).isTrue();
    assertThat(text.with("guided_json", Map.of()).askForJson()).isTrue();
    assertThat(text.with("structured_outputs", Map.of("json", Map.of())).askForJson()).isTrue();
    assertThat(text.withJsonSchema("{}").askForJson()).isTrue();
  }
}
