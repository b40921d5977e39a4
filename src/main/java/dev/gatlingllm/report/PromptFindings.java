package dev.gatlingllm.report;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.RunSummary;
import dev.gatlingllm.metrics.RunSummary.PromptLengths;
import dev.gatlingllm.metrics.Summary;
import dev.gatlingllm.report.Finding.Level;
import dev.gatlingllm.text.Numbers;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;

/** Findings about the prompts: their lengths, and whether conversations went as planned. */
final class PromptFindings extends FindingSource {

  /** The tokenizers may agree by chance over fewer prompts. */
  private static final int MIN_PROMPTS = 5;

  /** A system prompt and a question: a later prompt has text that the model wrote. */
  private static final int MAX_OWN_MESSAGES = 2;

  /** A token more or less, where the template's text joins ours, is no difference. */
  private static final double MAX_SPREAD = 2;

  /** Tokens that a chat template, possibly with a system prompt, may add. */
  private static final double MAX_TEMPLATE_TOKENS = 64;

  /** Tokens that one may add which describes the format of its answers or of calls. */
  private static final double MAX_LONG_TEMPLATE_TOKENS = 256;

  /** More than this share of a prompt is much, whatever the reason. */
  private static final double MAX_TEMPLATE_SHARE = 0.25;

  /** Limit of a larger difference between the counts, in percent of the prompt. */
  private static final double MAX_DIFFERENCE_PERCENT = 5;

  PromptFindings(RunInfo info, RunSummary run, List<Finding> found) {
    super(info, run, found);
  }

  @Override
  void find() {
    images();
    tokenizer();
    conversations();
  }

  /**
   * Checks whether the configured tokenizer matches the model. A chat template adds the same number
   * of tokens to each prompt with the same number of messages. So the server's count minus ours is
   * constant for each of these numbers if the tokenizers agree, and scattered if they do not. A
   * text that the model wrote may have other tokens when it is read again, so that only prompts
   * without any tell.
   */
  private void tokenizer() {
    for (PromptLengths prompts : run.promptLengths()) {
      if (prompts.expected() + prompts.difference() < RunSummary.MIN_ARRIVED * prompts.expected()) {
        warn(
            "prompts-missing",
            "%s: the server counted %.0f tokens in prompts of %.0f. Either requests do not carry"
                + " the whole prompt (check that the body has %s), or the server leaves cached"
                + " tokens out.",
            prompts.request(),
            prompts.expected() + prompts.difference(),
            prompts.expected(),
            "#{messages} or #{prompt}");
        return;
      }
    }
    List<PromptLengths> lengths =
        run.promptLengths().stream().filter(prompts -> prompts.count() >= MIN_PROMPTS).toList();
    List<Counts> own =
        lengths.stream()
            .filter(prompts -> prompts.messages() <= MAX_OWN_MESSAGES)
            .map(Counts::of)
            .filter(Counts::disagree)
            .sorted(Comparator.comparing(Counts::areOfTemplate))
            .toList();
    Summary all = run.overall().metrics().get(Figure.TOKENIZER_DIFFERENCE);
    Summary input = run.overall().metrics().get(Figure.INPUT_TOKENS);
    boolean haveImages = run.overall().samples(Figure.IMAGE_TOKENS) > 0;
    if (!own.isEmpty() && (haveImages || !own.get(0).areOfTemplate())) {
      disagreement(own.get(0));
    } else if (lengths.isEmpty() && all != null && input != null && all.count() >= MIN_PROMPTS) {
      if (isLarge(all.mean(), input.mean())) {
        disagreement(new Counts(input.mean(), all.min(), all.max(), all.mean()));
      }
    } else if (!growth(lengths) && !own.isEmpty()) {
      disagreement(own.get(0));
    }
  }

  /**
   * How the server's count of some prompts differs from ours.
   *
   * @param expected our mean count
   * @param least the lowest difference
   * @param most the highest
   * @param mean of the differences
   */
  private record Counts(double expected, double least, double most, double mean) {

    static Counts of(PromptLengths prompts) {
      return new Counts(prompts.expected(), prompts.least(), prompts.most(), prompts.difference());
    }

    boolean disagree() {
      return most - least > MAX_SPREAD || isLarge(mean, expected);
    }

    /** Returns whether what a chat template adds or leaves out explains them. */
    boolean areOfTemplate() {
      return most - least <= MAX_SPREAD && isOfTemplate(mean, expected);
    }
  }

  /** Tells how long prompts with images are, of which only the server knows the tokens. */
  private void images() {
    Summary tokens = run.overall().metrics().get(Figure.IMAGE_TOKENS);
    if (totals.value(Figure.TOTAL_IMAGES).isPresent()
        && !info.load().settings().containsKey("imageTokens")) {
      note(
          "image-tokens-not-set",
          "Prompts had images, and llm.imageTokens is not set: the expected lengths of these"
              + " prompts and what of them is reusable are unknown. %s",
          tokens == null
              ? "The server did not count the prompts either."
              : "The server counted about "
                  + Numbers.grouped(tokens.mean(), 0)
                  + " tokens for an image, what its chat template adds included.");
    }
  }

  private static boolean isOfTemplate(double difference, double expected) {
    return Math.abs(difference)
        <= Math.min(MAX_LONG_TEMPLATE_TOKENS, MAX_TEMPLATE_SHARE * expected);
  }

  private static boolean isLarge(double difference, double input) {
    return Math.abs(difference) > MAX_TEMPLATE_TOKENS
        && Math.abs(difference) > MAX_DIFFERENCE_PERCENT / 100 * input;
  }

