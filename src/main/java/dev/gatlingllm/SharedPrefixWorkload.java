package dev.gatlingllm;

import static io.gatling.javaapi.core.CoreDsl.exec;

import dev.gatlingllm.conversation.ContextWindow;
import dev.gatlingllm.conversation.ConversationRules;
import dev.gatlingllm.conversation.Conversations;
import dev.gatlingllm.gatling.ConversationSource;
import dev.gatlingllm.gatling.TokenRun;
import dev.gatlingllm.prompt.ExactText;
import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.workload.GroupWeights;
import dev.gatlingllm.workload.LengthTriples;
import dev.gatlingllm.workload.Lengths;
import dev.gatlingllm.workload.Shard;
import dev.gatlingllm.workload.SharedPrefixScripts;
import dev.gatlingllm.workload.SharedPrefixShape;
import io.gatling.javaapi.core.ActionBuilder;
import io.gatling.javaapi.core.ChainBuilder;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Conversations of several turns in groups whose users share a system prompt: what the prefix cache
 * of an LLM server is made for. Prompts have exactly the length asked for, are made when they are
 * needed, and are the same on every run with the same seed.
 *
 * <p>Immutable, so all methods return a new occurrence and leave the original unmodified.
 */
public final class SharedPrefixWorkload implements Workload {

  private final SharedPrefixShape shape;
  private final Pinning pinning;
  private final ConversationRules rules;
  private final Supplier<Tokenizer> tokenizer;
  private final Function<Tokenizer, ExactText> text;
  private ConversationSource source;

  private SharedPrefixWorkload(
      SharedPrefixShape shape,
      Pinning pinning,
      ConversationRules rules,
      Supplier<Tokenizer> tokenizer,
      Function<Tokenizer, ExactText> text) {
    this.shape = shape;
    this.pinning = pinning;
    this.rules = rules;
    this.tokenizer = tokenizer;
    this.text = text;
  }

  static SharedPrefixWorkload byDefault() {
    LlmSettings settings = LlmSettings.get();
    return new SharedPrefixWorkload(
        settings.shape(),
        new Pinning(settings.workload().shard(), settings.workload().maxConversations()),
        settings.rules(),
        settings::loadTokenizer,
        settings.workload().corpus().map(SharedPrefixWorkload::corpusText).orElse(ExactText::of));
  }

  private static Function<Tokenizer, ExactText> corpusText(Path file) {
    return tokenizer -> ExactText.fromCorpus(file, tokenizer);
  }

  /**
   * Which conversation a user gets.
   *
   * @param maxConversations in the whole workload, of all shards
   */
  private record Pinning(Shard shard, long maxConversations) {}

  /**
   * Set the number of groups, each with a system prompt of its own; users are spread evenly over
   * them.
   *
   * @param groups from 1
   * @return a new SharedPrefixWorkload instance
   */
  public SharedPrefixWorkload groups(int groups) {
    require(groups >= 1, "groups", groups, "give 1 or more");
    return with(shape.withGroups(GroupWeights.equal(groups)));
  }

  /**
   * Set the groups by their weights: as many groups as weights, each with its share of the users.
   *
   * @param weights above 0, in any unit
   * @return a new SharedPrefixWorkload instance
   */
  public SharedPrefixWorkload groupWeights(double... weights) {
    return with(shape.withGroups(GroupWeights.of(weights)));
  }

  /**
   * Set the number of groups and let their weights follow Zipf's law: the r-th has 1/r^s of the
   * first one's users.
   *
   * @param groups from 1
   * @param exponent s, from 0
   * @return a new SharedPrefixWorkload instance
   */
  public SharedPrefixWorkload zipfGroups(int groups, double exponent) {
    require(groups >= 1, "zipfGroups", groups, "give 1 group or more");
    return with(shape.withGroups(GroupWeights.zipf(groups, exponent)));
  }

  /**
   * Set the number of different conversations in a group: later users repeat the first ones' word
   * for word, which the server's cache notices. Without it every user has a conversation of their
   * own.
   *
   * @param conversations from 1
   * @return a new SharedPrefixWorkload instance
   */
  public SharedPrefixWorkload conversationsPerGroup(int conversations) {
    require(conversations >= 1, "conversationsPerGroup", conversations, "give 1 or more");
    return with(shape.withPerGroup(conversations));
  }

