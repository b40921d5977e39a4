package dev.gatlingllm.metrics;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.gatlingllm.text.Choice;

/** What a server says about itself, whatever name its metric has. */
public enum ServerSignal {
  /** Requests that are processed. */
  RUNNING(Kind.GAUGE, "requests"),
  /** Requests of this run that are under way by the client's own count, beside the server's. */
  UNDER_WAY(Kind.GAUGE, "requests"),
  /** Requests in the queue. */
  WAITING(Kind.GAUGE, "requests"),
  /** Share of the KV cache in use, from 0 to 1; of several engines the fullest one's. */
  KV_CACHE(Kind.GAUGE, ""),
  /** Power of all GPUs. */
  POWER(Kind.GAUGE, "W"),
  /** Energy of all GPUs. */
  ENERGY(Kind.COUNTER, "J"),
  /** Prompt tokens looked up in the prefix cache. */
  CACHE_QUERIES(Kind.COUNTER, "tokens"),
  /** Prompt tokens found in the prefix cache. */
  CACHE_HITS(Kind.COUNTER, "tokens"),
  /** Running requests that were put back into the queue. */
  PREEMPTIONS(Kind.COUNTER, "requests"),
  PROMPT_TOKENS(Kind.COUNTER, "tokens"),
  OUTPUT_TOKENS(Kind.COUNTER, "tokens"),
  /** Time to first token, as the server measures it. */
  TTFT_SECONDS(Kind.COUNTER, "s"),
  TTFT_COUNT(Kind.COUNTER, "requests"),
  /** Time in the queue. */
  QUEUE_SECONDS(Kind.COUNTER, "s"),
  QUEUE_COUNT(Kind.COUNTER, "requests"),
  /** Time from leaving the queue to the first token. */
  PREFILL_SECONDS(Kind.COUNTER, "s"),
  PREFILL_COUNT(Kind.COUNTER, "requests"),
  /** Time from the first token to the last. */
  DECODE_SECONDS(Kind.COUNTER, "s"),
  DECODE_COUNT(Kind.COUNTER, "requests"),
  /** Drafts of speculative decoding. */
  DRAFTS(Kind.COUNTER, "drafts"),
  DRAFT_TOKENS(Kind.COUNTER, "tokens"),
  /** Draft tokens that the model accepted. */
  ACCEPTED_TOKENS(Kind.COUNTER, "tokens");

  /** How a value behaves over time. */
  private enum Kind {
    GAUGE,
    COUNTER
  }

  private final Kind kind;
  private final String unit;

  ServerSignal(Kind kind, String unit) {
    this.kind = kind;
    this.unit = unit;
  }

  /** Returns whether the value only grows, so that its increase counts and not its value. */
  public boolean isCounter() {
    return kind == Kind.COUNTER;
  }

  /** Returns the unit of its values; empty for a share. */
  public String unit() {
    return unit;
  }

  /** Returns the name in files and pages, such as {@code kvCache}. */
  @JsonValue
  public String key() {
    return Choice.key(this);
  }
}
