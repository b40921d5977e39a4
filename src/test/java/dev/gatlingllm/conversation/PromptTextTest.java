package dev.gatlingllm.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatlingllm.conversation.BodyShape.PromptFormat;
import dev.gatlingllm.settings.LlmSettings;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PromptTextTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static Turn secondTurn(String response) {
    Conversation conversation = Scripts.conversation(3, ConversationRules.DEFAULT);
    return conversation.next().succeeded(response, 4, null).next();
  }

  private static JsonNode body(Api api, Turn turn) throws Exception {
    return JSON.readTree(
        new String(
            new RequestBody(LlmSettings.defaults().bodyShape(api), RequestFields.DEFAULT)
                .of(turn, "m"),
            StandardCharsets.UTF_8));
  }

  @Test
  void messagesAndPromptAreThoseOfABuiltInRequest() throws Exception {
    Turn turn = secondTurn("say \"hi\"\n\u00e9 \ud83d\ude00");

    String messages =
        PromptText.messages(turn, LlmSettings.defaults().bodyShape(Api.CHAT)).toString();
    assertThat(JSON.readTree(messages)).isEqualTo(body(Api.CHAT, turn).get("messages")).hasSize(4);
    assertThat(PromptText.text(turn).toString())
        .isEqualTo(body(Api.COMPLETIONS, turn).get("prompt").asText())
        .contains("say \"hi\"\n\u00e9 \ud83d\ude00");
    assertThat(PromptText.systemPrompt(turn).toString()).isEqualTo("be brief");
  }

  @Test
  void isRenderedOnce() {
    PromptText text =
        PromptText.messages(secondTurn("yes"), LlmSettings.defaults().bodyShape(Api.CHAT));

    assertThat(text.toString()).isSameAs(text.toString()).hasSize(text.length());
  }

  @Test
  void tokenIdsAreThoseOfABuiltInRequest() throws Exception {
    Turn turn =
        new Conversations("", 1, ConversationRules.DEFAULT, PromptFormat.TEXT)
            .begin(0, new ConversationOfWords(2, 3, 2, 2))
            .next();

    assertThat(JSON.readTree(PromptText.tokenIds(turn).toString())).hasSize(5);
  }

  @Test
  void thereAreNoTokenIdsIfOneIsUnknown() {
    assertThat(PromptText.tokenIds(secondTurn("yes"))).isNull();
  }
}
