package dev.gatlingllm.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatlingllm.SystemRole;
import dev.gatlingllm.conversation.BodyShape.CacheControl;
import dev.gatlingllm.conversation.BodyShape.HistoryForm;
import dev.gatlingllm.conversation.BodyShape.MaxTokensField;
import dev.gatlingllm.conversation.BodyShape.PromptFormat;
import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.settings.Setting;
import java.io.IOException;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each way to put a conversation into a request, read back with Jackson. */
class BodyShapeTest {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);
  private static final LlmSettings DEFAULTS = LlmSettings.defaults();
  private static final BodyShape CHAT = LlmSettings.defaults().bodyShape(Api.CHAT);
  private static final BodyShape COMPLETIONS = LlmSettings.defaults().bodyShape(Api.COMPLETIONS);

  private static <T> BodyShape chat(Setting<T> setting, T value) {
    return DEFAULTS.with(setting, value).bodyShape(Api.CHAT);
  }

  private static <T> BodyShape completions(Setting<T> setting, T value) {
    return DEFAULTS.with(setting, value).bodyShape(Api.COMPLETIONS);
  }

  private static JsonNode render(BodyShape shape, RequestFields fields, Turn turn)
      throws IOException {
    return JSON.readTree(new RequestBody(shape, fields).of(turn, "m"));
  }

  private static JsonNode render(BodyShape shape, Turn turn) throws IOException {
    return render(shape, RequestFields.DEFAULT, turn);
  }

  private static Turn secondTurn(String response) {
    return Scripts.conversation(2, ConversationRules.DEFAULT)
        .next()
        .succeeded(response, 5, null)
        .next();
  }

  private static List<String> roles(JsonNode body) {
    return body.get("messages").findValuesAsText("role");
  }

  private static List<String> contents(JsonNode body) {
    return body.get("messages").findValuesAsText("content");
  }

  @ParameterizedTest
  @CsvSource({
    "llm.systemRole, DEVELOPER,"
        + " 'systemRole must be system or user for the Messages API, got developer'",
    "llm.maxTokensField, MAX_COMPLETION_TOKENS,"
        + " 'maxTokensField must be max_tokens for the Messages API, got max_completion_tokens'",
    "llm.promptFormat, TOKEN_IDS,"
        + " 'promptFormat must be text for the Messages API, got tokenIds'",
  })
  void refusesWhatTheMessagesApiDoesNotHave(String setting, String value, String message) {
    LlmSettings set =
        switch (setting) {
          case "llm.systemRole" -> DEFAULTS.with(Setting.SYSTEM_ROLE, SystemRole.valueOf(value));
          case "llm.maxTokensField" ->
              DEFAULTS.with(Setting.MAX_TOKENS_FIELD, MaxTokensField.valueOf(value));
          default -> DEFAULTS.with(Setting.PROMPT_FORMAT, PromptFormat.valueOf(value));
        };

    assertThatIllegalArgumentException()
        .isThrownBy(() -> set.bodyShape(Api.MESSAGES))
        .withMessage(message);
  }

  @ParameterizedTest
  @CsvSource({
    "CHAT, 'history must be messages or text for chat completions, got server'",
    "COMPLETIONS, 'history must be messages or text for text completions, got server'",
    "MESSAGES, 'history must be messages or text for the Messages API, got server'",
  })
  void refusesAHistoryOnAServerThatHoldsNone(Api api, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DEFAULTS.with(Setting.HISTORY, HistoryForm.SERVER).bodyShape(api))
        .withMessage(message);
  }

  @Test
  void refusesAnotherMaxTokensFieldOfTheResponsesApi() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                DEFAULTS
                    .with(Setting.MAX_TOKENS_FIELD, MaxTokensField.MAX_COMPLETION_TOKENS)
                    .bodyShape(Api.RESPONSES))
        .withMessage(
            "maxTokensField must be max_tokens for the Responses API, got max_completion_tokens");
  }

  @Test
  void refusesCacheControlOfAChat() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> chat(Setting.CACHE_CONTROL, CacheControl.EPHEMERAL))
        .withMessage(
            "cacheControl must be off for other APIs than the Messages API, got ephemeral");
  }

  @Test
  void sendsSystemPromptAsDeveloper() throws IOException {
    JsonNode body = render(chat(Setting.SYSTEM_ROLE, SystemRole.DEVELOPER), secondTurn("response"));

    assertThat(roles(body)).containsExactly("developer", "user", "assistant", "user");
    assertThat(contents(body)).first().isEqualTo("be brief");
  }

  @Test
  void sendsSystemPromptInTheFirstUserMessage() throws IOException {
    BodyShape shape = chat(Setting.SYSTEM_ROLE, SystemRole.USER);
    JsonNode body = render(shape, secondTurn("response"));
    JsonNode alone = render(shape, Scripts.conversation(1, ConversationRules.DEFAULT).next());

    assertThat(roles(body)).containsExactly("user", "assistant", "user");
    assertThat(contents(body)).containsExactly("be brief question 1", "response", "question 2");
    assertThat(contents(alone)).containsExactly("be brief question 1");
  }

  @Test
  void sendsHistoryAsOneText() throws IOException {
    JsonNode body = render(chat(Setting.HISTORY, HistoryForm.TEXT), secondTurn("response"));

    assertThat(roles(body)).containsExactly("user");
    assertThat(contents(body)).containsExactly("be brief question 1 response question 2");
  }

  @Test
  void usesTheMaxTokensField() throws IOException {
    JsonNode body =
        render(
            chat(Setting.MAX_TOKENS_FIELD, MaxTokensField.MAX_COMPLETION_TOKENS),
            secondTurn("response"));

    assertThat(body.get("max_completion_tokens").asInt()).isEqualTo(Scripts.OUTPUT_TOKENS);
    assertThat(body.has("max_tokens")).isFalse();
  }

  @Test
  void limitsMinTokensToMaxTokens() throws IOException {
    Turn turn = secondTurn("response");

    assertThat(render(CHAT, turn).has("min_tokens")).isFalse();
    assertThat(render(chat(Setting.MIN_TOKENS, 3), turn).get("min_tokens").asInt()).isEqualTo(3);
    assertThat(render(chat(Setting.MIN_TOKENS, 900), turn).get("min_tokens").asInt())
        .isEqualTo(Scripts.OUTPUT_TOKENS);
    assertThat(
            render(chat(Setting.MIN_TOKENS, BodyShape.EXACT_LENGTH), turn)
                .get("min_tokens")
                .asInt())
        .isEqualTo(Scripts.OUTPUT_TOKENS);
  }

  @Test
  void sendsPromptAsTokenIds() throws IOException {
    ConversationOfWords script = new ConversationOfWords(2, 3, 2, 2);
    Conversation conversation =
        new Conversations("", Scripts.SEED, ConversationRules.DEFAULT, PromptFormat.TEXT)
            .begin(0, script);
    conversation =
        conversation.afterSuccess(conversation.next(), Message.of(script.response(1)), null);
    Turn turn = conversation.next();
    JsonNode body = render(completions(Setting.PROMPT_FORMAT, PromptFormat.TOKEN_IDS), turn);

    assertThat(body.get("prompt"))
        .extracting(JsonNode::intValue)
        .containsExactly(0, 1, 2, 2000, 2001, 3000, 3001, 4000, 4001)
        .hasSize(turn.promptTokens());
  }

  @Test
  void rejectsTokenIdsOfReceivedResponses() {
    ConversationOfWords script = new ConversationOfWords(2, 3, 2, 2);
    Turn turn =
        new Conversations("", Scripts.SEED, ConversationRules.DEFAULT, PromptFormat.TEXT)
            .begin(0, script)
            .next()
            .succeeded("words", 1, null)
            .next();

    assertThatThrownBy(
            () -> render(completions(Setting.PROMPT_FORMAT, PromptFormat.TOKEN_IDS), turn))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("llm.replyInHistory=canned")
        .hasMessageContaining("llm.promptFormat=text");
  }

  @Test
  void rejectsUnsupportedOptionsOfAnApi() {
    assertThatThrownBy(() -> chat(Setting.PROMPT_FORMAT, PromptFormat.TOKEN_IDS))
        .hasMessage("promptFormat must be text for chat completions, got tokenIds");
    assertThatThrownBy(() -> completions(Setting.SYSTEM_ROLE, SystemRole.DEVELOPER))
        .hasMessage(
            "systemRole must be system for text completions, which have no roles, got developer");
    assertThatThrownBy(
            () -> completions(Setting.MAX_TOKENS_FIELD, MaxTokensField.MAX_COMPLETION_TOKENS))
        .hasMessage(
            "maxTokensField must be max_tokens for text completions, got max_completion_tokens");
    assertThatThrownBy(
            () ->
                DEFAULTS
                    .with(Setting.HISTORY, HistoryForm.TEXT)
                    .with(Setting.SYSTEM_ROLE, SystemRole.DEVELOPER)
                    .bodyShape(Api.CHAT))
        .hasMessage("systemRole must be system if the history is one text, got developer");
  }

  @Property
  void writesAnyTextAsValidJson(@ForAll String response, @ForAll String model) throws IOException {
    Turn turn = secondTurn(response);
    String readable = new String(response.getBytes("UTF-16BE"), "UTF-16BE");

    assertThat(contents(render(CHAT, turn)))
        .isEqualTo(
            readable.isBlank()
                ? List.of("be brief", "question 1 question 2")
                : List.of("be brief", "question 1", readable, "question 2"));
    assertThat(render(COMPLETIONS, turn).get("prompt").asText())
        .startsWith("be brief question 1")
        .contains(readable.isBlank() ? "" : readable)
        .endsWith("question 2");
    assertThat(new RequestBody(CHAT, RequestFields.DEFAULT).of(turn, model)).isNotEmpty();
  }

  @Test
  void replacesUnpairedSurrogates() throws IOException {
    assertThat(contents(render(CHAT, secondTurn("a\ud83d \udE42\" 🙂\u0001"))))
        .element(2)
        .isEqualTo("a\ufffd \ufffd\" 🙂\u0001");
  }
}
