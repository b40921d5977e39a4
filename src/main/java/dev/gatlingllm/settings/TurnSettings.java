package dev.gatlingllm.settings;

/**
 * What the request of a turn asks for. {@code llm-defaults.conf} says what each means.
 *
 * @param ignoreEos whether {@code ignore_eos} is sent
 */
public record TurnSettings(boolean ignoreEos) {

  static TurnSettings from(SettingSource source) {
    return new TurnSettings(source.get("ignoreEos", SettingSource::flag));
  }
}
