package dev.gatlingllm;

/** Who says the system prompt in a chat request. */
public enum SystemRole {
  /** A message of its own, with the role that most servers and chat templates know. */
  SYSTEM("system"),
  /** A message of its own, with the role that newer models of OpenAI's ask for. */
  DEVELOPER("developer"),
  /**
   * The first user message begins with it: for chat templates that refuse a system message. A
   * single space stands between the two texts where neither brings one, so that the tokens of the
   * prompt stay the sum of its parts'.
   */
  USER("user");

  private final String key;

  SystemRole(String key) {
    this.key = key;
  }

  /** The name in settings and in requests. */
  public String key() {
    return key;
  }

  /**
   * Reads the name in settings.
   *
   * @throws IllegalArgumentException if there is no such role
   */
  public static SystemRole parse(String text) {
    for (SystemRole role : values()) {
      if (role.key.equals(text.strip())) {
        return role;
      }
    }
    throw new IllegalArgumentException(
        "\"" + text + "\" is no role of a system prompt; write system, developer or user");
  }
}
