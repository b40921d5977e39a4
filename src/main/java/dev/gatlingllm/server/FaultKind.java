package dev.gatlingllm.server;

import dev.gatlingllm.text.Nearest;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What can go wrong on demand, under the names of settings and headers.
 *
 * <p>Some take the place of a reply, some strike in it after so many tokens, and some only change
 * how its bytes travel.
 */
enum FaultKind {
  REFUSE("refuse", Place.INSTEAD),
  HANG_UP("hang-up", Place.INSTEAD),
  RATE_LIMIT("429", Place.INSTEAD, Duration.ofSeconds(1)),
  SERVER_ERROR("500", Place.INSTEAD),
  OVERLOAD("503", Place.INSTEAD, Duration.ofSeconds(1)),
  ERROR_BODY("error-body", Place.INSTEAD),
  LATE_FIRST_TOKEN("late-first-token", Place.BEFORE_TOKENS, Duration.ofSeconds(1)),
  RESET("reset", Place.AMONG_TOKENS),
  TRUNCATE("truncate", Place.AMONG_TOKENS),
  CUT_CHARACTER("cut-character", Place.AMONG_TOKENS),
  ERROR_FRAME("error-frame", Place.AMONG_TOKENS),
  MALFORMED("malformed", Place.AMONG_TOKENS),
  STALL("stall", Place.AMONG_TOKENS, Duration.ofSeconds(5)),
  NO_DONE("no-done", Place.BYTES),
  GLUE("glue", Place.BYTES),
  DRIBBLE("dribble", Place.BYTES),
  CLOSE("close", Place.BYTES),
  SLOW_ACCEPT("slow-accept", Place.CONNECTION, Duration.ofSeconds(1));

  /** Where a fault strikes. */
  enum Place {
    CONNECTION,
    INSTEAD,
    BEFORE_TOKENS,
    AMONG_TOKENS,
    BYTES
  }

  private final String label;
  private final Place place;
  private final Duration defaultTime;

  FaultKind(String label, Place place) {
    this(label, place, null);
  }

  FaultKind(String label, Place place, Duration defaultTime) {
    this.label = label;
    this.place = place;
    this.defaultTime = defaultTime;
  }

  String label() {
    return label;
  }

  Place place() {
    return place;
  }

  /** Whether it strikes after a number of tokens that may be given. */
  boolean takesAfter() {
    return place == Place.AMONG_TOKENS;
  }

  /** Whether it takes a time. */
  boolean takesTime() {
    return defaultTime != null;
  }

  /** The time where none is given; null for a kind that takes none. */
  Duration defaultTime() {
    return defaultTime;
  }

  /**
   * @throws IllegalArgumentException naming the nearest kind where there is none of that name
   */
  static FaultKind named(String label) {
    for (FaultKind kind : values()) {
      if (kind.label.equals(label)) {
        return kind;
      }
    }
    String meant =
        Nearest.to(label, labels()).map(name -> "; did you mean " + name + "?").orElse("");
    throw new IllegalArgumentException(
        "there is no fault \""
            + label
            + "\""
            + meant
            + " (there are "
            + labels().stream().collect(Collectors.joining(", "))
            + ")");
  }

  static List<String> labels() {
    return Arrays.stream(values()).map(FaultKind::label).toList();
  }
}
