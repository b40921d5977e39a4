package dev.gatlingllm.settings;

import static java.util.stream.Collectors.joining;

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
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
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

  /** The words of other load generators for settings, as in docs/coming-from.md. */
  static final Map<String, Set<String>> ELSEWHERE =
      Map.ofEntries(
          Map.entry(
              "llm.users",
              Set.of("concurrency", "concurrencylevel", "maxconcurrency", "numusers", "streams")),
          Map.entry("llm.rate", Set.of("requestrate", "qps")),
          Map.entry("llm.arrivals", Set.of("arrivalpattern", "burstiness", "loadtype")),
          Map.entry("llm.duration", Set.of("benchmarkduration", "maxduration", "maxseconds")),
          Map.entry("llm.warmup", Set.of("warmupduration", "numwarmups")),
          Map.entry(
              "llm.maxConversations",
              Set.of("numprompts", "numrequests", "requestcount", "numsessions")),
          Map.entry("llm.baseUrl", Set.of("url", "target", "endpoint")),
          Map.entry("llm.api", Set.of("endpointtype", "backend")),
          Map.entry("llm.model", Set.of("modelname")),
          Map.entry(
              "llm.questionTokens",
              Set.of("isl", "inputlen", "inputtokens", "prompttokens", "questionlen")),
          Map.entry("llm.outputTokens", Set.of("osl", "outputlen", "maxtokens")),
          Map.entry("llm.groups", Set.of("numgroups", "numprefixes", "prefixcount")),
          Map.entry(
              "llm.systemPromptTokens", Set.of("prefixlen", "prefixtokens", "systempromptlen")),
          Map.entry("llm.thinkTime", Set.of("delay", "turndelay")),
          Map.entry("llm.replay", Set.of("dataset", "datasetpath", "inputfile", "trace")),
          Map.entry("llm.replaySpeed", Set.of("speedup", "timescale")),
          Map.entry("llm.seed", Set.of("randomseed")),
          Map.entry("llm.goodput", Set.of("slo", "sla")),
          Map.entry("llm.extraBody", Set.of("extrainputs")));

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
    for (String name : texts.keySet()) {
      // one that is set may have its value by a substitution from here
      if (Setting.declared().containsKey(PREFIX + name) && !texts.containsKey(PREFIX + name)) {
        throw new SettingException(
            "%s: %s must be in llm { … }, or be written as llm.%s".formatted(resource, name, name));
      }
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
    String unknown =
        texts.keySet().stream()
            .filter(name -> !Setting.declared().containsKey(name))
            .sorted()
            .map(SettingSource::unknown)
            .collect(joining(System.lineSeparator()));
    if (!unknown.isEmpty()) {
      throw new SettingException(unknown);
    }
    return texts;
  }

  private static String unknown(String name) {
    return "Unknown setting "
        + name
        + (Redactor.isSecretName(name)
            ? "; an API key is no setting: set LLM_API_KEY in the environment"
            : meant(name.substring(PREFIX.length()))
                .map(setting -> "; did you mean " + setting.key() + "?")
                .orElse(""));
  }

  /**
   * Reads environment variables such as {@code LLM_MAX_MODEL_TOKENS}; a blank one is not set. Other
   * programs have variables of this prefix too, so that an unknown one is ignored, with a warning
   * if it looks like a misspelt setting.
   */
  static Map<String, String> environment(Map<String, String> environment) {
    Map<String, String> texts = new LinkedHashMap<>();
    Set<String> others = new TreeSet<>(environment.keySet());
    others.removeIf(name -> !name.startsWith(VARIABLE_PREFIX) || OTHERS.contains(name));
    for (Setting<?> setting : Setting.declared().values()) {
      others.remove(setting.variable());
      String text = environment.get(setting.variable());
      if (text != null && !text.isBlank()) {
        texts.put(setting.key(), text);
      }
    }
    others.forEach(SettingSource::warnIfMeant);
    return texts;
  }

  private static void warnIfMeant(String variable) {
    meant(variable.substring(VARIABLE_PREFIX.length()))
        .ifPresent(
            setting ->
                LOGGER.warn(
                    "Environment variable {} is not a setting; did you mean {}?",
                    variable,
                    setting.variable()));
  }

  /**
   * Returns the setting that an unknown name stands for in another tool, or that is spelt alike.
   */
  private static Optional<Setting<?>> meant(String name) {
    String word = word(name);
    Map<String, String> keys = new TreeMap<>();
    Setting.declared().keySet().forEach(key -> keys.put(word(key.substring(PREFIX.length())), key));
    return ELSEWHERE.entrySet().stream()
        .filter(elsewhere -> elsewhere.getValue().contains(word))
        .map(Map.Entry::getKey)
        .findFirst()
        .or(() -> Names.nearest(word, keys.keySet()).map(keys::get))
        .map(Setting.declared()::get);
  }

  private static String word(String name) {
    return name.replace("_", "").toLowerCase(Locale.ROOT);
  }
}
