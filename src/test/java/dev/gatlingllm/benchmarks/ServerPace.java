package dev.gatlingllm.benchmarks;

import java.util.List;

/**
 * The times of the server's tokens, in milliseconds.
 *
 * @param firstTokenMillis from the request to the first token, about
 * @param tokenMillis from one token of a stream to the next
 * @param streams number of streams that a step of the engine is spread over, one token after the
 *     other; 0 if the tokens of all streams come in one burst
 */
record ServerPace(double firstTokenMillis, double tokenMillis, int streams) {

  private static final double FIRST_TOKEN_MILLIS = 50;
  private static final double TOKEN_MILLIS = 10;

  /** As fast as they can be written. */
  static final ServerPace INSTANT = new ServerPace(0, 0, 0);

  /** 50 ms to the first token, then 10 ms a token, the tokens of all streams evenly apart. */
  static ServerPace even(int streams) {
    return new ServerPace(FIRST_TOKEN_MILLIS, TOKEN_MILLIS, streams);
  }

  /** The same, but the tokens of all streams at once. */
  static ServerPace bursts() {
    return new ServerPace(FIRST_TOKEN_MILLIS, TOKEN_MILLIS, 0);
  }

  /**
   * @param name {@code even}, {@code bursts} or {@code instant}
   * @param streams how many there will be
   * @throws IllegalArgumentException for any other name
   */
  static ServerPace named(String name, int streams) {
    return switch (name) {
      case "even" -> even(streams);
      case "bursts" -> bursts();
      case "instant" -> INSTANT;
      default -> throw new IllegalArgumentException("pace " + name + ": even, bursts or instant");
    };
  }

  boolean isInstant() {
    return tokenMillis == 0;
  }

  /** Returns the engine's times: to the first step, of a step, and of each sequence in it. */
  List<String> arguments() {
    boolean spread = streams > 0;
    return List.of(
        Double.toString(Math.max(0, firstTokenMillis - tokenMillis)),
        Double.toString(spread ? 0 : tokenMillis),
        Double.toString(spread ? tokenMillis / streams : 0));
  }

  @Override
  public String toString() {
    return isInstant()
        ? "tokens as fast as the server writes them"
        : "first token after "
            + Numbers.shortly(firstTokenMillis)
            + " ms, then "
            + Numbers.shortly(tokenMillis)
            + " ms a token, "
            + (streams > 0 ? "streams evenly apart" : "all streams in one burst");
  }
}
