package dev.gatlingllm.bench;

import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;

/** Converts a parameter's value to the type of its field. */
final class ParamValue {

  private static final Map<Class<?>, Function<String, Object>> READERS =
      Map.ofEntries(
          Map.entry(int.class, Integer::valueOf),
          Map.entry(Integer.class, Integer::valueOf),
          Map.entry(long.class, Long::valueOf),
          Map.entry(Long.class, Long::valueOf),
          Map.entry(double.class, Double::valueOf),
          Map.entry(Double.class, Double::valueOf),
          Map.entry(float.class, Float::valueOf),
          Map.entry(Float.class, Float::valueOf),
          Map.entry(short.class, Short::valueOf),
          Map.entry(Short.class, Short::valueOf),
          Map.entry(byte.class, Byte::valueOf),
          Map.entry(Byte.class, Byte::valueOf),
          Map.entry(boolean.class, ParamValue::flag),
          Map.entry(Boolean.class, ParamValue::flag),
          Map.entry(String.class, text -> text));

  private ParamValue() {}

  /**
   * Checks the type of a field.
   *
   * @throws IllegalArgumentException for an unsupported type
   */
  static void requireKnown(Field field) {
    if (!field.getType().isEnum() && !READERS.containsKey(field.getType())) {
      throw new IllegalArgumentException(
          field.getDeclaringClass().getName()
              + "."
              + field.getName()
              + ": a parameter is a number, a boolean, a String or an enum, not "
              + field.getType().getName());
    }
  }

  /**
   * Converts a value.
   *
   * @throws IllegalArgumentException for a value that the field's type does not have
   */
  static Object parse(Field field, String value) {
    try {
      return field.getType().isEnum()
          ? constant(field.getType(), value)
          : READERS.get(field.getType()).apply(value);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "-p " + field.getName() + "=" + value + ": " + wanted(field), e);
    }
  }

  private static Object constant(Class<?> type, String value) {
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> ((Enum<?>) constant).name().equals(value))
        .findFirst()
        .orElseThrow(IllegalArgumentException::new);
  }

  private static String wanted(Field field) {
    return field.getType().isEnum()
        ? "give one of " + Arrays.toString(field.getType().getEnumConstants())
        : "give a value of type " + field.getType().getSimpleName();
  }

  /** Unlike {@link Boolean#valueOf}, rejects everything but {@code true} and {@code false}. */
  private static Object flag(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException();
    };
  }
}
