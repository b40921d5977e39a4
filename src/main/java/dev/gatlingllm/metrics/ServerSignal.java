package dev.gatlingllm.metrics;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.gatlingllm.text.Choice;

/** What a server says about itself, whatever name its metric has. */
public enum ServerSignal {
  /** Requests that are processed. */
  RUNNING(Kind.GAUGE),
  /** Requests of this run that are under way by the client's own count, beside the server's. */
  UNDER_WAY(Kind.GAUGE),
  /** Requests in the queue. */
  WAITING(Kind.GAUGE),
  /** Share of the KV cache in use, from 0 to 1; of several engines the fullest one's. */
  KV_CACHE(Kind.GAUGE),
  /** Power of all GPUs, in watts. */
  POWER(Kind.GAUGE),
  /** Energy of all GPUs, in joules. */
  ENERGY(Kind.COUNTER),
  /** Prompt tokens looked up in the prefix cache. */
  CACHE_QUERIES(Kind.COUNTER),
  /** Prompt tokens found in the prefix cache. */
  CACHE_HITS(Kind.COUNTER),
  /** Running requests that were put back into the queue. */
  PREEMPTIONS(Kind.COUNTER),
  PROMPT_TOKENS(Kind.COUNTER),
  OUTPUT_TOKENS(Kind.COUNTER),
  /** Time to first token, as the server measures it. */
  TTFT_SECONDS(Kind.COUNTER),
  TTFT_COUNT(Kind.COUNTER),
  /** Time in the queue. */
  QUEUE_SECONDS(Kind.COUNTER),
  QUEUE_COUNT(Kind.COUNTER),
  /** Time from leaving the queue to the first token. */
  PREFILL_SECONDS(Kind.COUNTER),
  PREFILL_COUNT(Kind.COUNTER),
  /** Time from the first token to the last. */
  DECODE_SECONDS(Kind.COUNTER),
  DECODE_COUNT(Kind.COUNTER),
  /** Drafts of speculative decoding. */
  DRAFTS(Kind.COUNTER),
  DRAFT_TOKENS(Kind.COUNTER),
  /** Draft tokens that the model accepted. */
  ACCEPTED_TOKENS(Kind.COUNTER);

  /** How a value behaves over time. */
  private enum Kind {
    GAUGE,
    COUNTER
  }

  private final Kind kind;

  ServerSignal(Kind kind) {
    this.kind = kind;
  }

  /** Returns whether the value only grows, so that its increase counts and not its value. */
  public boolean isCounter() {
    return kind == Kind.COUNTER;
  }

  /** Returns the name in files and pages, such as {@code kvCache}. */
  @JsonValue
  public String key() {
    return Choice.key(this);
  }
}
