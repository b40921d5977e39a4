package dev.gatlingllm.settings;

import dev.gatlingllm.prompt.Distribution;

/**
 * What conversations are made of. {@code llm-defaults.conf} says what each means.
 *
 * @param groups number of shared system prompts, from 1
 * @param conversationsPerGroup 0 for a fresh conversation for every user
 */
public record WorkloadSettings(
    int groups,
    int conversationsPerGroup,
    Distribution systemPromptTokens,
    Distribution questionTokens,
    Distribution outputTokens,
    Distribution turns) {

  /** A number of turns that no conversation reaches. */
  public static final Distribution FOREVER = Distribution.constant(Integer.MAX_VALUE);

  static WorkloadSettings from(SettingSource source) {
    return new WorkloadSettings(
        source.get("groups", text -> SettingSource.wholeNumber(text, 1)),
        source
            .optional("conversationsPerGroup", text -> SettingSource.wholeNumber(text, 1))
            .orElse(0),
        source.get("systemPromptTokens", text -> lengths(text, 0)),
        source.get("questionTokens", text -> lengths(text, 1)),
        source.get("outputTokens", text -> lengths(text, 1)),
        source.get("turns", text -> text.equals("forever") ? FOREVER : lengths(text, 1)));
  }

  /**
   * A range that reaches below what is possible is a mistake; the tail of an unbounded distribution
   * is not, and is cut where it is drawn.
   */
  private static Distribution lengths(String text, int min) {
    Distribution lengths = Distribution.parse(text);
    if (lengths.minimum() < min && Double.isFinite(lengths.minimum()) || lengths.maximum() < min) {
      throw new IllegalArgumentException(
          "lengths below " + min + " are not possible; write " + text + ".clamp(" + min + ",…)");
    }
    return lengths;
  }
}