  /** Set the length of each group's system prompt, in tokens; 0 for none. */
  public SharedPrefixWorkload systemPromptTokens(int tokens) {
    return systemPromptTokens(Distribution.constant(tokens));
  }

  /** Set the length of system prompts in tokens, drawn once for each group. */
  public SharedPrefixWorkload systemPromptTokens(Distribution tokens) {
    require(tokens.maximum() >= 0, "systemPromptTokens", tokens, "give lengths from 0 on");
    return with(lengths().withSystem(tokens).withTriples(null));
  }

  /** Set the length of a prefix that the system prompts of all groups begin with; 0 for none. */
  public SharedPrefixWorkload commonPrefixTokens(int tokens) {
    require(tokens >= 0, "commonPrefixTokens", tokens, "give lengths from 0 on");
    return with(lengths().withCommon(tokens));
  }

  /**
   * Set the length of what follows the system prompt in one conversation alone, such as a retrieved
   * document; 0 for nothing.
   */
  public SharedPrefixWorkload privateContextTokens(int tokens) {
    return privateContextTokens(Distribution.constant(tokens));
  }

  /** Set the length of each conversation's private context in tokens, drawn for each. */
  public SharedPrefixWorkload privateContextTokens(Distribution tokens) {
    require(tokens.maximum() >= 0, "privateContextTokens", tokens, "give lengths from 0 on");
    return with(lengths().withPrivateContext(tokens));
  }

  /**
   * Set lengths that go together, in place of those of system prompts, questions and replies: each
   * group draws a system prompt's length from the file, each turn a question's and its reply's.
   *
   * @param file CSV with system, question and reply tokens in each line, or a JSON array of such
   *     triples
   * @return a new SharedPrefixWorkload instance
   */
  public SharedPrefixWorkload lengths(Path file) {
    return with(lengths().withTriples(LengthTriples.read(file)));
  }

  /** Set the length of each question, in tokens, from 1. */
  public SharedPrefixWorkload questionTokens(int tokens) {
    return questionTokens(Distribution.constant(tokens));
  }

  /** Set the length of questions in tokens, drawn for each turn. */
  public SharedPrefixWorkload questionTokens(Distribution tokens) {
    require(tokens.maximum() >= 1, "questionTokens", tokens, "give lengths from 1 on");
    return with(lengths().withQuestion(tokens).withTriples(null));
  }

  /** Set the length of reply to ask for, in tokens, from 1: the request's {@code max_tokens}. */
  public SharedPrefixWorkload outputTokens(int tokens) {
    return outputTokens(Distribution.constant(tokens));
  }

  /** Set the length of reply to ask for, in tokens, drawn for each turn. */
  public SharedPrefixWorkload outputTokens(Distribution tokens) {
    require(tokens.maximum() >= 1, "outputTokens", tokens, "give lengths from 1 on");
    return with(lengths().withOutput(tokens).withTriples(null));
  }

  /** Set the number of turns of each conversation, from 1. */
  public SharedPrefixWorkload turns(int turns) {
    return turns(Distribution.constant(turns));
  }

  /** Set the number of turns, drawn for each conversation; {@link LlmDsl#endless()} for no end. */
  public SharedPrefixWorkload turns(Distribution turns) {
    require(turns.maximum() >= 1, "turns", turns, "give 1 or more");
    return with(shape.withTurns(turns));
  }

  /**
   * Let the load begin as if it had run for long: the first conversations are found at different
   * turns, with what came before taken as said.
   *
   * @param firstConversations as many as are in flight, in all shards together
   * @return a new SharedPrefixWorkload instance
   */
  public SharedPrefixWorkload rampedAges(int firstConversations) {
    require(firstConversations >= 0, "rampedAges", firstConversations, "give 0 or more");
    return with(shape.withAged(firstConversations));
  }

  /**
   * Set which of several load generators this is: it takes every n-th conversation, and all of them
   * together say what one alone would.
   *
   * @param index from 1 to {@code count}
   * @param count number of load generators
   * @return a new SharedPrefixWorkload instance
   */
  public SharedPrefixWorkload shard(int index, int count) {
    return with(new Pinning(new Shard(index, count), pinning.maxConversations()));
  }

