package dev.gatlingllm.conversation;

/** How a chat request carries what was said before. */
public enum HistoryForm {
  /** Each thing that was said is a message of its own, as chat applications send it. */
  MESSAGES("messages"),
  /** System prompt, history and question are one text in one user message. */
  TEXT("text");

  private final String key;

  HistoryForm(String key) {
    this.key = key;
  }

  /** The name in settings. */
  public String key() {
    return key;
  }

  /**
   * Reads the name in settings.
   *
   * @throws IllegalArgumentException if there is no such form
   */
  public static HistoryForm parse(String text) {
    for (HistoryForm form : values()) {
      if (form.key.equals(text.strip())) {
        return form;
      }
    }
    throw new IllegalArgumentException(
        "\"" + text + "\" is no form of a history; write messages or text");
  }
}