  private void disagreement(Counts counts) {
    Summary tokensOfImage = run.overall().metrics().get(Figure.IMAGE_TOKENS);
    if (tokensOfImage != null) {
      warn(
          "tokenizer-disagrees",
          "Prompts with images do not have the expected lengths: the server's count differs by"
              + " %+.0f to %+.0f tokens per prompt (mean %+.1f). By its count an image has about %s"
              + " tokens, what the chat template adds included: set llm.imageTokens to it. If"
              + " prompts without images differ too, set llm.tokenizer to the model's"
              + " tokenizer.json.",
          counts.least,
          counts.most,
          counts.mean,
          Numbers.grouped(tokensOfImage.mean(), 0));
      return;
    }
    boolean isTemplate = counts.areOfTemplate();
    add(
        isTemplate ? Level.NOTE : Level.WARNING,
        "tokenizer-disagrees",
        "The server's count differs by %+.0f to %+.0f tokens per prompt (mean %+.1f) from that of"
            + " the tokenizer %s. %s set llm.tokenizer to the model's tokenizer.json. Text that"
            + " requests add themselves, such as tools(…), is not counted here.",
        counts.least,
        counts.most,
        counts.mean,
        Objects.requireNonNullElse(info.target().tokenizer(), "used"),
        isTemplate
            ? "The same number in all prompts is most likely what "
                + (counts.mean > 0
                    ? "the model's chat template adds to each"
                    : "the model's chat template leaves out or writes in fewer tokens, such as"
                        + " definitions of tools")
                + "; if that tokenizer is not the model's,"
            : counts.least > 0
                ? "It is not the model's, or requests add text to their prompts. These do not"
                    + " have the expected lengths; in the first case,"
                : "It is not the model's, so prompts do not have the expected lengths:");
  }

  /**
   * Checks the longest prompts of each request: what a template adds to each message adds up, what
   * it adds to each prompt does not.
   *
   * @return whether some differ
   */
  private boolean growth(List<PromptLengths> all) {
    boolean differ = false;
    for (List<PromptLengths> lengths :
        all.stream().collect(groupingBy(PromptLengths::request, TreeMap::new, toList())).values()) {
      PromptLengths shortest = lengths.get(0);
      PromptLengths longest = lengths.get(lengths.size() - 1);
      double grown = longest.difference() - shortest.difference();
      // what is added to each prompt shows in the first ones, which may have another name
      boolean isOfAll =
          shortest.messages() <= MAX_OWN_MESSAGES
              || isOfTemplate(shortest.difference(), shortest.expected());
      if (lengths.size() > 1
          && isLarge(isOfAll ? grown : longest.difference(), longest.expected())) {
        differ = true;
        warn(
            "prompts-differ",
            "%s: the server's count differs from the expected one by %+.0f tokens in prompts of %d"
                + " messages, %+.0f %% of their length, and by %+.0f in prompts of %d: about %+.0f"
                + " for each message. The chat template adds them, or it leaves out parts of"
                + " earlier turns. Prompts of later turns do not have the expected lengths; allow"
                + " for this in the lengths and in llm.maxModelTokens.",
            longest.request(),
            longest.difference(),
            longest.messages(),
            100 * longest.difference() / longest.expected(),
            shortest.difference(),
            shortest.messages(),
            grown / (longest.messages() - shortest.messages()));
      }
    }
    return differ;
  }

  private void conversations() {
    addIfAny(
        Level.WARNING,
        "conversations-broken",
        totals.count(Figure.BROKEN_CONVERSATIONS),
        "%,d conversation{s} ended early because a turn failed.");
    addIfAny(
        Level.WARNING,
        "turns-unsent",
        totals.count(Figure.UNSENT_TURNS),
        "%,d turn{s} w{as|ere} never sent, because the context window was full. Unsent turns are no"
            + " requests, and no other figure counts them. Raise llm.maxModelTokens, or shorten the"
            + " prompts.");
    addIfAny(
        Level.WARNING,
        "requests-not-built",
        totals.count(Figure.NOT_BUILT),
        "%,d request{s} w{as|ere} never sent, because the simulation could not build {it|them}: a"
            + " session variable was missing, for example. They are no requests, and no other"
            + " figure counts them. Gatling's errors have the messages.");
    addIfAny(
        Level.NOTE,
        "retries",
        totals.count(Figure.RETRIES),
        "%,d response{s} came from retries. Each attempt counts as its own response; backoff time"
            + " is not part of any latency.");
    addIfAny(
        Level.NOTE,
        "prompts-cut",
        totals.count(Figure.TURNS_CUT),
        "%,d prompt{s} omitted earlier turns, %,d token{s} in total, to fit the context window."
            + " Where a prompt omits more of them than the one before it, the server's prefix cache"
            + " cannot hold what follows the gap.",
        totals.count(Figure.DROPPED_TOKENS));
    addIfAny(
        Level.NOTE,
        "conversations-repeated",
        run.repeatedConversations(),
        "%,d conversation{s} w{as|ere} identical to an earlier one, so the server may have had"
            + " {it|them} in its cache in full. To send each conversation once, do not set"
            + " llm.conversationsPerGroup, set llm.replayLoop to false for a replay, give each"
            + " workload and each feeder() a seed of its own, and take feeder() instead of"
            + " pinned() where a user has several conversations.");
    if (run.ranOut()) {
      note(
          "conversations-ran-out",
          "Users came for whom no conversation was left, and sent nothing: llm.maxConversations, a"
              + " replay without llm.replayLoop or the records of a feeder were used up. The load"
              + " was smaller than its injection from then on.");
    }
  }
}
