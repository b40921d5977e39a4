package dev.gatlingllm.bench.page;

import java.util.Locale;

/** The shape of a dot, so that lines are told apart without their colours, too. */
enum Shape {
  CIRCLE("M%1$.1f %2$.1fm-%3$.1f 0a%3$.1f %3$.1f 0 1 0 %4$.1f 0a%3$.1f %3$.1f 0 1 0 -%4$.1f 0z"),
  SQUARE("M%1$.1f %2$.1fm-%3$.1f -%3$.1fh%4$.1fv%4$.1fh-%4$.1fz"),
  TRIANGLE("M%1$.1f %2$.1fm0 -%4$.1fl%4$.1f %5$.1fh-%6$.1fz"),
  DIAMOND("M%1$.1f %2$.1fm0 -%4$.1fl%3$.1f %4$.1fl-%3$.1f %4$.1fl-%3$.1f -%4$.1fz");

  private final String path;

  Shape(String path) {
    this.path = path;
  }

  static Shape of(int look) {
    return values()[look % values().length];
  }

  void write(Markup page, double x, double y, double size) {
    page.empty(
        "path",
        "class",
        "dot",
        "d",
        String.format(
            Locale.ROOT, path, x, y, size, outer(size), 1.8 * outer(size), 2 * outer(size)));
  }

  /** Twice the size of what has straight sides; corners reach a little further. */
  private double outer(double size) {
    return switch (this) {
      case CIRCLE, SQUARE -> 2 * size;
      case TRIANGLE, DIAMOND -> 1.35 * size;
    };
  }
}
