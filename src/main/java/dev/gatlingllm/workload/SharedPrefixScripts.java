package dev.gatlingllm.workload;

import static java.util.Objects.requireNonNull;

import dev.gatlingllm.prompt.ExactText;
import dev.gatlingllm.prompt.Passage;
import dev.gatlingllm.prompt.SeededRandom;
import dev.gatlingllm.prompt.SyntheticImages;
import dev.gatlingllm.prompt.SyntheticImages.Image;
import dev.gatlingllm.text.Require;
import dev.gatlingllm.workload.FeederColumns.Purpose;
import dev.gatlingllm.workload.LengthTriples.Triple;
import dev.gatlingllm.workload.ToolRounds.Step;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The conversations of groups of users who share a system prompt, and tools if there are any. The
 * turns of a conversation are its questions and the results of the tools that the model calls.
 * Conversation k depends on the {@linkplain SharedPrefixShape shape}, the tokenizer and k alone.
 * Any thread may call.
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
  private static final int PROBES = 7;
  private static final int PROBE = 8;
  private static final int IMAGES = 9;

  /** Length of question and response of a probe where feeders state those of the others. */
  private static final int PROBE_TOKENS = 64;

  private static final int TOOL_DEFINITIONS = 20;
  private static final int TOOL_ROUNDS = 21;
  private static final int TOOL_CALL = 22;
  private static final int TOOL_RESULT = 23;
  private static final int TOOL_TIME = 24;

  /** Number of draws of which one is chosen by its length; more would make no difference. */
  private static final int CANDIDATES = 64;

  private final SharedPrefixShape shape;
  private final ExactText text;
  private final List<Integer> firstWords;
  private final Passage common;
  private final FeederColumns columns;
  private final TurnNumbers turnNumbers;
  private final int commonTokens;

  /** Null if no model calls tools. */
  private final @Nullable ToolTexts tools;

  private final ConcurrentMap<Integer, Passage> systemPrompts = new ConcurrentHashMap<>();
  private final Shard shard;

  /** Null if no question has an image. */
  private final @Nullable SyntheticImages images;

  /** The first conversation of each group, among the numbers below {@link #firstUnknown}. */
  private final Map<Long, Long> firstOfGroup = new HashMap<>();

  /** The first one of those that are the same, by the number of their script. */
  private final Map<Long, Long> firstOfRepeated = new HashMap<>();

  private long firstUnknown;

  /**
   * Creates the conversations of a workload that takes some texts, lengths, groups or models from
   * the columns of feeders.
   *
   * @param shard the part of the conversations that this generator sends
   * @throws IllegalArgumentException if there are more groups than words to begin them with, or
   *     than system prompts, or if endless conversations need endless records
   */
  public SharedPrefixScripts(
      SharedPrefixShape shape, ExactText text, FeederColumns columns, Shard shard) {
    this.shape = shape;
    this.shard = shard;
    this.text = text;
    this.columns = columns;
    this.images =
        shape.images().any() ? new SyntheticImages(shape.images().size(), shape.seed()) : null;
    boolean endless = shape.turns().minimum() >= Integer.MAX_VALUE;
    if (endless) {
      columns.endingOfTurns().ifPresent(SharedPrefixScripts::refuseEndless);
    }
    this.turnNumbers = new TurnNumbers(number -> endless ? 1 : drawTurns(number));
    this.firstWords =
        Column.shuffled(text.words().size(), SeededRandom.of(shape.seed(), WORD_ORDER));
    this.common = text.write(shape.lengths().common(), SeededRandom.of(shape.seed(), COMMON));
    Require.that(
        shape.groups().groups() <= firstWords.size(),
        "llm.groups",
        shape.groups().groups(),
        "at most " + firstWords.size() + " with this tokenizer, one for each word of one token");
    SeededRandom ofTools = SeededRandom.of(shape.seed(), TOOL_DEFINITIONS);
    this.tools = shape.tools().isAny() ? columns.tools(shape.tools(), text.words(), ofTools) : null;
    int commonOfSystem =
        columns.has(Purpose.SYSTEM_PROMPT)
            ? columns.commonTokens(
                IntStream.range(0, shape.groups().groups())
                    .mapToObj(group -> systemPrompt(group).text())
                    .toList())
            : common.tokens();
    this.commonTokens = definitions().tokens() + commonOfSystem;
  }

  private static void refuseEndless(Column column) {
    throw new IllegalArgumentException(
        "endless conversations need endless records; use circular() or random() of "
            + column.feeder());
  }

  /**
   * Returns the script of a conversation, or empty if all records of a feeder are taken.
   *
   * @param number from 0
   */
  public Optional<ConversationScript> find(long number) {
    if (!columns.hasConversation(number)) {
      return Optional.empty();
    }
    if (isProbe(number)) {
      return Optional.of(new Probe(number));
    }
    int group = groupOf(number);
    Script script = new Script(shape.perGroup() == 0 ? number : repeated(number, group), group);
    return script.turns() > 0 && columns.hasConversation(script.number)
        ? Optional.of(script)
        : Optional.empty();
  }

  private boolean isProbe(long number) {
    return shape.probes() > 0
        && SeededRandom.of(shape.seed(), PROBES, number).nextDouble() < shape.probes();
  }

  private int groupOf(long number) {
    return columns.group(number).orElseGet(() -> shape.groups().groupOf(number));
  }

  /**
   * Groups keep their shares, and each group cycles through its conversations, one a round of all
   * groups, so that every shard gets all of them.
   */
  private long repeated(long number, int group) {
    int groups = shape.groups().groups();
    long inGroup = number / groups % shape.perGroup();
    return inGroup * groups + group;
  }

  /**
   * Returns whether another shard has the first conversation of its kind.
   *
   * @param firsts the first ones, by a key that some conversation has
   */
  private synchronized boolean isFirstElsewhere(Map<Long, Long> firsts, long key) {
    while (!firsts.containsKey(key)) {
      int group = groupOf(firstUnknown);
      firstOfGroup.putIfAbsent((long) group, firstUnknown);
      if (shape.perGroup() > 0) {
        firstOfRepeated.putIfAbsent(repeated(firstUnknown, group), firstUnknown);
      }
      firstUnknown++;
    }
    return !shard.has(firsts.get(key));
  }

  /** Returns the tools on offer, the same in all groups. */
  private Passage definitions() {
    return tools == null ? Passage.EMPTY : tools.definitions();
  }

  private Passage systemPrompt(int group) {
    return systemPrompts.computeIfAbsent(group, this::writeSystemPrompt);
  }

  private Passage writeSystemPrompt(int group) {
    Optional<String> given = columns.systemPrompt(group);
    if (given.isPresent()) {
      return columns.counted(
          common.tokens() == 0 ? given.get() : common.text() + " " + given.get());
    }
    SeededRandom random = SeededRandom.of(shape.seed(), SYSTEM_PROMPT, group);
    int drawn = shape.lengths().systemTokens(random);
    int tokens = columns.systemPromptTokens(group).orElse(drawn);
    return tokens == 0
        ? common
        : Passage.joined(List.of(common, text.write(tokens, firstWords.get(group), random)));
  }

  private int drawTurns(long number) {
    SeededRandom random = SeededRandom.of(shape.seed(), TURNS, number);
    return number < shape.aged()
        ? turnsInProgress(random)
        : Math.max(1, shape.turns().drawInt(random));
  }

  /**
   * Draws the turns of a conversation as found in a load that has run for long: long ones are found
   * more often, in proportion to their turns (the inspection paradox of renewal theory).
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

  /** What all conversations of a group have in common. */
  private abstract class OfGroup implements ConversationScript {

    final long number;
    final int group;

    OfGroup(long number, int group) {
      this.number = number;
      this.group = group;
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
    public Passage tools() {
      return definitions();
    }

    @Override
    public int commonTokens() {
      return commonTokens;
    }

    @Override
    public Optional<String> model() {
      return columns.model(number);
    }
  }

  /** One turn with the system prompt of the first group: all but the model is always the same. */
  private final class Probe extends OfGroup {

    Probe(long number) {
      super(number, 0);
    }

    @Override
    public OptionalInt tokensOfOtherShards() {
      return shard.count() > 1 ? OptionalInt.empty() : OptionalInt.of(0);
    }

    @Override
    public boolean isProbe() {
      return true;
    }

    @Override
    public boolean repeats() {
      return true;
    }

    @Override
    public String opening() {
      return "probe";
    }

    @Override
    public int turns() {
      return 1;
    }

    @Override
    public Passage response(int turn) {
      return text.write(lengths(turn).response(), SeededRandom.of(shape.seed(), PROBE, 1));
    }

    @Override
    public Question question(int turn) {
      Triple lengths = lengths(turn);
      return new Question(
          text.write(lengths.question(), SeededRandom.of(shape.seed(), PROBE, 2)),
          lengths.response());
    }

    private Triple lengths(int turn) {
      Objects.checkIndex(turn - 1, 1);
      Triple drawn = shape.lengths().turn(SeededRandom.of(shape.seed(), PROBE));
      boolean ownQuestion = columns.has(Purpose.QUESTION) || columns.has(Purpose.QUESTION_TOKENS);
      return new Triple(
          drawn.system(),
          ownQuestion ? PROBE_TOKENS : drawn.question(),
          columns.has(Purpose.OUTPUT_TOKENS) ? PROBE_TOKENS : drawn.response());
    }
  }

  private final class Script extends OfGroup {

    private final long place;
    private final int questions;
    private final ToolRounds rounds = new ToolRounds(this::calls);
    private final int firstTurn;
    private final boolean isGroupFirstElsewhere;
    private final boolean isRepeatedFromElsewhere;

    Script(long number, int group) {
      super(number, group);
      this.place = columns.areOfTurns() ? turnNumbers.before(number) : 0;
      this.questions = columns.turns(place, drawTurns(number));
      this.firstTurn =
          number < shape.aged()
              ? 1 + turns((int) (questions * GroupWeights.goldenPoint(number + 1)))
              : 1;
      boolean isShared = shard.count() > 1;
      this.isGroupFirstElsewhere = isShared && isFirstElsewhere(firstOfGroup, group);
      this.isRepeatedFromElsewhere =
          isShared && shape.perGroup() > 0 && isFirstElsewhere(firstOfRepeated, number);
      columns.count(number, place, questions);
    }

    private int calls(int question) {
      SeededRandom random = SeededRandom.of(shape.seed(), TOOL_ROUNDS, number, question);
      return tools == null ? 0 : Math.max(0, shape.tools().rounds().drawInt(random));
    }

    /** Returns how many turns the first questions have. */
    private int turns(int ofQuestions) {
      return tools == null || ofQuestions == Integer.MAX_VALUE
          ? ofQuestions
          : rounds.turnsOf(ofQuestions);
    }

    private Step step(int turn) {
      if (turn < 1 || turn > turns()) {
        throw new IndexOutOfBoundsException(
            id() + " must have a turn from 1 to " + turns() + ", got " + turn);
      }
      return tools == null ? new Step(turn, 0, 0) : rounds.step(turn);
    }

    @Override
    public OptionalInt tokensOfOtherShards() {
      if (shard.count() > 1 && sharesQuestions()) {
        return OptionalInt.empty();
      }
      if (isRepeatedFromElsewhere) {
        return OptionalInt.of(Integer.MAX_VALUE);
      }
      if (isGroupFirstElsewhere) {
        return OptionalInt.of(definitions().tokens() + systemPrompt().tokens());
      }
      return OptionalInt.of(shard.has(0) ? 0 : commonTokens);
    }

    @Override
    public String opening() {
      return sharesQuestions() ? "group-" + group : id();
    }

    /** Returns whether conversations of a group may begin with the same questions. */
    private boolean sharesQuestions() {
      return columns.has(Purpose.QUESTION) && shape.lengths().privateContext().maximum() <= 0;
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
      return turns(questions);
    }

    @Override
    public boolean repeats() {
      return shape.perGroup() > 0 || columns.has(Purpose.QUESTION);
    }

    @Override
    public Passage response(int turn) {
      Step step = step(turn);
      return step.callsTool()
          ? call(turn).text()
          : text.write(
              outputTokens(turn, step),
              SeededRandom.of(shape.seed(), RESPONSE, number, step.question()));
    }

    @Override
    public List<String> responseMessages(int turn) {
      return step(turn).callsTool() ? List.of(call(turn).message()) : List.of();
    }

    @Override
    public Question question(int turn) {
      Step step = step(turn);
      return step.hasResult() ? result(turn, step) : question(turn, step);
    }

    @Override
    public int questionTokens(int turn) {
      Step step = step(turn);
      if (step.hasResult()) {
        return resultTokens(SeededRandom.of(shape.seed(), TOOL_RESULT, number, turn));
      }
      return columns
          .question(number, place, step.question())
          .map(Passage::tokens)
          .orElseGet(() -> questionTokens(step, ofQuestion(step)));
    }

    private int questionTokens(Step step, SeededRandom random) {
      int drawn = shape.lengths().turn(random).question();
      return columns.questionTokens(number, place, step.question()).orElse(drawn);
    }

    private int resultTokens(SeededRandom random) {
      return Math.max(1, shape.tools().resultTokens().drawInt(random));
    }

    private Question question(int turn, Step step) {
      int question = step.question();
      SeededRandom random = ofQuestion(step);
      int tokens = questionTokens(step, random);
      return new Question(
          columns.question(number, place, question).orElseGet(() -> text.write(tokens, random)),
          outputTokens(turn, step),
          columns.recordOfQuestion(number, place, question));
    }

    @Override
    public List<Image> images(int turn) {
      Images asked = shape.images();
      Step step = step(turn);
      int question = step.question();
      if (images == null
          || step.hasResult()
          || (question > 1 && asked.turns() == Images.Turns.FIRST)) {
        return List.of();
      }
      int drawn = asked.number().drawInt(SeededRandom.of(shape.seed(), IMAGES, number, question));
      return IntStream.range(0, drawn).mapToObj(i -> images.image(number, question, i)).toList();
    }

    @Override
    public int imageTokens() {
      return shape.images().tokens();
    }

    /** Returns the result of the tool that the turn before called. */
    private Question result(int turn, Step step) {
      SeededRandom random = SeededRandom.of(shape.seed(), TOOL_RESULT, number, turn);
      Passage content = text.write(resultTokens(random), random);
      SeededRandom ofTime = SeededRandom.of(shape.seed(), TOOL_TIME, number, turn);
      long nanos = (long) (Math.max(0, shape.tools().seconds().draw(ofTime)) * 1e9);
      return new Question(
          content,
          outputTokens(turn, step),
          Map.of(),
          List.of(ToolTexts.result(callId(turn - 1), content)),
          Optional.of(new Pause(Duration.ofNanos(nanos), Pause.Kind.TOOL)));
    }

    private int outputTokens(int turn, Step step) {
      return step.callsTool()
          ? call(turn).text().tokens()
          : columns
              .outputTokens(number, place, step.question())
              .orElseGet(() -> shape.lengths().turn(ofQuestion(step)).response());
    }

    private ToolTexts.Call call(int turn) {
      return requireNonNull(tools)
          .call(callId(turn), SeededRandom.of(shape.seed(), TOOL_CALL, number, turn));
    }

    /** Returns the id of the call in a turn, unique in the conversation. */
    private String callId(int turn) {
      return "call_" + number + "_" + turn;
    }

    private SeededRandom ofQuestion(Step step) {
      return SeededRandom.of(shape.seed(), QUESTION, number, step.question());
    }
  }
}
