package dev.gatlingllm;

import static io.gatling.javaapi.core.CoreDsl.exec;

import dev.gatlingllm.action.SessionVariables;
import dev.gatlingllm.action.TokenRun;
import dev.gatlingllm.conversation.ContextPolicy;
import dev.gatlingllm.conversation.ContextWindow;
import dev.gatlingllm.conversation.Conversation;
import dev.gatlingllm.conversation.ConversationRules;
import dev.gatlingllm.conversation.FailurePolicy;
import dev.gatlingllm.conversation.SystemPrompts;
import dev.gatlingllm.prompt.Distribution;
import dev.gatlingllm.prompt.ExactText;
import dev.gatlingllm.prompt.SharedPrefixScripts;
import dev.gatlingllm.prompt.SharedPrefixShape;
import dev.gatlingllm.prompt.Tokenizer;
import dev.gatlingllm.prompt.Tokenizers;
import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.settings.SettingException;
import io.gatling.javaapi.core.ChainBuilder;
import java.util.Iterator;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/**
 * Conversations of several turns in groups whose users share a system prompt: what the prefix cache
 * of an LLM server is made for. Prompts have exactly the length asked for, are made when they are
 * needed, and are the same on every run with the same seed.
 *
 * <p>Immutable, so all methods return a new occurrence and leave the original unmodified.
 */
public final class SharedPrefixWorkload {

  private final SharedPrefixShape shape;
  private final ConversationRules rules;
  private final Supplier<Tokenizer> tokenizer;

  private SharedPrefixWorkload(
      SharedPrefixShape shape, ConversationRules rules, Supplier<Tokenizer> tokenizer) {
    this.shape = shape;
    this.rules = rules;
    this.tokenizer = tokenizer;
  }

  static SharedPrefixWorkload byDefault() {
    LlmSettings settings = LlmSettings.get();
    return new SharedPrefixWorkload(
        new SharedPrefixShape(
            settings.workload().groups(),
            settings.workload().conversationsPerGroup(),
            settings.workload().systemPromptTokens(),
            settings.workload().questionTokens(),
            settings.workload().outputTokens(),
            settings.workload().turns(),
            settings.seed()),
        settings.rules(),
        () -> configuredTokenizer(settings.tokenizer()));
  }

  private static Tokenizer configuredTokenizer(String spec) {
    try {
      return Tokenizers.resolve(spec);
    } catch (IllegalArgumentException e) {
      throw new SettingException("llm.tokenizer", spec, e);
    }
  }

  /**
   * Set the number of groups, each with a system prompt of its own; users are spread evenly over
   * them.
   *
   * @param groups from 1
   * @return a new SharedPrefixWorkload instance
   */
  public SharedPrefixWorkload groups(int groups) {
    require(groups >= 1, "groups", groups, "give 1 or more");
    return with(shape.withGroups(groups));
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
    return with(shape.withSystemTokens(tokens));
  }

  /** Set the length of each question, in tokens, from 1. */
  public SharedPrefixWorkload questionTokens(int tokens) {
    return questionTokens(Distribution.constant(tokens));
  }

  /** Set the length of questions in tokens, drawn for each turn. */
  public SharedPrefixWorkload questionTokens(Distribution tokens) {
    require(tokens.maximum() >= 1, "questionTokens", tokens, "give lengths from 1 on");
    return with(shape.withQuestionTokens(tokens));
  }

  /** Set the length of reply to ask for, in tokens, from 1: the request's {@code max_tokens}. */
  public SharedPrefixWorkload outputTokens(int tokens) {
    return outputTokens(Distribution.constant(tokens));
  }

  /** Set the length of reply to ask for, in tokens, drawn for each turn. */
  public SharedPrefixWorkload outputTokens(Distribution tokens) {
    require(tokens.maximum() >= 1, "outputTokens", tokens, "give lengths from 1 on");
    return with(shape.withOutputTokens(tokens));
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

  /** Set the seed, which decides every length and every word. */
  public SharedPrefixWorkload seed(long seed) {
    return with(shape.withSeed(seed));
  }

  /** Set the tokenizer by which lengths are counted. */
  public SharedPrefixWorkload tokenizer(Tokenizer tokenizer) {
    return new SharedPrefixWorkload(shape, rules, () -> tokenizer);
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
    return new SharedPrefixWorkload(shape, rules.withWindow(window), tokenizer);
  }

  /** Set what a conversation does after a failed turn. */
  public SharedPrefixWorkload onFailure(FailurePolicy policy) {
    return new SharedPrefixWorkload(shape, rules.withOnFailure(policy), tokenizer);
  }

  /**
   * A step that gives each virtual user its conversation: user k always gets conversation k,
   * whatever the order of arrival.
   */
  public ChainBuilder pinned() {
    LongFunction<Conversation> conversations = conversations();
    return exec(
        session ->
            session.setAll(
                SessionVariables.ofBeginning(conversations.apply(session.userId() - 1))));
  }

  /**
   * The same conversations for {@code feed(…)}: each user gets the next one in order of arrival.
   */
  public Iterator<Map<String, Object>> feeder() {
    LongFunction<Conversation> conversations = conversations();
    return LongStream.iterate(0, number -> number + 1)
        .mapToObj(conversations)
        .map(SessionVariables::ofBeginning)
        .iterator();
  }

  /**
   * Everything slow happens here, before the run: the tokenizer is loaded and its words verified.
   */
  private LongFunction<Conversation> conversations() {
    Tokenizer loaded = tokenizer.get();
    TokenRun.current().tokenizerIs(loaded);
    TokenRun.current().seedIs(shape.seed());
    SharedPrefixScripts scripts = new SharedPrefixScripts(shape, ExactText.of(loaded));
    SystemPrompts systemPrompts = new SystemPrompts();
    return number -> systemPrompts.begin(scripts.script(number), rules);
  }

  private SharedPrefixWorkload with(SharedPrefixShape changed) {
    return new SharedPrefixWorkload(changed, rules, tokenizer);
  }

  private static void require(boolean condition, String name, Object value, String remedy) {
    if (!condition) {
      throw new IllegalArgumentException(name + "(" + value + "): " + remedy);
    }
  }
}
