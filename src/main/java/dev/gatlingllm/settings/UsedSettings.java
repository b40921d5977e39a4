package dev.gatlingllm.settings;

import dev.gatlingllm.conversation.BodyShape;
import dev.gatlingllm.text.Choice;
import dev.gatlingllm.text.Durations;
import dev.gatlingllm.text.Names;
import dev.gatlingllm.text.Numbers;
import dev.gatlingllm.text.Redactor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * The settings that a simulation has asked for, with the values that it got: those that decide its
 * load. A setting of which several workloads have different values has all of them. Any thread may
 * call any method.
 */
public final class UsedSettings {

  /** What a run records beside its settings, or what decides no load. */
  private static final Set<Setting<?>> LEFT_OUT =
      Set.of(
          Setting.API,
          Setting.MODEL,
          Setting.TOKENIZER,
          Setting.SEED,
          Setting.SHARD,
          Setting.OTLP,
          Setting.PROMETHEUS_PORT,
          Setting.VARIABLE_PREFIX,
          Setting.SERVER_METRICS,
          Setting.ANY_GATLING);

  private static final Set<Setting<?>> FILES =
      Set.of(Setting.REPLAY, Setting.LENGTHS, Setting.CORPUS, Setting.JSON_SCHEMA);

  private static final Map<Setting<?>, Set<String>> USED = new ConcurrentHashMap<>();

  /** Those of which a simulation got the value that the user gave. */
  private static final Set<Setting<?>> READ = ConcurrentHashMap.newKeySet();

  private static final Set<Setting<?>> ASKED_BY_THE_RUN =
      Set.of(Setting.SHARD, Setting.ANY_GATLING);

  private UsedSettings() {}

  /** Adds a value that a simulation got from a setting, or states itself in its place. */
  public static void add(Setting<?> setting, Object value) {
    USED.computeIfAbsent(setting, unused -> ConcurrentHashMap.newKeySet())
        .add(describe(setting, value));
  }

  /** Adds a setting of which a simulation got the value as the user or the defaults give it. */
  static void addRead(Setting<?> setting) {
    READ.add(setting);
  }

  /**
   * Returns the keys of the settings that the user gave for this run and that have had no effect so
   * far: the simulation did not ask for them, or states other values. Those of {@code llm.conf} are
   * not among them, because they may be for other simulations.
   */
  public static List<String> withoutEffect() {
    return withoutEffect(System.getenv(), System.getProperties());
  }

  static List<String> withoutEffect(Map<String, String> environment, Properties properties) {
    return Setting.declared().values().stream()
        .filter(setting -> !READ.contains(setting) && !ASKED_BY_THE_RUN.contains(setting))
        .filter(
            setting ->
                properties.getProperty(setting.key()) != null
                    || !environment.getOrDefault(setting.variable(), "").isBlank())
        .map(Setting::key)
        .toList();
  }

  /** Forgets all settings: the next simulation of this process begins. */
  public static void clear() {
    USED.clear();
    READ.clear();
  }

  /**
   * Returns the settings by their names without {@code llm.}, in the order of the documentation.
   */
  public static Map<String, String> get() {
    Map<String, String> used = new LinkedHashMap<>();
    Setting.declared()
        .forEach(
            (key, setting) -> {
              Set<String> values = USED.get(setting);
              if (values != null && !LEFT_OUT.contains(setting)) {
                used.put(
                    key.substring(key.indexOf('.') + 1),
                    values.stream().sorted().collect(Collectors.joining("; ")));
              }
            });
    return used;
  }

  /** Returns whether a value is a path, and not what a simulation gives in place of a file. */
  private static boolean isPath(Object value) {
    return value instanceof Path || (value instanceof String text && !text.startsWith("{"));
  }

  /** Returns the text of a value, as a setting has it; of a file only its folder and its name. */
  static String describe(Setting<?> setting, Object value) {
    if (setting == Setting.EXTRA_BODY) {
      // a text under any name may be a secret
      return value.toString().replaceAll(":\\s*+\"(?:[^\"\\\\]|\\\\.)*+\"", ":\"…\"");
    }
    if (setting == Setting.BENCHMARK) {
      // a fork's way to its runner is a file in this machine's temporary folder
      return value.toString().replaceAll("\\s*+-forked\\s++\\S++", "");
    }
    if (value == Setting.FOREVER) {
      return "forever";
    }
    if (setting == Setting.MIN_TOKENS && value.equals(BodyShape.EXACT_LENGTH)) {
      return "max";
    }
    if (value instanceof Duration duration) {
      return Durations.format(duration);
    }
    if (value instanceof Enum<?> choice) {
      return Choice.key(choice);
    }
    if (value instanceof Double number) {
      return Numbers.plain(number);
    }
    if (FILES.contains(setting) && isPath(value)) {
      return Names.ofFile(Path.of(value.toString()));
    }
    if (value == Setting.OF_TEXTS) {
      return "texts set by the simulation";
    }
    if (value == Setting.OF_A_FEEDER || value.toString().matches("[\\w.$/]+@[0-9a-f]+")) {
      // a feeder or a function
      return "set by the simulation";
    }
    return Redactor.ofProcess().redact(value.toString());
  }
}
