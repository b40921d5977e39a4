package dev.gatlingllm.report;

import dev.gatlingllm.metrics.ClientHealth;
import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.RunSummary;
import dev.gatlingllm.metrics.ScopeSummary;
import dev.gatlingllm.metrics.Summary;
import dev.gatlingllm.metrics.Totals;
import dev.gatlingllm.text.Numbers;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Finds what a reader should know about a run, once for the page, the console and {@code
 * tokens.json}.
 */
final class Findings {

  static final String FAILURES = "failures";

  /** Limit of the time that garbage collection stopped this process, in percent of the window. */
  private static final double MAX_GC_PERCENT = 5;

  /** The cache hit rate of fewer responses is not judged. */
  private static final int MIN_CACHE_RESPONSES = 20;

  /** A hit rate below this share of the reusable tokens is low. */
  private static final double MIN_SHARE_OF_REUSABLE = 0.5;

  /** Fewer reusable tokens in a mean prompt may be less than a block of the cache. */
  private static final double MIN_REUSABLE_TOKENS = 32;

  /** The tokenizers may agree by chance over fewer first turns. */
  private static final int MIN_TOKENIZER_RESPONSES = 5;

  /** A token more or less, where the template's text joins ours, is no difference. */
  private static final double MAX_TOKENIZER_SPREAD = 2;

  /** Tokens that a chat template, possibly with a system prompt, may add. */
  private static final double MAX_TEMPLATE_TOKENS = 64;

  /** Limit of a larger difference between the tokenizers, in percent of the prompt. */
  private static final double MAX_TOKENIZER_PERCENT = 5;

  private final RunInfo info;
  private final RunSummary run;
  private final Totals totals;
  private final List<Finding> findings;

  private Findings(RunInfo info, RunSummary run) {
    this.info = info;
    this.run = run;
    this.totals = run.overall().totals();
    this.findings = new ArrayList<>(info.remarks());
  }

  /** Returns all findings, warnings first. */
  static List<Finding> of(RunInfo info, RunSummary run) {
    Findings found = new Findings(info, run);
    if (run.client() != null) {
      found.client(run.client());
    }
    found.scheduleDelay(run.overall().metrics().get(Figure.SCHEDULE_DELAY));
    found.failures();
    if (found.totals.ok() > 0) {
      found.cache(run.overall().metrics().get(Figure.CACHED_TOKENS));
    }
    found.tokenizer();
    found.retries();
    found.repeatedConversations();
    found.findings.sort(Comparator.comparing(Finding::level));
    return List.copyOf(found.findings);
  }

  private void warn(String kind, String text, Object... figures) {
    findings.add(Finding.warning(kind, text, figures));
  }

  private void note(String kind, String text, Object... figures) {
    findings.add(Finding.note(kind, text, figures));
  }

  private void client(ClientHealth client) {
    Summary lag = client.eventLoopLag();
    if (lag != null && lag.p99() > ClientHealth.MAX_LAG_P99) {
      warn(
          "client-lag",
          "The load generator was a bottleneck: its event loops were %.0f ms late at p99 (at most"
              + " %.0f ms). Latencies may be too high by as much. Use fewer users, a larger"
              + " machine, or several load generators.",
          lag.p99(),
          lag.max());
    }
    if (client.cpuPercent() != null && client.cpuPercent() > ClientHealth.MAX_CPU_PERCENT) {
      warn(
          "client-cpu",
          "The load generator used %.0f %% of all CPU cores. It may have caused the latencies"
              + " itself.%s",
          client.cpuPercent(),
          isServerOnThisMachine()
              ? " A simulated server in the same process shares these cores, so this run measures"
                  + " the machine more than the server."
              : "");
    }
    if (client.gcPauseMillis() != null
        && client.gcPauseMillis() > run.durationSeconds() * 10 * MAX_GC_PERCENT) {
      warn(
          "client-gc",
          "Garbage collection stopped the load generator for %.0f ms of %.0f s; give it more"
              + " memory (-Xmx).",
          client.gcPauseMillis(),
          run.durationSeconds());
    }
  }

  private boolean isServerOnThisMachine() {
    if (info.target().baseUrl() == null) {
      return false;
    }
    String host = URI.create(info.target().baseUrl()).getHost();
    return host != null && (host.equals("localhost") || host.startsWith("127."));
  }

  private void scheduleDelay(Summary delay) {
    if (delay != null && delay.p99() > ClientHealth.MAX_SCHEDULE_DELAY_P99) {
      warn(
          "schedule-delay",
          "Requests were sent up to %.0f ms (p99) after they were due: the load generator could not"
              + " keep up, or connections were slow to open.",
          delay.p99());
    }
  }

