package dev.gatlingllm.report;

import dev.gatlingllm.metrics.Breakdown;
import dev.gatlingllm.metrics.ClientHealth;
import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.Oddity;
import dev.gatlingllm.metrics.Response.Outcome;
import dev.gatlingllm.metrics.RunSummary;
import dev.gatlingllm.metrics.ScopeSummary;
import dev.gatlingllm.metrics.Summary;
import dev.gatlingllm.metrics.Totals;
import dev.gatlingllm.report.Finding.Level;
import dev.gatlingllm.text.Numbers;
import dev.gatlingllm.text.Plurals;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Findings about the server's responses: failures, its cache, what it reports, how it streams. */
final class ServerFindings extends FindingSource {

  /** The finding that the console has a section of its own for. */
  static final String FAILURES = "failures";

  /** What servers say of a prompt that is too long. */
  private static final Pattern CONTEXT =
      Pattern.compile("context (length|window|size)", Pattern.CASE_INSENSITIVE);

  /** The cache hit rate of fewer responses is not judged. */
  private static final int MIN_CACHE_RESPONSES = 20;

  /** A hit rate below this share of the reusable tokens is low. */
  private static final double MIN_SHARE_OF_REUSABLE = 0.5;

  /** Fewer reusable tokens in a mean prompt may be less than a block of the cache. */
  private static final double MIN_REUSABLE_TOKENS = 32;

  /** Bounds of the hit rate closer than this leave little doubt. */
  private static final double MAX_HIT_DOUBT_PERCENT = 5;

  /** Fewer responses may come in bunches by chance, such as a pause of the load generator. */
  private static final double MIN_BUFFERED_PERCENT = 5;

  private static final String BUFFERED =
      " Something between server and client collects the stream, or the server sends several tokens"
          + " at a time. Remedies: HAProxy \"option http-no-delay\", nginx \"proxy_buffering off\";"
          + " docs/tuning.md lists more.";

  ServerFindings(RunInfo info, RunSummary run, List<Finding> found) {
    super(info, run, found);
  }

  @Override
  void find() {
    failures();
    if (totals.ok() > 0) {
      usage();
      cachedTwice();
      cache();
      buffering();
      noted();
      consistency();
      json(run.overall().totals());
    }
  }

  /** Reports responses that are not the JSON that was asked for. */
  private void json(Totals all) {
    long invalid = invalidJson(all);
    ScopeSummary cut = run.by(Breakdown.FINISH_REASON).get("length");
    long tooLong = cut == null ? 0 : invalidJson(cut.totals());
    addIfAny(
        Level.WARNING,
        "json-invalid",
        invalid,
        "Invalid JSON in %,d of %,d response{s} to requests for it; %,d of these ended at the"
            + " maximum length (finish_reason length).%s",
        all.count(Figure.JSON_RESPONSES),
        tooLong,
        tooLong > 0 ? " Raise llm.outputTokens, so that the JSON fits." : "");
  }

  private static long invalidJson(Totals totals) {
    double percent = totals.value(Figure.INVALID_JSON_PERCENT).orElse(0);
    return Math.round(percent / 100 * totals.count(Figure.JSON_RESPONSES));
  }

