package dev.gatlingllm.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The settings as text, by their full names: system properties over {@code llm.conf} over the
 * defaults in our jar.
 */
final class SettingSource {

  private static final String ROOT = "llm";

  /** Settings that have no default, so that the defaults' file cannot tell their names. */
  private static final Set<String> WITHOUT_DEFAULT =
      Set.of(
          "llm.baseUrl",
          "llm.rate",
          "llm.conversationsPerGroup",
          "llm.maxModelTokens",
          "llm.replay",
          "llm.lengths",
          "llm.corpus",
          "llm.maxConversations",
          "llm.goodput",
          "llm.models",
          "llm.temperature",
          "llm.topP",
          "llm.requestSeed",
          "llm.stop",
          "llm.minTokens",
          "llm.extraBody",
          "llm.affinityHeader",
          "llm.affinityValue",
          "llm.salt",
          "llm.benchmark");

  private final Map<String, String> values;
  private final Set<String> chosen;

  private SettingSource(Map<String, String> values, Set<String> chosen) {
    this.values = values;
    this.chosen = chosen;
  }

  /**
   * Reads the files and the properties.
   *
   * @throws SettingException for a name that is none, or a file that cannot be read
   */
  static SettingSource read(ClassLoader classLoader, Properties properties) {
    Map<String, String> defaults = flat(parse(classLoader, "llm-defaults.conf"));
    Map<String, String> chosen = flat(parse(classLoader, "llm.conf"));
    for (String name : properties.stringPropertyNames()) {
      if (name.startsWith(ROOT + ".")) {
        chosen.put(name, properties.getProperty(name));
      }
    }
    Set<String> known = new TreeSet<>(defaults.keySet());
    known.addAll(WITHOUT_DEFAULT);
    chosen.forEach((name, value) -> requireKnown(name, value, known));
    defaults.putAll(chosen);
    return new SettingSource(defaults, chosen.keySet());
  }

  private static Config parse(ClassLoader classLoader, String resource) {
    try {
      return ConfigFactory.parseResources(classLoader, resource).resolve();
    } catch (ConfigException e) {
      throw new SettingException(resource, "unreadable", e);
    }
  }

  private static Map<String, String> flat(Config config) {
    Map<String, String> flat = new LinkedHashMap<>();
    config
        .entrySet()
        .forEach(
            entry ->
                flat.put(
                    String.join(".", ConfigUtil.splitPath(entry.getKey())),
                    text(entry.getValue())));
    flat.keySet().removeIf(name -> !name.startsWith(ROOT + "."));
    return flat;
  }

  /** A list as JSON, everything else as it was written. */
  private static String text(ConfigValue value) {
    return value.valueType() == ConfigValueType.LIST
        ? value.render(ConfigRenderOptions.concise())
        : String.valueOf(value.unwrapped());
  }

  private static void requireKnown(String name, String value, Set<String> known) {
    if (!known.contains(name)) {
      throw new SettingException(
          name,
          value,
          "there is no such setting; the nearest known one is " + Nearest.to(name, known));
    }
  }

  /** Whether the user said anything about a setting. */
  boolean isChosen(String name) {
    return chosen.contains(ROOT + "." + name);
  }

  /** A setting that has a default. */
  <T> T get(String name, Function<String, T> reader) {
    return optional(name, reader).orElseThrow();
  }

  /** A setting that may be absent. */
  <T> Optional<T> optional(String name, Function<String, T> reader) {
    String fullName = ROOT + "." + name;
    String value = values.get(fullName);
    if (value == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(reader.apply(value.strip()));
    } catch (SettingException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new SettingException(fullName, value, e);
    }
  }

  static int wholeNumber(String text, int min) {
    try {
      int number = Integer.parseInt(text);
      if (number >= min) {
        return number;
      }
    } catch (NumberFormatException e) {
      // told below, as a number out of range is
    }
    throw new IllegalArgumentException("give a whole number from " + min + " on");
  }

  static long seed(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("give a whole number", e);
    }
  }

  static double positive(String text) {
    try {
      double number = Double.parseDouble(text);
      if (number > 0 && Double.isFinite(number)) {
        return number;
      }
    } catch (NumberFormatException e) {
      // told below, as a number out of range is
    }
    throw new IllegalArgumentException("give a number above 0");
  }

  static boolean flag(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("give true or false");
    };
  }

  static Duration duration(String text) {
    try {
      Duration duration = ConfigValueFactory.fromAnyRef(text).atKey("value").getDuration("value");
      if (!duration.isNegative()) {
        return duration;
      }
    } catch (ConfigException e) {
      // told below, as a negative one is
    }
    throw new IllegalArgumentException("give a duration such as 500ms, 30s, 10m or 2h");
  }
}
