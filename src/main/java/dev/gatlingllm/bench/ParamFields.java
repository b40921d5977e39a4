package dev.gatlingllm.bench;

import static java.util.Objects.requireNonNull;

import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.text.Require;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Param;

/**
 * The fields of a benchmark with {@link Param}, in the order of their declaration, those of its
 * superclasses first.
 */
final class ParamFields {

  /** Characters at which readers of result files split names and values. */
  private static final Pattern MISREAD = Pattern.compile("[\\s=\"]");

  /** With what the key of a setting begins; no field has such a name. */
  private static final String SETTING = "llm.";

  private static final Map<Class<?>, Function<String, Object>> READERS =
      Map.of(
          Integer.class, Integer::valueOf,
          Long.class, Long::valueOf,
          Double.class, Double::valueOf,
          Float.class, Float::valueOf,
          Short.class, Short::valueOf,
          Byte.class, Byte::valueOf,
          Boolean.class, ParamFields::parseBoolean,
          String.class, text -> text);

  private final Class<?> benchmark;
  private final Map<String, Field> fields = new LinkedHashMap<>();

  /**
   * Finds the fields.
   *
   * @throws IllegalArgumentException for a field that cannot be a parameter
   */
  ParamFields(Class<?> benchmark) {
    this.benchmark = benchmark;
    collect(benchmark);
  }

  private void collect(Class<?> type) {
    if (type == LlmBenchmark.class || type == Object.class) {
      return;
    }
    collect(type.getSuperclass());
    for (Field field : type.getDeclaredFields()) {
      if (field.isAnnotationPresent(Param.class)) {
        require(!Modifier.isFinal(field.getModifiers()), field, "must not be final");
        require(!Modifier.isStatic(field.getModifiers()), field, "must not be static");
        require(
            field.getType().isEnum() || READERS.containsKey(wrapper(field)),
            field,
            "must be a number, a boolean, a String or an enum, got " + field.getType().getName());
        field.setAccessible(true);
        fields.put(field.getName(), field);
      }
    }
  }

  private static void require(boolean condition, Field field, String rule) {
    if (!condition) {
      throw new IllegalArgumentException(
          "@Param " + field.getDeclaringClass().getName() + "." + field.getName() + " " + rule);
    }
  }

  /**
   * Returns the values of each parameter: the given ones, else the annotation's. Every setting is a
   * parameter, too, where values are given for it; its name is then the setting's key.
   *
   * @param asked given values, by name of the parameter, or of a setting, such as {@code api}
   * @throws IllegalArgumentException for an unknown name or an invalid value
   */
  Map<String, List<String>> values(Map<String, ? extends Collection<String>> asked) {
    Map<String, List<String>> values = new LinkedHashMap<>();
    fields.forEach((name, field) -> values.put(name, values(field, asked.get(name))));
    asked.forEach(
        (name, given) -> {
          String key = key(name);
          Require.that(
              fields.containsKey(name) || LlmSettings.isKey(key),
              "-p",
              name,
              "a parameter of "
                  + benchmark.getName()
                  + ", of "
                  + fields.keySet()
                  + ", or a setting such as llm.api");
          if (!fields.containsKey(name)) {
            given.forEach(value -> requireReadable(name, value));
            values.put(key, List.copyOf(given));
          }
        });
    return values;
  }

  /** Returns the key of a setting that is named with or without {@code llm.}. */
  static String key(String name) {
    return name.startsWith(SETTING) ? name : SETTING + name;
  }

  /** Returns whether a parameter is a setting of a fork, not a field. */
  static boolean isSetting(String parameter) {
    return parameter.startsWith(SETTING);
  }

  private static List<String> values(Field field, @Nullable Collection<String> asked) {
    List<String> values = new ArrayList<>(asked == null ? declared(field) : asked);
    require(!values.isEmpty(), field, "must have a value, by @Param or -p " + field.getName());
    for (String value : values) {
      requireReadable(field.getName(), value);
      parse(field, value);
    }
    return values;
  }

  private static void requireReadable(String name, String value) {
    Require.that(
        !MISREAD.matcher(value).find(),
        "-p " + name,
        value,
        "without a space, a quote or '=', at which readers of result files split");
  }

  private static List<String> declared(Field field) {
    String[] values = field.getAnnotation(Param.class).value();
    if (!Arrays.equals(values, new String[] {Param.BLANK_ARGS})) {
      return List.of(values);
    }
    return field.getType().isEnum()
        ? constants(field.getType()).<String>map(Enum::name).toList()
        : List.of();
  }

  /** Converts a value to the type of its field. */
  private static Object parse(Field field, String value) {
    Class<?> type = field.getType();
    try {
      return type.isEnum()
          ? constants(type).filter(constant -> constant.name().equals(value)).findFirst().get()
          : requireNonNull(READERS.get(wrapper(field))).apply(value);
    } catch (IllegalArgumentException | NoSuchElementException e) {
      String allowed =
          type.isEnum()
              ? "one of " + Arrays.toString(type.getEnumConstants())
              : "of type " + type.getSimpleName();
      throw new IllegalArgumentException(
          "-p " + field.getName() + " must be " + allowed + ", got " + value, e);
    }
  }

  private static Stream<Enum<?>> constants(Class<?> type) {
    return Stream.of(type.getEnumConstants()).map(constant -> (Enum<?>) constant);
  }

  private static Class<?> wrapper(Field field) {
    return MethodType.methodType(field.getType()).wrap().returnType();
  }

  /** Unlike {@link Boolean#valueOf}, rejects everything but {@code true} and {@code false}. */
  private static boolean parseBoolean(String text) {
    if (!text.matches("true|false")) {
      throw new IllegalArgumentException(text);
    }
    return Boolean.parseBoolean(text);
  }

  /** Sets the parameters of a benchmark under construction that are fields. */
  void set(Object instance, Map<String, String> values) {
    fields.forEach(
        (name, field) -> {
          String value = requireNonNull(values.get(name));
          try {
            field.set(instance, parse(field, value));
          } catch (IllegalAccessException | RuntimeException e) {
            throw new IllegalArgumentException(name + " cannot be set: " + e.getMessage(), e);
          }
        });
  }

  /**
   * Checks that the benchmark has not changed its parameters. An initialiser runs after they are
   * set, and would measure something else than the results say.
   *
   * @throws IllegalArgumentException with the name of the field
   */
  void requireUntouched(Object instance, Map<String, String> values) {
    fields.forEach(
        (name, field) -> {
          String value = requireNonNull(values.get(name));
          try {
            require(
                Objects.equals(field.get(instance), parse(field, value)),
                field,
                "must have no initialiser and no assignment: it was %s and is %s"
                    .formatted(value, field.get(instance)));
          } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
          }
        });
  }
}
