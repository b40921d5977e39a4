package dev.gatlingllm.bench.page;

import java.util.Comparator;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * How the values of a parameter spread along an axis: by ratio where they are numbers that differ
 * manifold, by difference where they are other numbers, and one after another where they are words.
 * Immutable.
 */
final class Spread {

  private final List<String> values;
  private final double[] places;

  private Spread(List<String> values, double[] places) {
    this.values = List.copyOf(values);
    this.places = places;
  }

  /**
   * @param values different ones, in the order of the axis; numbers are put in theirs
   */
  static Spread of(List<String> values) {
    if (!values.stream().allMatch(Spread::isNumber)) {
      return evenly(values);
    }
    List<String> ordered =
        values.stream().sorted(Comparator.comparingDouble(Double::parseDouble)).toList();
    double[] numbers = ordered.stream().mapToDouble(Double::parseDouble).toArray();
    boolean manifold = numbers[0] > 0 && numbers[numbers.length - 1] >= 4 * numbers[0];
    return between(ordered, manifold ? DoubleStream.of(numbers).map(Math::log).toArray() : numbers);
  }

  /** One after another. */
  static Spread evenly(List<String> values) {
    return between(values, IntStream.range(0, values.size()).asDoubleStream().toArray());
  }

  private static Spread between(List<String> ordered, double[] numbers) {
    double[] places = numbers.clone();
    double first = places[0];
    double last = places[places.length - 1];
    for (int i = 0; i < places.length; i++) {
      places[i] = last == first ? 0.5 : (places[i] - first) / (last - first);
    }
    return new Spread(ordered, places);
  }

  private static boolean isNumber(String value) {
    return value.matches("-?\\d+(\\.\\d+)?([eE][-+]?\\d+)?");
  }

  List<String> values() {
    return values;
  }

  /** Where a value lies: 0 at the beginning and 1 at the end, NaN for one that is not there. */
  double share(String value) {
    int index = values.indexOf(value);
    return index < 0 ? Double.NaN : places[index];
  }
}
