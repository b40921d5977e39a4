package dev.gatlingllm.settings;

import dev.gatlingllm.Distribution;
import dev.gatlingllm.workload.GroupWeights;
import dev.gatlingllm.workload.LengthTriples;
import dev.gatlingllm.workload.Lengths;
import dev.gatlingllm.workload.Shard;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What conversations are made of. {@code llm-defaults.conf} says what each means.
 *
 * @param groups the shared system prompts and their weights
 * @param conversationsPerGroup 0 for a fresh conversation for every user
 * @param lengths how long everything is
 * @param corpus a text to take what is said from; empty for random words
 * @param turns of a conversation
 * @param rampedAges whether the first conversations are found under way
 * @param shard which of several load generators this is
 * @param maxConversations in all shards together; {@link Long#MAX_VALUE} for no limit
 */
public record WorkloadSettings(
    GroupWeights groups,
    int conversationsPerGroup,
    Lengths lengths,
    Optional<Path> corpus,
    Distribution turns,
    boolean rampedAges,
    Shard shard,
    long maxConversations) {

  /** A number of turns that no conversation reaches. */
  public static final Distribution FOREVER = Distribution.constant(Integer.MAX_VALUE);

  static WorkloadSettings from(SettingSource source) {
    return new WorkloadSettings(
        groups(source),
        source
            .optional("conversationsPerGroup", text -> SettingSource.wholeNumber(text, 1))
            .orElse(0),
        lengthsFrom(source),
        source.optional("corpus", WorkloadSettings::existingFile),
        source.get("turns", text -> text.equals("forever") ? FOREVER : lengths(text, 1)),
        rampedAges(source),
        source.get("shard", Shard::parse),
        source
            .optional("maxConversations", text -> (long) SettingSource.wholeNumber(text, 1))
            .orElse(Long.MAX_VALUE));
  }

  private static GroupWeights groups(SettingSource source) {
    int groups = source.get("groups", text -> SettingSource.wholeNumber(text, 1));
    return source.get("groupWeights", text -> GroupWeights.parse(text, groups));
  }

  private static Lengths lengthsFrom(SettingSource source) {
    Lengths lengths =
        new Lengths(
            source.get("commonPrefixTokens", text -> SettingSource.wholeNumber(text, 0)),
            source.get("systemPromptTokens", text -> lengths(text, 0)),
            source.get("privateContextTokens", text -> lengths(text, 0)),
            source.get("questionTokens", text -> lengths(text, 1)),
            source.get("outputTokens", text -> lengths(text, 1)),
            source.optional("lengths", text -> LengthTriples.read(Path.of(text))).orElse(null));
    if (lengths.triples() != null) {
      for (String single : List.of("systemPromptTokens", "questionTokens", "outputTokens")) {
        if (source.isChosen(single)) {
          throw new SettingException(
              "llm." + single,
              source.get(single, Function.identity()),
              "llm.lengths gives these lengths too; leave one of the two out");
        }
      }
    }
    return lengths;
  }

  private static Path existingFile(String text) {
    Path file = Path.of(text);
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException("there is no such file; give a plain text in UTF-8");
    }
    return file;
  }

  private static boolean rampedAges(SettingSource source) {
    boolean ramped = source.get("rampedAges", SettingSource::flag);
    if (ramped && source.isChosen("rate")) {
      throw new SettingException(
          "llm.rampedAges",
          true,
          "with llm.rate there is no number of conversations in flight to begin with; give"
              + " llm.users instead");
    }
    if (ramped && source.get("turns", Function.identity()).equals("forever")) {
      throw new SettingException(
          "llm.rampedAges",
          true,
          "conversations without an end (llm.turns = forever) have no steady age; give a number of"
              + " turns");
    }
    return ramped;
  }

  /**
   * A range that reaches below what is possible is a mistake; the tail of an unbounded distribution
   * is not, and is cut where it is drawn.
   */
  private static Distribution lengths(String text, int min) {
    Distribution lengths = Distribution.parse(text);
    if (lengths.minimum() < min && Double.isFinite(lengths.minimum()) || lengths.maximum() < min) {
      throw new IllegalArgumentException(
          "lengths below " + min + " are not possible; write " + text + ".clamp(" + min + ",…)");
    }
    return lengths;
  }
}
