package dev.gatlingllm.workload;

import dev.gatlingllm.prompt.ExactText;
import dev.gatlingllm.prompt.Passage;
import dev.gatlingllm.prompt.SeededRandom;
import dev.gatlingllm.text.Require;
import dev.gatlingllm.workload.LengthTriples.Triple;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The conversations of groups of users who share a system prompt. Conversation k depends on the
 * {@linkplain SharedPrefixShape shape}, the tokenizer and k alone. Any thread may call.
 */
public final class SharedPrefixScripts {

  // purposes of random numbers
  private static final int WORD_ORDER = 0;
  private static final int SYSTEM_PROMPT = 1;
  private static final int TURNS = 2;
  private static final int QUESTION = 3;
  private static final int RESPONSE = 4;
  private static final int COMMON = 5;
  private static final int PRIVATE_CONTEXT = 6;

  /** Number of draws of which one is chosen by its length; more would make no difference. */
  private static final int CANDIDATES = 64;

  private final SharedPrefixShape shape;
  private final ExactText text;
  private final List<Integer> firstWords;
  private final Passage common;
  private final ConcurrentMap<Integer, Passage> systemPrompts = new ConcurrentHashMap<>();

  /**
   * Creates the conversations of a workload.
   *
   * @throws IllegalArgumentException if there are more groups than words to begin them with
   */
  public SharedPrefixScripts(SharedPrefixShape shape, ExactText text) {
    this.shape = shape;
    this.text = text;
    this.firstWords = shuffled(text.words().size(), SeededRandom.of(shape.seed(), WORD_ORDER));
    this.common = text.write(shape.lengths().common(), SeededRandom.of(shape.seed(), COMMON));
    Require.that(
        shape.groups().groups() <= firstWords.size(),
        "groups",
        shape.groups().groups(),
        "at most " + firstWords.size() + " with this tokenizer, one for each word of one token");
  }

  private static List<Integer> shuffled(int size, SeededRandom random) {
    List<Integer> order = IntStream.range(0, size).boxed().collect(Collectors.toList());
    for (int i = size - 1; i > 0; i--) {
      Collections.swap(order, i, random.nextInt(i + 1));
    }
    return List.copyOf(order);
  }

  /**
   * Returns the script of a conversation. With {@code perGroup}, later numbers repeat the first
   * ones of their group.
   *
   * @param number from 0
   */
  public ConversationScript script(long number) {
    return shape.perGroup() == 0
        ? new Script(number, shape.groups().groupOf(number))
        : repeated(number);
  }

  /**
   * Groups keep their shares, and each group cycles through its conversations, one a round of all
   * groups, so that every shard gets all of them.
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
      this.turns = aged ? turnsInProgress(random) : Math.max(1, shape.turns().drawInt(random));
      this.firstTurn = aged ? 1 + (int) (turns * GroupWeights.goldenPoint(number + 1)) : 1;
    }

    /**
     * Draws the turns of a conversation as found in a load that has run for long: long ones are
     * found more often, in proportion to their turns (the inspection paradox of renewal theory).
     */
    private int turnsInProgress(SeededRandom random) {
      int[] candidates = new int[CANDIDATES];
      long sum = 0;
      for (int i = 0; i < CANDIDATES; i++) {
        candidates[i] = Math.max(1, shape.turns().drawInt(random));
        sum += candidates[i];
      }
      long position = random.nextLong(sum);
      int chosen = 0;
      while (position >= candidates[chosen]) {
        position -= candidates[chosen++];
      }
      return candidates[chosen];
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
      int tokens = lengths(requireTurn(turn)).response();
      return text.write(tokens, SeededRandom.of(shape.seed(), RESPONSE, number, turn));
    }

    @Override
    public Question question(int turn) {
      SeededRandom random = requireTurn(turn);
      Triple lengths = lengths(random);
      return new Question(text.write(lengths.question(), random), lengths.response());
    }

    private Triple lengths(SeededRandom ofTurn) {
      return shape.lengths().turn(ofTurn);
    }

    private SeededRandom requireTurn(int turn) {
      if (turn < 1 || turn > turns) {
        throw new IndexOutOfBoundsException(
            id() + " must have a turn from 1 to " + turns + ", got " + turn);
      }
      return SeededRandom.of(shape.seed(), QUESTION, number, turn);
    }
  }
}
