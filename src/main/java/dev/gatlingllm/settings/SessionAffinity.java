package dev.gatlingllm.settings;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The header by which a gateway keeps a conversation on the replica that has its prefix cached.
 *
 * @param header the header's name
 * @param value its value as a Gatling Expression Language string; empty for the conversation's id
 */
public record SessionAffinity(String header, Optional<String> value) {

  /** The header that gateways know most often. */
  public static final String DEFAULT_HEADER = "X-Session-ID";

  /** What RFC 9110 calls a token. */
  private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

  /**
   * Checks the name.
   *
   * @throws IllegalArgumentException if no header can be called so
   */
  public SessionAffinity {
    if (!NAME.matcher(header).matches()) {
      throw new IllegalArgumentException(
          "no header can be called so; give a name such as " + DEFAULT_HEADER);
    }
  }

  static Optional<SessionAffinity> from(SettingSource source) {
    Optional<String> value = source.optional("affinityValue", text -> text);
    Optional<SessionAffinity> affinity =
        source.optional("affinityHeader", header -> new SessionAffinity(header, value));
    if (affinity.isEmpty() && value.isPresent()) {
      throw new SettingException(
          "llm.affinityValue",
          value.get(),
          "no header is named that carries it; set llm.affinityHeader = " + DEFAULT_HEADER);
    }
    return affinity;
  }
}
