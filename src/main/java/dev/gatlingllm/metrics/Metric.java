package dev.gatlingllm.metrics;

/**
 * What is measured of each reply. Immutable, for any thread. Times are kept in nanoseconds and
 * shown in milliseconds.
 *
 * <p>Samples come from good replies that ended in the window; {@link #SCHEDULE_DELAY}, which is
 * about the client, from failed ones too. A reply that does not know a value adds no sample.
 */
public enum Metric {
  /** Time to first token: first chunk that carries output of any kind − request written. */
  TTFT("ttft", Unit.MILLISECONDS),
  /** Time to first output token: first output that is not reasoning − request written. */
  TTFO("ttfo", Unit.MILLISECONDS),
  /** Inter-chunk latency: gaps between successive output-bearing chunks, pooled over replies. */
  ICL("icl", Unit.MILLISECONDS),
  /**
   * Inter-token latency: {@link #ICL} of the replies of which the counted tokens are as many as the
   * chunks, so that every chunk is one token.
   */
  ITL("itl", Unit.MILLISECONDS),
  /** Time per output token: (last − first output chunk) / (output tokens − 1), from 2 tokens on. */
  TPOT("tpot", Unit.MILLISECONDS),
  /** End-to-end latency: last byte of the body − request written. */
  E2E("e2e", Unit.MILLISECONDS),
  /** Normalised time per output token: {@link #E2E} / output tokens. */
  NTPOT("ntpot", Unit.MILLISECONDS),
  /** Tokens of the prompt, as the server counted them, else as expected. */
  INPUT_TOKENS("inputTokens", Unit.TOKENS),
  /** Tokens of the reply. */
  OUTPUT_TOKENS("outputTokens", Unit.TOKENS),
  /** Prompt tokens that the server says it took from its prefix cache. */
  CACHED_TOKENS("cachedTokens", Unit.TOKENS),
  /** Output tokens / output-bearing chunks, where the tokens were counted. */
  TOKENS_PER_CHUNK("tokensPerChunk", Unit.TOKENS),
  /** Request written − moment at which it was due. */
  SCHEDULE_DELAY("scheduleDelay", Unit.MILLISECONDS),
  /** Prompt tokens as the server counted them − as expected; may be negative. */
  TOKENIZER_DIFFERENCE("tokenizerDifference", Unit.TOKENS);

  /** What the values of a metric count. */
  public enum Unit {
    MILLISECONDS("ms"),
    TOKENS("tokens");

    private final String symbol;

    Unit(String symbol) {
      this.symbol = symbol;
    }

    /** The unit as pages print it. */
    public String symbol() {
      return symbol;
    }
  }

  private final String key;
  private final Unit unit;

  Metric(String key, Unit unit) {
    this.key = key;
    this.unit = unit;
  }

  /** The metric's name in {@code tokens.json}. */
  public String key() {
    return key;
  }

  /** The unit of the metric's values in every summary. */
  public Unit unit() {
    return unit;
  }
}
