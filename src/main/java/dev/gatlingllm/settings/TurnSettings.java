package dev.gatlingllm.settings;

import dev.gatlingllm.SystemRole;
import dev.gatlingllm.conversation.Api;
import dev.gatlingllm.conversation.BodyShape;
import dev.gatlingllm.conversation.HistoryForm;
import dev.gatlingllm.conversation.MaxTokensField;
import dev.gatlingllm.conversation.ModelChoice;
import dev.gatlingllm.conversation.PromptFormat;
import dev.gatlingllm.conversation.RequestFields;
import java.util.Optional;
import java.util.function.Function;

/**
 * What the request of a turn asks for. {@code llm-defaults.conf} says what each means.
 *
 * @param systemRole who says the system prompt
 * @param history how what was said before is carried
 * @param prompt what prompts of text completions are made of
 * @param maxTokens the field for the length of replies
 * @param minTokens least length of replies in tokens, as {@link BodyShape#minTokens} has it
 * @param fields what else is asked for
 * @param models the model or models to ask
 * @param affinity the header that carries the conversation's id; empty for none
 */
public record TurnSettings(
    SystemRole systemRole,
    HistoryForm history,
    PromptFormat prompt,
    MaxTokensField maxTokens,
    int minTokens,
    RequestFields fields,
    ModelChoice models,
    Optional<SessionAffinity> affinity) {

  static TurnSettings from(SettingSource source) {
    TurnSettings settings =
        new TurnSettings(
            source.get("systemRole", SystemRole::parse),
            source.get("history", HistoryForm::parse),
            source.get("promptFormat", PromptFormat::parse),
            source.get("maxTokensField", MaxTokensField::parse),
            source.optional("minTokens", TurnSettings::minTokens).orElse(BodyShape.NO_MINIMUM),
            FieldSettings.from(source),
            models(source),
            SessionAffinity.from(source));
    settings.shape(source.get("api", Api::parse));
    settings.requireKnownIds(source);
    return settings;
  }

  private static int minTokens(String text) {
    if (text.equals("max")) {
      return BodyShape.EXACT_LENGTH;
    }
    try {
      return SettingSource.wholeNumber(text, 1);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "give a whole number from 1 on, or max for as many as are asked for", e);
    }
  }

  private static ModelChoice models(SettingSource source) {
    ModelChoice.Span span = source.get("modelChoice", ModelChoice.Span::parse);
    Optional<ModelChoice> models = source.optional("models", text -> ModelChoice.parse(text, span));
    if (models.isPresent() && source.isChosen("model")) {
      throw new SettingException(
          "llm.models",
          source.get("models", Function.identity()),
          "llm.model is given too; a run asks either one model or several");
    }
    if (models.isEmpty() && source.isChosen("modelChoice")) {
      throw new SettingException(
          "llm.modelChoice",
          source.get("modelChoice", Function.identity()),
          "there is only one model to choose; name several by llm.models = base=3,lora-a=1");
    }
    return models.orElseGet(() -> source.get("model", ModelChoice::only));
  }

  /** Only what a script says has ids that are known without encoding it. */
  private void requireKnownIds(SettingSource source) {
    boolean received =
        source
            .optional("replyInHistory", Function.identity())
            .filter("received"::equals)
            .isPresent();
    if (prompt == PromptFormat.TOKEN_IDS && received) {
      throw new SettingException(
          "llm.promptFormat",
          prompt.key(),
          "replies as received (llm.replyInHistory = received) have no token ids to put into the"
              + " next prompt; set llm.replyInHistory = canned");
    }
  }

  /**
   * How these settings have a conversation put into a request.
   *
   * @throws SettingException if the API cannot be asked for what a setting says
   */
  public BodyShape shape(Api api) {
    BodyShape shape = BodyShape.of(api).withMinTokens(minTokens);
    shape = told("promptFormat", prompt.key(), prompt, shape::withPrompt);
    shape = told("maxTokensField", maxTokens.key(), maxTokens, shape::withMaxTokens);
    shape = told("systemRole", systemRole.key(), systemRole, shape::withSystemRole);
    return told("history", history.key(), history, shape::withHistory);
  }

  private static <T> BodyShape told(
      String setting, String text, T value, Function<T, BodyShape> change) {
    try {
      return change.apply(value);
    } catch (IllegalArgumentException e) {
      throw new SettingException("llm." + setting, text, e);
    }
  }
}
