package dev.gatlingllm.workload;

import dev.gatlingllm.prompt.ExactText;
import dev.gatlingllm.prompt.Passage;
import dev.gatlingllm.prompt.SeededRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The conversations of groups of users who share a system prompt. Conversation k is a function of
 * the {@linkplain SharedPrefixShape shape}, the tokenizer and k alone: not of when, where or how
 * often it is asked for. Any thread may ask.
 */
public final class SharedPrefixScripts {

  // what a stream of random numbers is for
  private static final int WORD_ORDER = 0;
  private static final int SYSTEM_PROMPT = 1;
  private static final int TURNS = 2;
  private static final int QUESTION = 3;
  private static final int REPLY = 4;
  private static final int COMMON = 5;
  private static final int PRIVATE_CONTEXT = 6;

  private final SharedPrefixShape shape;
  private final ExactText text;
  private final List<Integer> firstWords;
  private final Passage common;
  private final ConcurrentMap<Integer, Passage> systemPrompts = new ConcurrentHashMap<>();

  /**
   * Conversations of a shape, written for a tokenizer.
   *
   * @throws IllegalArgumentException if there are more groups than words to tell them apart
   */
  public SharedPrefixScripts(SharedPrefixShape shape, ExactText text) {
    this.shape = shape;
    this.text = text;
    this.firstWords = shuffled(text.words().size(), SeededRandom.of(shape.seed(), WORD_ORDER));
    this.common = text.write(shape.lengths().common(), SeededRandom.of(shape.seed(), COMMON));
    if (shape.groups().groups() > firstWords.size()) {
      throw new IllegalArgumentException(
          shape.groups().groups()
              + " groups are more than this tokenizer's "
              + firstWords.size()
              + " words can tell apart by their first token");
    }
  }

  private static List<Integer> shuffled(int size, SeededRandom random) {
    List<Integer> order = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      order.add(i);
    }
    for (int i = size - 1; i > 0; i--) {
      Collections.swap(order, i, random.nextInt(i + 1));
    }
    return List.copyOf(order);
  }

  /**
   * Conversation number {@code number}. With {@code perGroup}, later numbers repeat the first ones
   * of their group.
   *
   * @param number from 0
   */
  public ConversationScript script(long number) {
    return shape.perGroup() == 0
        ? new Script(number, shape.groups().groupOf(number))
        : repeated(number);
  }

  /**
   * Groups keep their shares, and in each of them the conversations follow one another: round by
   * round of all groups, so that every shard meets all of them.
   */
  private Script repeated(long number) {
    int groups = shape.groups().groups();
    int group = shape.groups().groupOf(number);
    long inGroup = number / groups % shape.perGroup();
    return new Script(inGroup * groups + group, group);
  }

  private Passage systemPrompt(int group) {
    return systemPrompts.computeIfAbsent(group, this::writeSystemPrompt);
  }

  private Passage writeSystemPrompt(int group) {
    SeededRandom random = SeededRandom.of(shape.seed(), SYSTEM_PROMPT, group);
    int tokens = shape.lengths().systemTokens(random);
    return tokens == 0
        ? common
        : Passage.joined(List.of(common, text.write(tokens, firstWords.get(group), random)));
  }

  private final class Script implements ConversationScript {

    private final long number;
    private final int group;
    private final int turns;

    private final int firstTurn;

    Script(long number, int group) {
      this.number = number;
      this.group = group;
      SeededRandom random = SeededRandom.of(shape.seed(), TURNS, number);
      boolean aged = number < shape.aged();
      this.turns =
          aged
              ? Ages.turnsWhenMet(shape.turns(), random)
              : Math.max(1, shape.turns().drawInt(random));
      this.firstTurn = aged ? Ages.turnWhenMet(number, turns) : 1;
    }

    @Override
    public String id() {
      return "conversation-" + number;
    }

    @Override
    public int group() {
      return group;
    }

    @Override
    public Passage systemPrompt() {
      return SharedPrefixScripts.this.systemPrompt(group);
    }

    @Override
    public int commonTokens() {
      return common.tokens();
    }

    @Override
    public Passage context() {
      SeededRandom random = SeededRandom.of(shape.seed(), PRIVATE_CONTEXT, number);
      return text.write(shape.lengths().privateTokens(random), random);
    }

    @Override
    public int firstTurn() {
      return firstTurn;
    }

    @Override
    public int turns() {
      return turns;
    }

    @Override
    public boolean repeats() {
      return shape.perGroup() > 0;
    }

    @Override
    public Passage response(int turn) {
      int tokens = lengths(requireTurn(turn)).reply();
      return text.write(tokens, SeededRandom.of(shape.seed(), REPLY, number, turn));
    }

    @Override
    public Question question(int turn) {
      SeededRandom random = requireTurn(turn);
      LengthTriple lengths = lengths(random);
      return new Question(text.write(lengths.question(), random), lengths.reply());
    }

    private LengthTriple lengths(SeededRandom ofTurn) {
      return shape.lengths().turn(ofTurn);
    }

    private SeededRandom requireTurn(int turn) {
      if (turn < 1 || turn > turns) {
        throw new IndexOutOfBoundsException(
            id() + " has the turns 1 to " + turns + ", not " + turn);
      }
      return SeededRandom.of(shape.seed(), QUESTION, number, turn);
    }
  }
}
