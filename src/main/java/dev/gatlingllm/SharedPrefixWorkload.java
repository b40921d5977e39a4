package dev.gatlingllm;

import dev.gatlingllm.gatling.FeederRecords;
import dev.gatlingllm.gatling.TokenRun;
import dev.gatlingllm.prompt.ExactText;
import dev.gatlingllm.prompt.SyntheticImages;
import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.settings.Setting;
import dev.gatlingllm.settings.SettingException;
import dev.gatlingllm.workload.Column;
import dev.gatlingllm.workload.ConversationScript;
import dev.gatlingllm.workload.FeederColumns;
import dev.gatlingllm.workload.FeederColumns.Purpose;
import dev.gatlingllm.workload.GroupWeights;
import dev.gatlingllm.workload.Images;
import dev.gatlingllm.workload.LengthTriples;
import dev.gatlingllm.workload.Shard;
import dev.gatlingllm.workload.SharedPrefixScripts;
import io.gatling.javaapi.core.FeederBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.LongFunction;
import java.util.stream.Stream;

/**
 * Conversations of several turns in groups whose users share a system prompt, which is what the
 * prefix cache of an LLM server is made for. Prompts have exactly the length asked for, are made
 * when they are needed, and are the same on every run with the same seed.
 *
 * <p>Immutable, so all methods return a new occurrence and leave the original unmodified.
 */
public final class SharedPrefixWorkload extends WorkloadBuilder<SharedPrefixWorkload> {

  SharedPrefixWorkload(LlmSettings settings) {
    super(settings);
  }

  @Override
  SharedPrefixWorkload with(LlmSettings changed) {
    return new SharedPrefixWorkload(changed);
  }

  /**
   * Sets the number of groups, from 1, each with a system prompt of its own; users are spread
   * evenly over them.
   */
  public SharedPrefixWorkload groups(int groups) {
    return groups(groups, GroupWeights::equal);
  }

  /** Sets as many groups as weights, each with its share of the users: above 0, in any unit. */
  public SharedPrefixWorkload groupWeights(Number... weights) {
    GroupWeights groups =
        GroupWeights.of(Stream.of(weights).mapToDouble(Number::doubleValue).toArray());
    return groups(weights.length, number -> groups);
  }

  /**
   * Sets the number of groups, from 1, and lets their weights follow Zipf's law: the r-th has 1/r^s
   * of the users of the first, with an exponent s from 0.
   */
  public SharedPrefixWorkload zipfGroups(int groups, Number exponent) {
    GroupWeights.zipf(1, exponent.doubleValue());
    return groups(groups, number -> GroupWeights.zipf(number, exponent.doubleValue()));
  }

  /**
   * Takes the groups of conversations from a column of a feeder: conversations with equal values
   * are a group. Groups are numbered in the order of their first record.
   *
   * @param feeder a feeder with records, such as {@code csv("users.csv")}; its conversations take
   *     records by number
   */
  public SharedPrefixWorkload groups(FeederBuilder<?> feeder, String column) {
    Column values = FeederRecords.column(feeder, column);
    return with(groups(values.distinctValues().size()).settings.withColumn(Purpose.GROUP, values));
  }

  private SharedPrefixWorkload groups(int groups, IntFunction<GroupWeights> weights) {
    return with(
        settings
            .withoutColumns(Purpose.GROUP)
            .with(Setting.GROUPS, groups)
            .with(Setting.GROUP_WEIGHTS, weights));
  }

  private SharedPrefixWorkload with(Purpose purpose, FeederBuilder<?> feeder, String column) {
    return with(settings.withColumn(purpose, FeederRecords.column(feeder, column)));
  }

  /**
   * Takes the model of each conversation from a column of a feeder. A turn that sets a model itself
   * asks that one.
   */
  public SharedPrefixWorkload models(FeederBuilder<?> feeder, String column) {
    return with(Purpose.MODEL, feeder, column);
  }

  /**
   * Takes the text of each question from a column of a feeder. Turns take records by number: first
   * all turns of conversation 0, then those of conversation 1, and so on. Of a feeder that ends
   * ({@code queue()}, the default, and {@code shuffle()}), each turn takes a record of its own, and
   * users after the last record have no conversation. The seed decides {@code shuffle()} and {@code
   * random()}.
   */
  public SharedPrefixWorkload questions(FeederBuilder<?> feeder, String column) {
    return questionTokens(Setting.OF_TEXTS).with(Purpose.QUESTION, feeder, column);
  }

  /** Takes the length of each question from a column of a feeder, by turn. */
  public SharedPrefixWorkload questionTokens(FeederBuilder<?> feeder, String column) {
    return questionTokens(Setting.OF_A_FEEDER).with(Purpose.QUESTION_TOKENS, feeder, column);
  }

  /** Takes the length of response to ask for from a column of a feeder, by turn. */
  public SharedPrefixWorkload outputTokens(FeederBuilder<?> feeder, String column) {
    return outputTokens(Setting.OF_A_FEEDER).with(Purpose.OUTPUT_TOKENS, feeder, column);
  }

