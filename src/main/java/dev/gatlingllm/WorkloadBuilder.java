package dev.gatlingllm;

import static io.gatling.javaapi.core.CoreDsl.exec;

import dev.gatlingllm.gatling.ConversationSource;
import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.settings.Setting;
import dev.gatlingllm.workload.Shard;
import io.gatling.javaapi.core.ActionBuilder;
import io.gatling.javaapi.core.ChainBuilder;
import java.util.Iterator;
import java.util.Map;

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
  private ConversationSource source;

  WorkloadBuilder(LlmSettings settings) {
    this.settings = settings;
  }

  abstract W with(LlmSettings changed);

  final <T> W with(Setting<T> setting, T value) {
    return with(settings.with(setting, value));
  }

  /** Prepares the conversations; called once, before the run. */
  abstract ConversationSource newSource();

  private synchronized ConversationSource source() {
    if (source == null) {
      source = newSource();
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
    return with(settings.without(Setting.LENGTHS).with(Setting.OUTPUT_TOKENS, tokens));
  }

  /**
   * Sets which of several load generators this is: it takes every n-th conversation, and all
   * generators together run the same conversations as one alone would.
   *
   * @param index from 1 to {@code count}
   * @param count number of load generators
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
   * Sets the model's context window.
   *
   * @param tokens prompt and response together, from 1
   * @param whenFull what happens to a turn that does not fit
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
