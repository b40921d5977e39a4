package dev.gatlingllm.metrics;

import java.lang.reflect.Array;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Everything that a summary says, to the last digit, as text: to be compared in one go. */
final class Digits {

  private Digits() {}

  static String of(Object value) {
    if (value instanceof Record) {
      return components((Record) value);
    }
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(entry -> entry.getKey() + ": " + of(entry.getValue()))
          .collect(Collectors.joining("\n", "{", "}"));
    }
    if (value instanceof Collection<?> values) {
      return values.stream().map(Digits::of).collect(Collectors.joining("\n", "[", "]"));
    }
    if (value != null && value.getClass().isArray()) {
      return IntStream.range(0, Array.getLength(value))
          .mapToObj(index -> of(Array.get(value, index)))
          .collect(Collectors.joining(" ", "[", "]"));
    }
    return String.valueOf(value);
  }

  private static String components(Record record) {
    StringBuilder text = new StringBuilder(record.getClass().getSimpleName());
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      try {
        component.getAccessor().setAccessible(true);
        text.append(' ').append(component.getName()).append('=');
        text.append(of(component.getAccessor().invoke(record)));
      } catch (ReflectiveOperationException impossible) {
        throw new AssertionError(impossible);
      }
    }
    return text.toString();
  }
}