  private void failures() {
    run.failures().entrySet().stream()
        .max(Comparator.comparingLong(kind -> kind.getValue().count()))
        .ifPresent(
            most -> {
              long count = most.getValue().count();
              warn(
                  FAILURES,
                  "%,d of %,d responses failed%s: %s.",
                  totals.ko(),
                  totals.requests(),
                  count == totals.ko() ? "" : ". Most frequent (" + Numbers.grouped(count) + ")",
                  most.getKey());
            });
  }

  /** Checks whether the prefix cache works, and whether the server's report of it is complete. */
  private void cache(Summary cached) {
    if (cached == null) {
      note(
          "cached-tokens-not-reported",
          "The server does not report cached tokens, so the cache hit rate is unknown. vLLM reports"
              + " them with --enable-prompt-tokens-details, SGLang with --enable-cache-report.");
    } else if (cached.count() < totals.ok()) {
      // vLLM omits the field if nothing was cached, which is neither a zero nor negligible
      warn(
          "cached-tokens-partly-reported",
          "Only %,d of %,d successful responses report cached tokens, and the cache hit rate covers"
              + " these alone. Some servers omit the field if nothing was cached: the true rate may"
              + " be lower.",
          cached.count(),
          totals.ok());
    } else if (isHitRateLow(cached)) {
      warn(
          "cache-not-hit",
          "Low prefix-cache hit rate: %.1f %% of prompt tokens were cached, but %.1f %% could have"
              + " been. Check that prefix caching is on, that the cache is large enough for these"
              + " conversations, and that each conversation stays on one replica.",
          totals.values().get(Figure.CACHE_HIT_PERCENT),
          totals.values().get(Figure.EXPECTED_REUSABLE_PERCENT));
    }
  }

  private boolean isHitRateLow(Summary cached) {
    Double hit = totals.values().get(Figure.CACHE_HIT_PERCENT);
    Double reusable = totals.values().get(Figure.EXPECTED_REUSABLE_PERCENT);
    if (hit == null || reusable == null || cached.count() < MIN_CACHE_RESPONSES) {
      return false;
    }
    double input = run.overall().metrics().get(Figure.INPUT_TOKENS).mean();
    return reusable / 100 * input >= MIN_REUSABLE_TOKENS && hit < MIN_SHARE_OF_REUSABLE * reusable;
  }

  /**
   * Checks whether the configured tokenizer matches the model. A chat template adds the same number
   * of tokens to each prompt with the same number of messages. So over first turns, the server's
   * count minus ours is constant if the tokenizers agree, and scattered if they do not.
   */
  private void tokenizer() {
    ScopeSummary firstTurns = run.overall().byTurn().get(1);
    ScopeSummary scope = firstTurns == null ? run.overall() : firstTurns;
    Summary difference = scope.metrics().get(Figure.TOKENIZER_DIFFERENCE);
    if (difference == null || difference.count() < MIN_TOKENIZER_RESPONSES) {
      return;
    }
    double mean = Math.abs(difference.mean());
    double input = scope.metrics().get(Figure.INPUT_TOKENS).mean();
    boolean isLarge = mean > MAX_TEMPLATE_TOKENS && mean > MAX_TOKENIZER_PERCENT / 100 * input;
    boolean isScattered =
        firstTurns != null && difference.max() - difference.min() > MAX_TOKENIZER_SPREAD;
    if (isLarge || isScattered) {
      warn(
          "tokenizer-disagrees",
          "The tokenizer %s does not match the model: the server counted %+.0f to %+.0f tokens more"
              + " per prompt (mean %+.1f), so prompts do not have the requested lengths. Set"
              + " llm.tokenizer to the model's tokenizer.json.",
          info.target().tokenizer(),
          difference.min(),
          difference.max(),
          difference.mean());
    }
  }

  private void retries() {
    long broken = totals.count(Figure.BROKEN_CONVERSATIONS);
    long retries = totals.count(Figure.RETRIES);
    long cut = totals.count(Figure.TURNS_CUT);
    if (broken > 0) {
      warn("conversations-broken", "%,d conversations ended early because a turn failed.", broken);
    }
    if (retries > 0) {
      note(
          "retries",
          "%,d responses came from retries. Each attempt counts as its own response; backoff time"
              + " is not part of any latency.",
          retries);
    }
    if (cut > 0) {
      note(
          "prompts-cut",
          "%,d prompts omitted earlier turns, %,d tokens in total, to fit the context window. The"
              + " server's prefix cache cannot hold what follows the gap.",
          cut,
          totals.count(Figure.DROPPED_TOKENS));
    }
  }

  private void repeatedConversations() {
    if (run.repeatedConversations() > 0) {
      note(
          "conversations-repeated",
          "%,d conversations were identical to an earlier user's, so the server may have had them"
              + " in its cache in full. To send each conversation once, do not set"
              + " llm.conversationsPerGroup, or set llm.replayLoop to false for a replay.",
          run.repeatedConversations());
    }
  }
}
