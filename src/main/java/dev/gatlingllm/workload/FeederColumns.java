package dev.gatlingllm.workload;

import static java.util.Objects.requireNonNull;

import dev.gatlingllm.prompt.Passage;
import dev.gatlingllm.prompt.SeededRandom;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The texts, lengths, groups and models that conversations take from columns of feeders. Columns of
 * equally many records in the same order belong together: a turn takes the same record of each. Any
 * thread may call.
 */
public final class FeederColumns {

  private static final long RECORD = 0xFEED;

  /** What a column gives. */
  public enum Purpose {
    /** The text of a turn's question. */
    QUESTION,
    /** The length of a turn's question. */
    QUESTION_TOKENS,
    /** The length of response to ask for, of a turn. */
    OUTPUT_TOKENS,
    /** The system prompt of a group. */
    SYSTEM_PROMPT,
    /** The length of a group's system prompt. */
    SYSTEM_PROMPT_TOKENS,
    /** The group of a conversation: equal values are one group. */
    GROUP,
    /** The model that a conversation asks. */
    MODEL;

    private boolean isOfTurn() {
      return this == QUESTION || this == QUESTION_TOKENS || this == OUTPUT_TOKENS;
    }

    private boolean isOfConversation() {
      return this == GROUP || this == MODEL;
    }
  }

  private final Map<Purpose, Column> columns;
  private final Map<Purpose, IntUnaryOperator> orders = new EnumMap<>(Purpose.class);
  private final long seed;
  private final Function<String, int[]> encoder;
  private final List<String> groups;

  /** Lengths of the questions, 0 where not counted yet; two threads may count the same one. */
  private final int[] questionTokens;

  /**
   * Creates the columns of a workload.
   *
   * @param seed decides random records and shuffled ones
   * @param encoder returns the token ids of a text
   * @throws IllegalArgumentException if a value is not what its column must have
   */
  public FeederColumns(Map<Purpose, Column> columns, long seed, Function<String, int[]> encoder) {
    this.columns = columns;
    this.seed = seed;
    this.encoder = encoder;
    columns.forEach((purpose, column) -> orders.put(purpose, column.inOrder(seed)));
    this.groups =
        find(Purpose.GROUP).stream().flatMap(column -> column.distinctValues().stream()).toList();
    this.questionTokens = new int[find(Purpose.QUESTION).map(column -> column.size()).orElse(0)];
    columns.forEach(FeederColumns::check);
  }

  private static void check(Purpose purpose, Column column) {
    for (int record = 0; record < column.size(); record++) {
      switch (purpose) {
        case QUESTION_TOKENS, OUTPUT_TOKENS -> column.length(record, 1);
        case SYSTEM_PROMPT_TOKENS -> column.length(record, 0);
        case QUESTION, SYSTEM_PROMPT, GROUP, MODEL -> column.text(record);
        default -> throw new IllegalStateException(purpose + " must be known");
      }
    }
  }

  private Optional<Column> find(Purpose purpose) {
    return Optional.ofNullable(columns.get(purpose));
  }

  private Column column(Purpose purpose) {
    return requireNonNull(columns.get(purpose));
  }

  boolean has(Purpose purpose) {
    return columns.containsKey(purpose);
  }

  /** Returns whether turns take records, which are counted through all conversations. */
  boolean areOfTurns() {
    return columns.keySet().stream().anyMatch(Purpose::isOfTurn);
  }

