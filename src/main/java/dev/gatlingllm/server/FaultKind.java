package dev.gatlingllm.server;

import dev.gatlingllm.text.Names;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The faults that can be injected. Their labels are used in settings and headers. */
enum FaultKind {
  REFUSE("refuse", Stage.INSTEAD_OF_RESPONSE),
  HANG_UP("hang-up", Stage.INSTEAD_OF_RESPONSE, Duration.ZERO),
  RATE_LIMIT("429", Stage.INSTEAD_OF_RESPONSE, Duration.ofSeconds(1)),
  SERVER_ERROR("500", Stage.INSTEAD_OF_RESPONSE),
  OVERLOAD("503", Stage.INSTEAD_OF_RESPONSE, Duration.ofSeconds(1)),
  ERROR_BODY("error-body", Stage.INSTEAD_OF_RESPONSE),
  LATE_FIRST_TOKEN("late-first-token", Stage.BEFORE_TOKENS, Duration.ofSeconds(1)),
  INTERIM("interim", Stage.BEFORE_TOKENS, Duration.ofMillis(100)),
  RESET("reset", Stage.AMONG_TOKENS),
  DISCONNECT("disconnect", Stage.AMONG_TOKENS),
  GOAWAY("goaway", Stage.AMONG_TOKENS),
  TRUNCATE("truncate", Stage.AMONG_TOKENS),
  CUT_CHARACTER("cut-character", Stage.AMONG_TOKENS),
  ERROR_FRAME("error-frame", Stage.AMONG_TOKENS),
  ERROR_FIELD("error-field", Stage.AMONG_TOKENS),
  FINISH_ERROR("finish-error", Stage.AMONG_TOKENS),
  MALFORMED("malformed", Stage.AMONG_TOKENS),
  STALL("stall", Stage.AMONG_TOKENS, Duration.ofSeconds(5)),
  NO_DONE("no-done", Stage.TRANSPORT),
  NO_FINISH("no-finish", Stage.TRANSPORT),
  NO_END("no-end", Stage.TRANSPORT),
  WHOLE("whole", Stage.TRANSPORT),
  BUFFER("buffer", Stage.TRANSPORT, Duration.ofMillis(200)),
  GLUE("glue", Stage.TRANSPORT),
  DRIBBLE("dribble", Stage.TRANSPORT),
  CLOSE("close", Stage.TRANSPORT),
  SLOW_ACCEPT("slow-accept", Stage.CONNECTION, Duration.ofSeconds(1));

  /** The part of an exchange that a fault affects. */
  enum Stage {
    CONNECTION,
    INSTEAD_OF_RESPONSE,
    BEFORE_TOKENS,
    AMONG_TOKENS,
    /** Only how the bytes are sent. */
    TRANSPORT
  }

  final String label;
  final Stage stage;

  /** Null for a kind without a time. */
  final @Nullable Duration defaultTime;

  FaultKind(String label, Stage stage) {
    this(label, stage, null);
  }

  FaultKind(String label, Stage stage, @Nullable Duration defaultTime) {
    this.label = label;
    this.stage = stage;
    this.defaultTime = defaultTime;
  }

  /** Returns whether the fault occurs after a number of tokens. */
  boolean takesAfter() {
    return stage == Stage.AMONG_TOKENS;
  }

  boolean takesTime() {
    return defaultTime != null;
  }

  /**
   * Returns the kind with a label.
   *
   * @throws IllegalArgumentException for an unknown label, with the nearest known one
   */
  static FaultKind named(String label) {
    for (FaultKind kind : values()) {
      if (kind.label.equals(label)) {
        return kind;
      }
    }
    List<String> labels = Arrays.stream(values()).map(kind -> kind.label).toList();
    String nearest = Names.suggestion(label, labels);
    throw new IllegalArgumentException(
        "Unknown fault \"%s\"%s (known: %s)".formatted(label, nearest, String.join(", ", labels)));
  }
}
