package dev.gatlingllm.observe.export;

import java.util.Locale;

/** What tells the series of a metric apart. A label that does not apply to a response is empty. */
enum Label {
  /** Gatling's name of the scenario. */
  SCENARIO("scenario"),
  /** Gatling's name of the request, without its groups. */
  REQUEST("request"),
  /** {@code warmup}, {@code measured} or {@code drain}: when the response ended. */
  PHASE("phase"),
  /** Turn of the conversation, from 1. */
  TURN("turn"),
  /** Prefix group, from 0. */
  GROUP("group"),
  /** {@code cold} or {@code warm}: how much of the prompt the server had in its prefix cache. */
  CACHE("cache"),
  /** {@code ok}, {@code ko} or {@code cut}: how the response ended. */
  STATUS("status"),
  /** Why a request failed, in the words of {@code requests.jsonl}. */
  ERROR_TYPE("error.type"),
  /** Which tokens are counted. */
  TOKEN_TYPE("gen_ai.token.type");

  private final String key;

  Label(String key) {
    this.key = key;
  }

  /** Returns the name as OpenTelemetry has it. */
  String key() {
    return key;
  }

  /** Returns whether it has a few values that are known before the run. */
  boolean isFixed() {
    return this == PHASE || this == STATUS || this == TOKEN_TYPE;
  }

  /** Returns an enum constant as the value of a label. */
  static String value(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