  /** Reports responses to the prompt of {@code llm.consistency} that are not as the first one. */
  private void consistency() {
    long compared = totals.count(Figure.COMPARED_RESPONSES);
    Summary differences = run.overall().metrics().get(Figure.DIFFERS_AT);
    if (differences != null) {
      warn(
          "responses-differ",
          "%,d of %,d response{s} to the same prompt differ from the first one, at temperature"
              + " 0; the earliest difference follows %,d equal character{s}. What users get depends"
              + " on the load, or on the replica. Compare a run with llm.users=1: if its responses"
              + " are equal, look for arithmetic that depends on the batch, and for faults of the"
              + " prefix cache.",
          differences.count(),
          compared,
          (long) differences.min());
    } else if (compared == 0 && info.load().settings().containsKey("consistency")) {
      note(
          "responses-not-compared",
          "llm.consistency is set, but no response to its prompt was compared in the window. Raise"
              + " it, or run for longer.");
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
                  "%,d of %,d response{s} failed%s: %s.%s",
                  totals.ko(),
                  totals.requests(),
                  count == totals.ko() ? "" : ". Most frequent (" + Numbers.grouped(count) + ")",
                  most.getKey(),
                  CONTEXT.matcher(String.join(" ", most.getValue().examples())).find()
                      ? " Prompts became longer than the model's context window:"
                          + " llm.maxModelTokens omits earlier turns."
                      : "");
            });
  }

  private void usage() {
    odd(
        Level.WARNING,
        "usage-not-reported",
        Oddity.NO_USAGE,
        "The server sent no usage with %s. %s Set llm.tokenizer to the model's, or have the server"
            + " report its usage; a body of your own must ask for it, with"
            + " stream_options.include_usage.",
        ownCounts());
    odd(
        Level.WARNING,
        "usage-zero",
        Oddity.ZERO_USAGE,
        "The server counted 0 output tokens in %s, although they had output. The zeros are not"
            + " used: the tokens are our own count instead.");
    odd(
        Level.WARNING,
        "usage-invalid",
        Oddity.INVALID_USAGE,
        "The usage of %s has counts that are not numbers of tokens (negative, too large, or text),"
            + " or more cached tokens than the prompt has. These counts are not used. Correct what"
            + " the server or the gateway reports.");
    odd(
        Level.WARNING,
        "usage-implausible",
        Oddity.IMPLAUSIBLE_USAGE,
        "The usage of %s does not fit their output: it counts more tokens than the output has"
            + " bytes, or more than 32 characters for each token. Token rates, TPOT and scores are"
            + " as wrong as these counts. Check what is counted: reasoning that is not sent and not"
            + " reported as reasoning_tokens, tokens without text, or several requests of a"
            + " gateway.");
  }

  private void cachedTwice() {
    odd(
        Level.WARNING,
        "cached-counted-twice",
        Oddity.CACHED_TWICE,
        "The server counted the cached tokens of %s twice: in input_tokens, which should not have"
            + " them, and in cache_read_input_tokens. The first count alone is as long as the"
            + " prompt, so it is taken for the whole of it. Update the server: old versions of"
            + " SGLang do this.");
  }

  private String ownCounts() {
    String tokenizer = info.target().tokenizer();
    // a run without turns needs none
    return tokenizer == null
        ? "Their output tokens are the number of chunks."
        : "Their tokens are our own counts: of a turn's prompt by the tokenizer "
            + tokenizer
            + ", of the response by the tokenizer too, or else the number of chunks.";
  }

  /**
   * Adds a finding on responses with an oddity, if there are any.
   *
   * @param text its first figure is their number
   */
  private void odd(Level level, String kind, Oddity oddity, String text, Object... more) {
    if (run.count(oddity) > 0) {
      Stream<Object> figures = Stream.of(ofOk(run.count(oddity)));
      add(level, kind, text, Stream.concat(figures, Stream.of(more)).toArray());
    }
  }

  private String ofOk(long count) {
    return "%s of %s successful responses"
        .formatted(Numbers.grouped(count), Numbers.grouped(totals.ok()));
  }

  /** Checks whether the prefix cache works, and whether the server's report of it is complete. */
  private void cache() {
    Double least = totals.values().get(Figure.CACHE_HIT_PERCENT);
    // embeddings have no cache
    long responses = withOutput();
    if (least == null) {
      // without any usage, that is what to say
      if (run.count(Oddity.NO_USAGE) < responses) {
        note(
            "cached-tokens-not-reported",
            "The server does not report cached tokens, so the cache hit rate is unknown. vLLM"
                + " reports them with --enable-prompt-tokens-details, SGLang with"
                + " --enable-cache-report, and llama.cpp in its timings since 2025: update it, and"
                + " leave its prompt cache on (cache_prompt).");
      }
      return;
    }
    long reports = run.overall().samples(Figure.CACHED_TOKENS);
    double reusable = totals.value(Figure.EXPECTED_REUSABLE_PERCENT).orElse(0);
    double most =
        totals.value(Figure.CACHE_HIT_PERCENT_UPPER).orElse(reports == 0 ? reusable : least);
    Summary input = run.overall().metrics().get(Figure.INPUT_TOKENS);
    long unknown = input == null ? 0 : totals.ok() - input.count();
    if (reports < responses) {
      boolean isDoubtful = most - least > MAX_HIT_DOUBT_PERCENT;
      String bounds =
          reports == 0
              ? Plurals.format(
                  "None of %,d successful response{s} reports cached tokens, but responses before"
                      + " or after the window do. The cache hit rate is %.1f %%, if nothing was"
                      + " cached, or else unknown.",
                  responses, least)
              : Plurals.format(
                  "Only %,d of %,d successful response{s} report cached tokens. The cache hit rate"
                      + " is between %.1f %%, if nothing was cached of the other prompts, and %.1f"
                      + " %%, if they had the same rate.",
                  reports, responses, least, most);
      add(
          isDoubtful ? Level.WARNING : Level.NOTE,
          "cached-tokens-partly-reported",
          "%s Many versions of vLLM leave the field out where nothing was cached. Assertions and"
              + " scores judge the lower bound.%s",
          bounds,
          unknown == 0
              ? ""
              : Plurals.format(
                  " Neither bound has the %,d prompt{s} whose length is unknown.", unknown));
    }
    RunSummary.TurnPrompts prompts = run.turnPrompts();
    Double hit = prompts.cacheHitPercent();
    double sure = prompts.leastReusablePercent() == null ? 0 : prompts.surelyReusable(reusable);
    if (hit != null && isHitRateLow(hit, sure, prompts)) {
      boolean isUnasked =
          hit == 0
              && "messages".equals(info.target().api())
              && "off".equals(info.load().settings().getOrDefault("cacheControl", "off"));
      warn(
          "cache-not-hit",
          "%s: %s%.1f %% of prompt tokens of turns were cached, but %s%.1f %% could have been. %s",
          isHitRateLow(most, sure, prompts)
              ? "Low prefix-cache hit rate"
              : "The prefix-cache hit rate may be low",
          reports < responses ? "at least " : "",
          hit,
          sure < reusable ? "at least " : "",
          sure,
          isUnasked
              ? "Anthropic's API caches only what a request asks for: set llm.cacheControl, unless"
                  + " turns set it themselves. Other servers: check that prefix caching is on."
              : "Check that prefix caching is on, that the cache is large enough for these"
                  + " conversations, and that each conversation stays on one replica.");
    }
  }

  private boolean isHitRateLow(double hit, double reusable, RunSummary.TurnPrompts prompts) {
    return totals.ok() >= MIN_CACHE_RESPONSES
        && reusable / 100 * prompts.inputTokens() >= MIN_REUSABLE_TOKENS
        && hit < MIN_SHARE_OF_REUSABLE * reusable;
  }

  private void buffering() {
    long bodies = run.count(Oddity.ONE_BODY);
    if (isMuch(Kinds.collected(run))) {
      odd(
          Level.WARNING,
          "not-streamed",
          Oddity.UNSTREAMED,
          "%s came in one piece, or all their tokens within a moment: these are no streams. Their"
              + " TTFT is the time until the whole response was there, and they have neither TPOT"
              + " nor ICL. A body of your own must have \"stream\": true."
              + BUFFERED);
    } else if (bodies > 0) {
      List<String> names = Kinds.inOnePiece(run);
      note(
          "not-streamed",
          "%s were one body, such as of JSON, and no streams%s: their TTFT is the time until the"
              + " whole response was there, and counts among that of all requests. Read and assert"
              + " TTFT by request. For streams, a body of your own must have \"stream\": true.",
          ofOk(bodies),
          names.isEmpty() ? "" : ", all of " + String.join(", ", names));
    }
    if (isMuch(run.count(Oddity.BUNCHED))) {
      odd(
          isClientLate() ? Level.NOTE : Level.WARNING,
          "stream-bunched",
          Oddity.BUNCHED,
          "Chunks came in bunches in %s: most gaps between them are close to 0, and some are long."
              + " The first bunch is late: TTFT is too high, and TPOT too low. ICL does not show"
              + " the pace of the tokens.%s"
              + BUFFERED,
          isClientLate()
              ? " The load generator was late, too, and a late event loop reads in one bunch what"
                  + " has come meanwhile: mend that first."
              : "");
    }
  }

  private boolean isClientLate() {
    Summary lag = run.client() == null ? null : run.client().worstLoopLag();
    return lag != null && lag.p99() > ClientHealth.MAX_LAG_P99;
  }

  private boolean isMuch(long responses) {
    return responses > 0 && 100.0 * responses >= MIN_BUFFERED_PERCENT * withOutput();
  }

  /** Reports what was noted while responses were read. */
  private void noted() {
    odd(
        Level.WARNING,
        "deltas-cumulative",
        Oddity.CUMULATIVE,
        "Chunks of %s repeated the text so far instead of adding to it. Only what was new counts as"
            + " text. Ask the server for incremental output; DashScope has the option"
            + " incremental_output.");
    odd(
        Level.WARNING,
        "other-server",
        Oddity.OTHER_SERVER,
        "%s came from another scheme, host or port than the one asked: a redirect led there. Their"
            + " latencies include the redirect. API keys, other credentials and bodies that hold"
            + " one were not sent there. Use the address of the server that responds.");
    odd(
        Level.NOTE,
        "finish-reason-missing",
        Oddity.NO_FINISH_REASON,
        "%s ended without a finish_reason. Whether the model stopped by itself, or something cut it"
            + " short, is unknown.");
    boolean areCalls = endedBy(Outcome.AT_A_CALL) >= run.count(Oddity.NO_TEXT);
    odd(
        Level.WARNING,
        "no-text",
        Oddity.NO_TEXT,
        "%s (%.0f %%) had no text where an answer was planned, only reasoning or calls of tools."
            + " Conversations with further turns did not grow as planned.%s%s",
        100.0 * run.count(Oddity.NO_TEXT) / totals.ok(),
        areCalls && endedBy(Outcome.AT_A_LIMIT) == 0
            ? ""
            : " Allow more output tokens, or reduce the reasoning effort.",
        areCalls
            ? " Where tools are called instead of an answer,"
                + " llm.extraBody={\"tool_choice\":\"none\"} forbids it."
            : "");
  }
}
