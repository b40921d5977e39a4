package dev.gatlingllm.text;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;

/** Reads and writes the constants of an enum by their keys in settings. */
public final class Choice {

  private Choice() {}

  /** Returns the key of a constant: its name in camel case, {@code tokenIds} for TOKEN_IDS. */
  public static String key(Enum<?> constant) {
    String name = constant.name().toLowerCase(Locale.ROOT);
    StringBuilder key = new StringBuilder(name.length());
    for (int i = 0; i < name.length(); i++) {
      boolean startsWord = i > 0 && name.charAt(i - 1) == '_';
      if (name.charAt(i) != '_') {
        key.append(startsWord ? Character.toUpperCase(name.charAt(i)) : name.charAt(i));
      }
    }
    return key.toString();
  }

  /**
   * Returns the constant with this key; case does not matter.
   *
   * @throws IllegalArgumentException for an unknown key; the message lists the known ones
   */
  public static <E extends Enum<E>> E parse(Class<E> type, String text) {
    return parse(List.of(type.getEnumConstants()), Choice::key, text);
  }

  /**
   * Returns the value with this key; case does not matter.
   *
   * @throws IllegalArgumentException for an unknown key; the message lists the known ones
   */
  public static <E> E parse(List<E> values, Function<? super E, String> key, String text) {
    return values.stream()
        .filter(value -> key.apply(value).equalsIgnoreCase(text.strip()))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "must be " + either(values.stream().map(key)) + ", got " + text));
  }

  private static String either(Stream<String> keys) {
    return String.join(", ", keys.toList()).replaceFirst(", ([^,]*)$", " or $1");
  }
}