  /** Returns a column of turns with fewer turns than an endless conversation has, if any. */
  Optional<Column> endingOfTurns() {
    return columns.entrySet().stream()
        .filter(column -> column.getKey().isOfTurn() && column.getValue().ends())
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /** Returns whether there is a record for a conversation. */
  boolean hasConversation(long number) {
    return columns.entrySet().stream()
        .allMatch(
            column ->
                !column.getKey().isOfConversation()
                    || !column.getValue().ends()
                    || number < column.getValue().size());
  }

  /**
   * Returns how many turns a conversation has.
   *
   * @param place number of its first turn among the turns of all conversations, from 0
   * @param drawn number of turns if there are records enough
   * @return 0 if all records are taken
   */
  int turns(long place, int drawn) {
    long left = drawn;
    for (Map.Entry<Purpose, Column> column : columns.entrySet()) {
      if (column.getKey().isOfTurn() && column.getValue().ends()) {
        left = Math.min(left, column.getValue().size() - place);
      }
    }
    return (int) Math.max(0, left);
  }

  /** Returns the group of a conversation, from 0; empty without a column of groups. */
  OptionalInt group(long number) {
    return has(Purpose.GROUP)
        ? OptionalInt.of(groups.indexOf(value(Purpose.GROUP, number)))
        : OptionalInt.empty();
  }

  /** Returns the model of a conversation; empty without a column of models. */
  Optional<String> model(long number) {
    return find(Purpose.MODEL).map(column -> value(Purpose.MODEL, number).strip());
  }

  /** Returns all models; empty without a column of models. */
  public Set<String> models() {
    return find(Purpose.MODEL)
        .map(Column::distinctValues)
        .map(values -> values.stream().map(String::strip).collect(Collectors.toSet()))
        .orElse(Set.of());
  }

  private String value(Purpose purpose, long number) {
    return column(purpose).value(record(purpose, number, number));
  }

  /**
   * Returns the system prompt of a group; empty without a column of them.
   *
   * @throws IllegalArgumentException if there are more groups than records
   */
  Optional<String> systemPrompt(int group) {
    return find(Purpose.SYSTEM_PROMPT)
        .map(column -> column.text(recordOfGroup(Purpose.SYSTEM_PROMPT, column, group)));
  }

  /** Returns the length of a group's system prompt; empty without a column of lengths. */
  OptionalInt systemPromptTokens(int group) {
    Column column = columns.get(Purpose.SYSTEM_PROMPT_TOKENS);
    return column == null
        ? OptionalInt.empty()
        : OptionalInt.of(
            column.length(recordOfGroup(Purpose.SYSTEM_PROMPT_TOKENS, column, group), 0));
  }

  private int recordOfGroup(Purpose purpose, Column column, int group) {
    int record = record(purpose, group, group);
    if (record == Column.NONE) {
      throw new IllegalArgumentException(
          "llm.groups must be at most "
              + column.size()
              + ", one for each record of "
              + column.feeder()
              + ", got more; use its circular() to take records again");
    }
    return record;
  }

  /** Returns the length of a question; empty without a column of lengths. */
  OptionalInt questionTokens(long number, long place, int turn) {
    return length(Purpose.QUESTION_TOKENS, number, place, turn);
  }

  /** Returns the length of response to ask for; empty without a column of lengths. */
  OptionalInt outputTokens(long number, long place, int turn) {
    return length(Purpose.OUTPUT_TOKENS, number, place, turn);
  }

  private OptionalInt length(Purpose purpose, long number, long place, int turn) {
    Column column = columns.get(purpose);
    return column == null
        ? OptionalInt.empty()
        : OptionalInt.of(column.length(recordOfTurn(purpose, number, place, turn), 1));
  }

  /**
   * Returns the question of a turn; empty without a column of questions. Does not tokenize if
   * {@link #count} was called for the turn.
   */
  Optional<Passage> question(long number, long place, int turn) {
    return find(Purpose.QUESTION)
        .map(
            column -> {
              int record = recordOfTurn(Purpose.QUESTION, number, place, turn);
              String text = column.text(record);
              if (questionTokens[record] == 0) {
                questionTokens[record] = count(text);
              }
              return Passage.of(text, questionTokens[record]);
            });
  }

  /** Returns all columns of the record that a turn's question is from; empty without one. */
  Map<String, Object> recordOfQuestion(long number, long place, int turn) {
    return find(Purpose.QUESTION)
        .map(column -> column.records().get(recordOfTurn(Purpose.QUESTION, number, place, turn)))
        .orElse(Map.of());
  }

  /** Counts the tokens of a conversation's questions. Slow, so not for event loops. */
  void count(long number, long place, int turns) {
    if (has(Purpose.QUESTION)) {
      if (turns > questionTokens.length) {
        Column column = column(Purpose.QUESTION);
        IntStream.range(0, questionTokens.length)
            .filter(record -> questionTokens[record] == 0)
            .forEach(record -> questionTokens[record] = count(column.text(record)));
      } else {
        IntStream.rangeClosed(1, turns).forEach(turn -> question(number, place, turn));
      }
    }
  }

  private int recordOfTurn(Purpose purpose, long number, long place, int turn) {
    return record(purpose, place + turn - 1, number, turn);
  }

  /**
   * Returns the record at a place.
   *
   * @param path identifies the turn, conversation or group, which draws a random record
   */
  private int record(Purpose purpose, long place, long... path) {
    Column column = column(purpose);
    int size = column.size();
    if (column.order() == Column.Order.RANDOM) {
      long[] whole = new long[path.length + 1];
      whole[0] = RECORD;
      System.arraycopy(path, 0, whole, 1, path.length);
      return SeededRandom.of(seed, whole).nextInt(size);
    }
    if (column.ends() && place >= size) {
      return Column.NONE;
    }
    return requireNonNull(orders.get(purpose)).applyAsInt((int) (place % size));
  }

  /** Returns the texts of tools, counted as texts of columns are. */
  ToolTexts tools(ToolUse use, List<String> words, SeededRandom random) {
    return new ToolTexts(use, words, encoder, random);
  }

  /** Counts a text, for system prompts. */
  Passage counted(String text) {
    return Passage.of(text, count(text));
  }

  private int count(String text) {
    return encoder.apply(text).length;
  }

  /** Returns how many leading tokens all texts have in common. */
  int commonTokens(List<String> texts) {
    int[] first = encoder.apply(texts.get(0));
    int common = first.length;
    for (String text : texts) {
      int[] other = encoder.apply(text);
      int same = 0;
      while (same < Math.min(common, other.length) && first[same] == other[same]) {
        same++;
      }
      common = same;
    }
    return common;
  }
}
