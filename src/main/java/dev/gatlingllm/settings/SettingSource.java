package dev.gatlingllm.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import dev.gatlingllm.text.Names;
import dev.gatlingllm.text.Redactor;
import dev.gatlingllm.workload.ShardEnvironment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The places that settings are read from. Each returns the texts of settings by their full names.
 */
final class SettingSource {

  private static final Logger LOGGER = LoggerFactory.getLogger(SettingSource.class);

  private static final String PREFIX = "llm.";
  private static final String VARIABLE_PREFIX = "LLM_";

  /** Variables that are ours but no settings. */
  private static final Set<String> OTHERS = Set.of("LLM_API_KEY", ShardEnvironment.COUNT_VARIABLE);

  private SettingSource() {}

  /**
   * Reads a HOCON file on the class path; a file that is not there has no settings.
   *
   * @throws SettingException for a file that cannot be read or an unknown setting
   */
  static Map<String, String> file(ClassLoader classLoader, String resource) {
    Map<String, String> texts = new LinkedHashMap<>();
    try {
      Config config = ConfigFactory.parseResources(classLoader, resource).resolve();
      config
          .entrySet()
          .forEach(
              entry ->
                  texts.put(
                      String.join(".", ConfigUtil.splitPath(entry.getKey())),
                      text(entry.getValue())));
    } catch (ConfigException e) {
      throw new SettingException("Invalid file " + resource + ": " + e.getMessage());
    }
    return known(texts);
  }

  /** Returns a list as JSON, other values as plain text. */
  private static String text(ConfigValue value) {
    return value.valueType() == ConfigValueType.LIST
        ? value.render(ConfigRenderOptions.concise())
        : String.valueOf(value.unwrapped());
  }

  /**
   * Reads the system properties whose names begin with {@code llm.}.
   *
   * @throws SettingException for an unknown setting
   */
  static Map<String, String> properties(Properties properties) {
    Map<String, String> texts = new LinkedHashMap<>();
    properties.stringPropertyNames().forEach(name -> texts.put(name, properties.getProperty(name)));
    return known(texts);
  }

  private static Map<String, String> known(Map<String, String> texts) {
    texts.keySet().removeIf(name -> !name.startsWith(PREFIX));
    for (String name : texts.keySet()) {
      if (!Setting.declared().containsKey(name)) {
        throw new SettingException(
            "Unknown setting "
                + name
                + (Redactor.isSecretName(name)
                    ? "; an API key is no setting: set LLM_API_KEY in the environment"
                    : Names.suggestion(name, Setting.declared().keySet())));
      }
    }
    return texts;
  }

  /**
   * Reads environment variables such as {@code LLM_MAX_MODEL_TOKENS}; a blank one is not set. Other
   * programs have variables of this prefix too, so that an unknown one is ignored, with a warning
   * if it looks like a misspelt setting.
   */
  static Map<String, String> environment(Map<String, String> environment) {
    Map<String, String> texts = new LinkedHashMap<>();
    List<String> variables =
        Setting.declared().values().stream()
            .map(setting -> setting.variable().substring(VARIABLE_PREFIX.length()))
            .toList();
    for (Setting<?> setting : Setting.declared().values()) {
      String text = environment.get(setting.variable());
      if (text != null && !text.isBlank()) {
        texts.put(setting.key(), text);
      }
    }
    environment.keySet().stream()
        .filter(name -> name.startsWith(VARIABLE_PREFIX) && !OTHERS.contains(name))
        .map(name -> name.substring(VARIABLE_PREFIX.length()))
        .filter(name -> !variables.contains(name))
        .forEach(name -> warnIfMisspelt(name, variables));
    return texts;
  }

  private static void warnIfMisspelt(String name, List<String> variables) {
    Names.nearest(name, variables)
        .ifPresent(
            near ->
                LOGGER.warn(
                    "Environment variable LLM_{} is not a setting; did you mean LLM_{}?",
                    name,
                    near));
  }
}
