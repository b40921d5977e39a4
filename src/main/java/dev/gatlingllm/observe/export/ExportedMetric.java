package dev.gatlingllm.observe.export;

import static dev.gatlingllm.observe.export.Label.CACHE;
import static dev.gatlingllm.observe.export.Label.ERROR_TYPE;
import static dev.gatlingllm.observe.export.Label.GROUP;
import static dev.gatlingllm.observe.export.Label.PHASE;
import static dev.gatlingllm.observe.export.Label.REQUEST;
import static dev.gatlingllm.observe.export.Label.SCENARIO;
import static dev.gatlingllm.observe.export.Label.STATUS;
import static dev.gatlingllm.observe.export.Label.TOKEN_TYPE;
import static dev.gatlingllm.observe.export.Label.TURN;

import java.util.List;

/**
 * A metric of the live export, by its name in OpenTelemetry. Names that begin with {@code gen_ai}
 * are those of OpenTelemetry's conventions for generative AI, for what means the same here; {@code
 * docs/live-metrics.md} lists all.
 */
enum ExportedMetric {
  OPERATION_DURATION(
      Kind.SECONDS,
      "gen_ai.client.operation.duration",
      "Request written to last byte of the response, or to its failure",
      SCENARIO,
      REQUEST,
      PHASE,
      ERROR_TYPE),
  TIME_PER_OUTPUT_CHUNK(
      Kind.SECONDS,
      "gen_ai.client.operation.time_per_output_chunk",
      "Gaps between successive chunks that carry output",
      SCENARIO,
      REQUEST,
      PHASE),
  TOKEN_USAGE(
      Kind.TOKENS,
      "gen_ai.client.token.usage",
      "Tokens of one request, as far as they were counted",
      SCENARIO,
      REQUEST,
      PHASE,
      TOKEN_TYPE),
  TIME_TO_FIRST_TOKEN(
      Kind.SECONDS,
      "gatling_llm.time_to_first_token",
      "Request written to first chunk that carries output",
      SCENARIO,
      REQUEST,
      PHASE,
      TURN,
      GROUP,
      CACHE),
  TIME_TO_FIRST_OUTPUT_TOKEN(
      Kind.SECONDS,
      "gatling_llm.time_to_first_output_token",
      "Request written to first output that is not reasoning",
      SCENARIO,
      REQUEST,
      PHASE),
  TIME_PER_OUTPUT_TOKEN(
      Kind.SECONDS,
      "gatling_llm.time_per_output_token",
      "Mean time of an output token after the first, one value for each response",
      SCENARIO,
      REQUEST,
      PHASE),
  SCHEDULE_DELAY(
      Kind.SECONDS,
      "gatling_llm.schedule_delay",
      "How much later than it was due a request was written: the load generator's own delay",
      SCENARIO,
      REQUEST,
      PHASE),
  REQUESTS(
      Kind.COUNTER,
      "gatling_llm.requests",
      "Requests that ended, or were cut at the end of the load",
      SCENARIO,
      REQUEST,
      PHASE,
      TURN,
      GROUP,
      CACHE,
      STATUS,
      ERROR_TYPE),
  GOOD_REQUESTS(
      Kind.COUNTER,
      "gatling_llm.good_requests",
      "Successful requests that met every objective of llm.goodput",
      SCENARIO,
      REQUEST,
      PHASE),
  TOKENS(
      Kind.COUNTER,
      "gatling_llm.tokens",
      "Tokens of requests that ended; cached and reusable are parts of input, reasoning of output",
      SCENARIO,
      REQUEST,
      PHASE,
      TURN,
      GROUP,
      TOKEN_TYPE),
  OUTPUT_CHUNKS(
      Kind.COUNTER, "gatling_llm.output_chunks", "Chunks that carry output, counted as they come"),
  ACTIVE_REQUESTS(
      Kind.GAUGE, "gatling_llm.active_requests", "Requests that were written and have not ended");

  /** What a metric consists of. */
  enum Kind {
    /** A histogram of seconds. */
    SECONDS("s"),
    /** A histogram of numbers of tokens. */
    TOKENS("{token}"),
    /** A sum that only grows. */
    COUNTER("1"),
    /** A number that rises and falls. */
    GAUGE("1");

    private static final double[] SECONDS_BOUNDS = {
      0.001, 0.0025, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.04, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3,
      0.4, 0.5, 0.75, 1, 1.5, 2, 3, 5, 7.5, 10, 15, 20, 30, 60, 120
    };

    private static final double[] TOKENS_BOUNDS = {
      1, 4, 16, 32, 64, 128, 256, 512, 1_024, 2_048, 4_096, 8_192, 16_384, 32_768, 65_536, 131_072,
      262_144, 1_048_576
    };

    private final String unit;

    Kind(String unit) {
      this.unit = unit;
    }

    /** Returns the unit as OpenTelemetry writes it. */
    String unit() {
      return unit;
    }

    boolean isHistogram() {
      return this == SECONDS || this == TOKENS;
    }

    /** Returns the upper bounds of classic buckets, without +Inf; must not be modified. */
    double[] bounds() {
      return this == SECONDS ? SECONDS_BOUNDS : TOKENS_BOUNDS;
    }
  }

  private final Kind kind;
  private final String key;
  private final String help;
  private final List<Label> labels;

  ExportedMetric(Kind kind, String key, String help, Label... labels) {
    this.kind = kind;
    this.key = key;
    this.help = help;
    this.labels = List.of(labels);
  }

  Kind kind() {
    return kind;
  }

  /** Returns the name as OpenTelemetry has it. */
  String key() {
    return key;
  }

  /**
   * Returns the name as Prometheus has it, without the {@code _total} of counters; the same that
   * Prometheus makes of the name when it receives OpenTelemetry's format.
   */
  String prometheusName() {
    return key.replace('.', '_') + (kind == Kind.SECONDS ? "_seconds" : "");
  }

  /** Returns what is measured. */
  String help() {
    return help;
  }

  /** Returns what tells its series apart. */
  List<Label> labels() {
    return labels;
  }
}