  /**
   * Takes the system prompts from a column of a feeder. There is a group for each record, unless
   * {@link #groups} changes their number.
   */
  public SharedPrefixWorkload systemPrompts(FeederBuilder<?> feeder, String column) {
    Column prompts = FeederRecords.column(feeder, column);
    SharedPrefixWorkload workload = systemPromptTokens(Setting.OF_TEXTS);
    return with(
        (settings.columns().containsKey(Purpose.GROUP) ? workload : workload.groups(prompts.size()))
            .settings.withColumn(Purpose.SYSTEM_PROMPT, prompts));
  }

  /** Takes the length of each group's system prompt from a column of a feeder. */
  public SharedPrefixWorkload systemPromptTokens(FeederBuilder<?> feeder, String column) {
    return systemPromptTokens(Setting.OF_A_FEEDER)
        .with(Purpose.SYSTEM_PROMPT_TOKENS, feeder, column);
  }

  /**
   * Sets the number of different conversations in a group, from 1: later users repeat the first
   * ones word for word, so that the server's cache may hold all of them. By default every user has
   * a conversation of their own.
   */
  public SharedPrefixWorkload conversationsPerGroup(int conversations) {
    return with(Setting.CONVERSATIONS_PER_GROUP, conversations);
  }

  /** Sets the length of each group's system prompt, in tokens; 0 for none. */
  public SharedPrefixWorkload systemPromptTokens(int tokens) {
    return systemPromptTokens(Distribution.constant(tokens));
  }

  /** Sets the length of system prompts in tokens, drawn once for each group. */
  public SharedPrefixWorkload systemPromptTokens(Distribution tokens) {
    return with(
        settings
            .without(Setting.LENGTHS)
            .withoutColumns(Purpose.SYSTEM_PROMPT, Purpose.SYSTEM_PROMPT_TOKENS)
            .with(Setting.SYSTEM_PROMPT_TOKENS, tokens));
  }

  /** Sets the length of a prefix that the system prompts of all groups share; 0 for none. */
  public SharedPrefixWorkload commonPrefixTokens(int tokens) {
    return with(Setting.COMMON_PREFIX_TOKENS, tokens);
  }

  /**
   * Sets the length of the text that follows the system prompt in one conversation alone, such as a
   * retrieved document; 0 for none.
   */
  public SharedPrefixWorkload privateContextTokens(int tokens) {
    return privateContextTokens(Distribution.constant(tokens));
  }

  /** Sets the length of each conversation's private context in tokens, drawn for each. */
  public SharedPrefixWorkload privateContextTokens(Distribution tokens) {
    return with(Setting.PRIVATE_CONTEXT_TOKENS, tokens);
  }

  /**
   * Sets lengths that belong together, in place of those of system prompts, questions and
   * responses: each group draws a system prompt's length from the file, each turn those of a
   * question and its response.
   *
   * @param file CSV with system, question and response tokens in each line, or a JSON array
   */
  public SharedPrefixWorkload lengths(Path file) {
    return with(
        settings
            .withoutColumns(
                Purpose.SYSTEM_PROMPT_TOKENS, Purpose.QUESTION_TOKENS, Purpose.OUTPUT_TOKENS)
            .with(Setting.LENGTHS, LengthTriples.read(file)));
  }

  /** Sets the length of each question, in tokens, from 1. */
  public SharedPrefixWorkload questionTokens(int tokens) {
    return questionTokens(Distribution.constant(tokens));
  }

  /** Sets the length of questions in tokens, drawn for each turn. */
  public SharedPrefixWorkload questionTokens(Distribution tokens) {
    return with(
        settings
            .without(Setting.LENGTHS)
            .withoutColumns(Purpose.QUESTION, Purpose.QUESTION_TOKENS)
            .with(Setting.QUESTION_TOKENS, tokens));
  }

  /**
   * Puts images into the first question of each conversation: PNG files of random content, each
   * different from all others, before the question's text.
   *
   * @param number images of a question, from 0
   * @param width in pixels
   * @param height in pixels
   */
  public SharedPrefixWorkload images(int number, int width, int height) {
    return with(
        settings
            .with(Setting.IMAGES, Distribution.constant(number))
            .with(Setting.IMAGE_SIZE, new SyntheticImages.Size(width, height)));
  }

  /** Puts images into every question instead of the first one. */
  public SharedPrefixWorkload imagesInEveryTurn() {
    return with(Setting.IMAGE_TURNS, Images.Turns.ALL);
  }

  /**
   * Sets how many tokens the model makes of an image, from 0. Without this number, the lengths of
   * prompts with images are not known before the server counts them.
   */
  public SharedPrefixWorkload imageTokens(int tokens) {
    return with(Setting.IMAGE_TOKENS, tokens);
  }

  /** Sets the number of turns of each conversation, from 1. Results of tools are further turns. */
  public SharedPrefixWorkload turns(int turns) {
    return turns(Distribution.constant(turns));
  }