  /**
   * Set the most conversations that there are, in all shards together. Users beyond them get none:
   * {@link LlmDsl#hasNextTurn()} is false for them, and the load sinks as conversations end.
   *
   * @param conversations from 1
   * @return a new SharedPrefixWorkload instance
   */
  public SharedPrefixWorkload maxConversations(long conversations) {
    require(conversations >= 1, "maxConversations", conversations, "give 1 or more");
    return with(new Pinning(pinning.shard(), conversations));
  }

  /** Set the seed, which decides every length and every word. */
  public SharedPrefixWorkload seed(long seed) {
    return with(shape.withSeed(seed));
  }

  /** Set the tokenizer by which lengths are counted. */
  public SharedPrefixWorkload tokenizer(Tokenizer tokenizer) {
    return new SharedPrefixWorkload(shape, pinning, rules, () -> tokenizer, text);
  }

  /**
   * Set a text to take what is said from, instead of random words: runs of its words, from random
   * places, of exactly the lengths asked for.
   *
   * @param file plain text in UTF-8, of some hundred words or more
   * @return a new SharedPrefixWorkload instance
   */
  public SharedPrefixWorkload corpus(Path file) {
    return new SharedPrefixWorkload(shape, pinning, rules, tokenizer, corpusText(file));
  }

  /**
   * Set the model's context window.
   *
   * @param tokens prompt and reply together
   * @param whenFull what happens to a turn that does not fit
   * @return a new SharedPrefixWorkload instance
   */
  public SharedPrefixWorkload maxModelTokens(int tokens, ContextPolicy whenFull) {
    ContextWindow window = new ContextWindow(tokens, whenFull);
    return with(rules.withWindow(window));
  }

  /** Set what a conversation does after a failed turn. */
  public SharedPrefixWorkload onFailure(FailurePolicy policy) {
    return with(rules.withOnFailure(policy));
  }

  /** Set which reply later prompts carry: what the model said, or a canned one. */
  public SharedPrefixWorkload replyInHistory(ReplyInHistory reply) {
    return with(rules.withReplyInHistory(reply));
  }

  /**
   * A step that gives each virtual user its conversation: user k of the workload always gets
   * conversation k. Conversations are created off the event loops.
   */
  @Override
  public ChainBuilder pinned() {
    ActionBuilder step = source()::step;
    return exec(step);
  }

  /**
   * The same conversations for {@code feed(…)}: each user gets the next one in order of arrival. It
   * ends after {@link #maxConversations}, where Gatling ends the run.
   */
  @Override
  public Iterator<Map<String, Object>> feeder() {
    return source().feeder();
  }

  /** Does everything slow before the run: loads the tokenizer and verifies its words. */
  private synchronized ConversationSource source() {
    if (source == null) {
      requireRoomForATurn();
      Tokenizer loaded = tokenizer.get();
      TokenRun.current().setTokenizer(loaded);
      SharedPrefixShape salted = shape.withSeed(LlmSettings.get().salted(shape.seed()));
      TokenRun.current().setSeed(salted.seed());
      SharedPrefixScripts scripts = new SharedPrefixScripts(salted, text.apply(loaded));
      Conversations conversations = new Conversations(salted.seed(), rules);
      source =
          new ConversationSource(
              own -> {
                long number = pinning.shard().conversation(own);
                return number < pinning.maxConversations()
                    ? Optional.of(conversations.begin(number, scripts.script(number)))
                    : Optional.empty();
              });
    }
    return source;
  }

  private void requireRoomForATurn() {
    int limit = rules.window().maxModelTokens();
    require(
        limit >= lengths().least(),
        "maxModelTokens",
        limit,
        "even the shortest first turn takes "
            + (long) lengths().least()
            + " tokens; raise the limit"
            + " or shorten the prompts");
  }

  private Lengths lengths() {
    return shape.lengths();
  }

  private SharedPrefixWorkload with(SharedPrefixShape changed) {
    return new SharedPrefixWorkload(changed, pinning, rules, tokenizer, text);
  }

  private SharedPrefixWorkload with(Lengths changed) {
    return with(shape.withLengths(changed));
  }

  private SharedPrefixWorkload with(Pinning changed) {
    return new SharedPrefixWorkload(shape, changed, rules, tokenizer, text);
  }

  private SharedPrefixWorkload with(ConversationRules changed) {
    return new SharedPrefixWorkload(shape, pinning, changed, tokenizer, text);
  }

  private static void require(boolean condition, String name, Object value, String remedy) {
    if (!condition) {
      throw new IllegalArgumentException(name + "(" + value + "): " + remedy);
    }
  }
}
