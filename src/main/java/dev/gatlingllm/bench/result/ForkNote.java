package dev.gatlingllm.bench.result;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.gatlingllm.metrics.Figure;

/**
 * What a reader of a fork's scores has to know of its server and its load.
 *
 * @param kind what it is about
 * @param text one or more sentences
 */
public record ForkNote(Kind kind, String text) {

  /** What a note is about. */
  public enum Kind {
    /** The server's cache was to be fresh, and was not. */
    @JsonProperty("warm-cache")
    WARM_CACHE(Figure.CACHE_HIT_PERCENT, "did not begin with a fresh cache"),
    /** The server worked for others meanwhile. */
    @JsonProperty("other-load")
    OTHER_LOAD(Figure.OUTPUT_TOKENS_PER_SECOND, "had other load on the server"),
    /** The load was less than its arrivals become. */
    @JsonProperty("load-building-up")
    BUILDING_UP(Figure.OUTPUT_TOKENS_PER_SECOND, "were measured too early");

    private final Figure figure;
    private final String words;

    Kind(Figure figure, String words) {
      this.figure = figure;
      this.words = words;
    }

    /** Returns the figure that shows it. */
    public Figure figure() {
      return figure;
    }

    /** Returns what these forks did or had, such as {@code had other load on the server}. */
    public String words() {
      return words;
    }
  }
}