  /** Sets the number of turns, drawn for each conversation; {@link LlmDsl#endless()} for no end. */
  public SharedPrefixWorkload turns(Distribution turns) {
    return with(Setting.TURNS, turns);
  }

  /**
   * Lets the model call tools before it answers a question, one after another. Their number is
   * drawn for each question. Each result is a turn of its own. Calls and results are the
   * workload's, whatever the model answers, so that prompts have the lengths asked for.
   */
  public SharedPrefixWorkload toolRounds(Distribution calls) {
    return with(Setting.TOOL_ROUNDS, calls);
  }

  /** Sets how many tools the model calls before it answers a question, from 0. */
  public SharedPrefixWorkload toolRounds(int calls) {
    return toolRounds(Distribution.constant(calls));
  }

  /** Sets how many seconds a tool runs, drawn for each call: the time before its result is sent. */
  public SharedPrefixWorkload toolTime(Distribution seconds) {
    return with(Setting.TOOL_TIME, seconds);
  }

  /** Sets how long each tool runs. */
  public SharedPrefixWorkload toolTime(Duration time) {
    return toolTime(Distribution.constant(time.toNanos() / 1e9));
  }

  /** Sets the length of a call, its name and its arguments together, in tokens. */
  public SharedPrefixWorkload toolCallTokens(Distribution tokens) {
    return with(Setting.TOOL_CALL_TOKENS, tokens);
  }

  /** Sets the length of the result of a call, in tokens, from 1. */
  public SharedPrefixWorkload toolResultTokens(Distribution tokens) {
    return with(Setting.TOOL_RESULT_TOKENS, tokens);
  }

  /**
   * Sets the tools that each request offers.
   *
   * @param number of tools, from 1
   * @param definitionTokens length of all their definitions together; 0 for requests without them
   */
  public SharedPrefixWorkload tools(int number, int definitionTokens) {
    return with(Setting.TOOLS, number).with(Setting.TOOL_DEFINITION_TOKENS, definitionTokens);
  }

  /**
   * Begins as if the load had run for a long time: so many first conversations, in all shards
   * together, start at different turns, as if their earlier turns had taken place.
   */
  public SharedPrefixWorkload rampedAges(int firstConversations) {
    return with(Setting.CONVERSATIONS_UNDER_WAY, (long) firstConversations);
  }

  /**
   * Sets the number of conversations in all shards together, from 1. Users beyond them get none:
   * {@link LlmDsl#hasNextTurn()} is false for them, and the load falls as conversations end.
   */
  public SharedPrefixWorkload maxConversations(long conversations) {
    return with(Setting.MAX_CONVERSATIONS, conversations);
  }

  /**
   * Sets a text that system prompts, questions and canned responses are taken from, instead of
   * random words: runs of its words, from random places, of exactly the lengths asked for. The file
   * is plain text in UTF-8, of some hundred words or more.
   */
  public SharedPrefixWorkload corpus(Path file) {
    return with(Setting.CORPUS, file);
  }

  /**
   * Lets a share of the conversations, above 0 and up to 1, ask the same question with the same
   * system prompt, at temperature 0, to find out whether the server's responses depend on its load.
   * The report says how many of these responses differ from the first one.
   */
  public SharedPrefixWorkload consistency(double share) {
    return with(Setting.CONSISTENCY, share);
  }

  @Override
  Object conversations() {
    return List.of(
        settings.sharedPrefixShape().toString(),
        settings.find(Setting.CORPUS),
        settings.columns(),
        settings.loadTokenizer().name());
  }

  @Override
  LongFunction<Optional<ConversationScript>> scripts() {
    settings.requireRoomForATurn();
    settings.requireImageTokens();
    Tokenizer tokenizer = loadTokenizer();
    SharedPrefixScripts scripts = SettingException.checked(() -> scripts(tokenizer));
    Shard shard = settings.get(Setting.SHARD);
    settings.find(Setting.MAX_CONVERSATIONS).ifPresent(most -> requireOneFor(shard, most));
    long end = settings.find(Setting.MAX_CONVERSATIONS).orElse(Long.MAX_VALUE);
    return own ->
        Optional.of(shard.conversation(own)).filter(number -> number < end).flatMap(scripts::find);
  }

  private static void requireOneFor(Shard shard, long conversations) {
    if (shard.isTooFew(conversations)) {
      throw new SettingException(
          Setting.MAX_CONVERSATIONS,
          conversations,
          "%d shards need at least one conversation each; use fewer shards, or raise it"
              .formatted(shard.count()));
    }
  }

  private SharedPrefixScripts scripts(Tokenizer tokenizer) {
    ExactText text =
        settings
            .find(Setting.CORPUS)
            .map(file -> ExactText.fromCorpus(file, tokenizer))
            .orElseGet(() -> ExactText.of(tokenizer));
    FeederColumns columns =
        new FeederColumns(settings.columns(), settings.saltedSeed(), tokenizer::encode);
    columns.models().forEach(TokenRun.current()::addModelOfWorkload);
    return new SharedPrefixScripts(
        settings.sharedPrefixShape(), text, columns, settings.get(Setting.SHARD));
  }
}
