package dev.gatlingllm;

import static io.gatling.javaapi.core.CoreDsl.exec;

import dev.gatlingllm.conversation.Conversations;
import dev.gatlingllm.gatling.ConversationSource;
import dev.gatlingllm.gatling.TokenRun;
import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.settings.Setting;
import dev.gatlingllm.workload.ConversationScript;
import dev.gatlingllm.workload.FeederColumns.Purpose;
import dev.gatlingllm.workload.Shard;
import io.gatling.javaapi.core.ActionBuilder;
import io.gatling.javaapi.core.ChainBuilder;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What both kinds of workload can set. A builder starts from the settings of the run ({@code
 * llm.conf}, environment, {@code -Dllm.…}); each of its methods replaces one of them.
 *
 * <p>Immutable, so all methods return a new occurrence and leave the original unmodified.
 *
 * @param <W> the kind of workload
 */
public abstract sealed class WorkloadBuilder<W extends WorkloadBuilder<W>> implements Workload
    permits SharedPrefixWorkload, ReplayWorkload {

  final LlmSettings settings;
  private @Nullable ConversationSource source;

  WorkloadBuilder(LlmSettings settings) {
    this.settings = settings;
  }

  abstract W with(LlmSettings changed);

  final <T> W with(Setting<T> setting, T value) {
    return with(settings.with(setting, value));
  }

  /**
   * Does everything slow before the run, once: loads the tokenizer and reads files.
   *
   * @return each user's script, by the user's number on this load generator; empty for none
   */
  abstract LongFunction<Optional<ConversationScript>> scripts();

  /** Returns what decides the conversations: equal for workloads that have the same ones. */
  abstract Object conversations();

  /** Returns when a user's first request is due, if the workload decides it. */
  Optional<LongUnaryOperator> dueNanos() {
    return Optional.empty();
  }

  /** Loads the tokenizer that counts lengths. The run's report shows it and the seed. */
  final Tokenizer loadTokenizer() {
    Tokenizer tokenizer = settings.loadTokenizer();
    TokenRun.current().setTokenizer(tokenizer);
    TokenRun.current().setSeed(settings.saltedSeed());
    return tokenizer;
  }

  private synchronized ConversationSource source() {
    if (source == null) {
      LongFunction<Optional<ConversationScript>> scripts = scripts();
      Conversations conversations =
          new Conversations(
              TokenRun.current().idPrefix(conversations()),
              settings.saltedSeed(),
              settings.rules(),
              settings.get(Setting.PROMPT_FORMAT));
      Shard shard = settings.get(Setting.SHARD);
      if (settings.isSet(Setting.SHARD)) {
        TokenRun.current().setShard(shard);
      }
      source =
          new ConversationSource(
              own ->
                  scripts
                      .apply(own)
                      .map(script -> conversations.begin(shard.conversation(own), script)),
              dueNanos());
    }
    return source;
  }

  /**
   * Sets the length of response to ask for, in tokens, from 1: the request's {@code max_tokens}.
   */
  public W outputTokens(int tokens) {
    return outputTokens(Distribution.constant(tokens));
  }

  /** Sets the length of response to ask for, in tokens, drawn for each turn. */
  public W outputTokens(Distribution tokens) {
    return with(
        settings
            .without(Setting.LENGTHS)
            .withoutColumns(Purpose.OUTPUT_TOKENS)
            .with(Setting.OUTPUT_TOKENS, tokens));
  }

  /**
   * Sets which of several load generators this is, from 1: it takes every n-th conversation, and
   * all generators together run the same conversations as one alone would.
   */
  public W shard(int index, int count) {
    return with(Setting.SHARD, new Shard(index, count));
  }

  /** Sets the seed, which decides every length and every word. */
  public W seed(long seed) {
    return with(Setting.SEED, seed);
  }

  /** Sets the tokenizer that counts lengths. */
  public W tokenizer(Tokenizer tokenizer) {
    return with(Setting.LOADED_TOKENIZER, tokenizer);
  }

  /**
   * Sets the model's context window, in tokens of prompt and response together, from 1, and what
   * happens to a turn that does not fit.
   */
  public W maxModelTokens(int tokens, ContextPolicy whenFull) {
    return with(
        settings.with(Setting.MAX_MODEL_TOKENS, tokens).with(Setting.CONTEXT_POLICY, whenFull));
  }

  /** Sets what a conversation does after a failed turn. */
  public W onFailure(FailurePolicy policy) {
    return with(Setting.ON_FAILURE, policy);
  }

  /** Sets the response that later prompts carry: the one received, or a canned or recorded one. */
  public W replyInHistory(ReplyInHistory reply) {
    return with(Setting.REPLY_IN_HISTORY, reply);
  }

  /**
   * {@inheritDoc} The order of arrival does not matter. Conversations are made off the event loops.
   */
  @Override
  public ChainBuilder pinned() {
    ActionBuilder step = source()::step;
    return exec(step);
  }

  /**
   * {@inheritDoc} Each user gets the next conversation in order of arrival. The feeder ends after
   * the last conversation, and Gatling then ends the run.
   */
  @Override
  public Iterator<Map<String, Object>> feeder() {
    return source().feeder();
  }
}
