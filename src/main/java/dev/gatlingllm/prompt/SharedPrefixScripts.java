package dev.gatlingllm.prompt;

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

  private final SharedPrefixShape shape;
  private final ExactText text;
  private final List<Integer> firstWords;
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
    if (shape.groups() > firstWords.size()) {
      throw new IllegalArgumentException(
          shape.groups()
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
   * Conversation number {@code number}. Successive numbers go round the groups, so that the groups
   * stay balanced however many there are.
   *
   * @param number from 0
   */
  public ConversationScript script(long number) {
    return new Script(
        shape.perGroup() == 0 ? number : number % ((long) shape.groups() * shape.perGroup()));
  }

  private Passage systemPrompt(int group) {
    return systemPrompts.computeIfAbsent(group, this::writeSystemPrompt);
  }

  private Passage writeSystemPrompt(int group) {
    SeededRandom random = SeededRandom.of(shape.seed(), SYSTEM_PROMPT, group);
    int tokens = Math.max(0, shape.systemTokens().drawInt(random));
    return tokens == 0 ? Passage.EMPTY : text.write(tokens, firstWords.get(group), random);
  }

  private final class Script implements ConversationScript {

    private final long number;
    private final int group;
    private final int turns;

    Script(long number) {
      this.number = number;
      this.group = (int) (number % shape.groups());
      this.turns = Math.max(1, shape.turns().drawInt(SeededRandom.of(shape.seed(), TURNS, number)));
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
    public int turns() {
      return turns;
    }

    @Override
    public boolean repeats() {
      return shape.perGroup() > 0;
    }

    @Override
    public Passage reply(int turn) {
      int tokens = question(turn).outputTokens();
      return text.write(tokens, SeededRandom.of(shape.seed(), REPLY, number, turn));
    }

    @Override
    public Question question(int turn) {
      if (turn < 1 || turn > turns) {
        throw new IndexOutOfBoundsException(
            id() + " has the turns 1 to " + turns + ", not " + turn);
      }
      SeededRandom random = SeededRandom.of(shape.seed(), QUESTION, number, turn);
      int tokens = Math.max(1, shape.questionTokens().drawInt(random));
      int outputTokens = Math.max(1, shape.outputTokens().drawInt(random));
      return new Question(text.write(tokens, random), outputTokens);
    }
  }
}
