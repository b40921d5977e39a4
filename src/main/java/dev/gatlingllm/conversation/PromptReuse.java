package dev.gatlingllm.conversation;

import static dev.gatlingllm.prompt.SeededRandom.mix;

import dev.gatlingllm.conversation.Conversation.Start;
import dev.gatlingllm.conversation.History.CompletedTurn;
import dev.gatlingllm.workload.ConversationScript.Block;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts how many leading tokens of a prompt were sent before, by the same conversation or another
 * one of the workload: what a prefix cache without limits could serve. Any thread may call; no
 * thread waits.
 *
 * <p>Prompts to different models share nothing: adapters of one model have caches of their own,
 * too. A prompt may share its beginning with the last prompt of its own conversation, with the
 * system tools and the system prompt of its group, with the prefix that all groups have in common,
 * and, where conversations repeat or are made of blocks, with any earlier prompt. Only the last
 * case needs a memory of what was sent: a hash for each prefix, up to a quarter of a million of
 * them.
 */
final class PromptReuse {

  private static final int MAX_PREFIXES = 1 << 18;
  private static final int NONE = -1;
  private static final int UNKNOWN = -1;

  private final Set<Long> prefixes = ConcurrentHashMap.newKeySet();
  private final Set<Long> systemPrompts = ConcurrentHashMap.newKeySet();
  private final CachedCounts counts = new CachedCounts();

  /**
   * A prompt that was sent.
   *
   * @param history the turns it carried
   * @param turn number of its turn
   * @param model which it asked; null if that is unknown
   * @param earlier those of the conversation that a later prompt may continue and this one does
   *     not, newest first: to other models, or with turns that this one lacks to fit the window
   */
  record SentPrompt(
      History history,
      Message question,
      int turn,
      @Nullable String model,
      @Nullable SentPrompt earlier) {

    @Nullable SentPrompt toModel(@Nullable String asked) {
      SentPrompt prompt = this;
      while (prompt != null && !Objects.equals(prompt.model, asked)) {
        prompt = prompt.earlier;
      }
      return prompt;
    }

    /**
     * Returns this and the earlier ones without those that no prompt can continue after a newer
     * one.
     *
     * @param newer the turns that the newer one carries
     * @param asked its model
     * @param all the turns of the conversation that were not dropped for good
     */
    @Nullable SentPrompt before(History newer, @Nullable String asked, History all) {
      SentPrompt rest = earlier == null ? null : earlier.before(newer, asked, all);
      return Objects.equals(model, asked)
              && (history.hasGapOf(newer) || history.carriesMoreThan(all))
          ? rest
          : new SentPrompt(history, question, turn, model, rest);
    }

    /** Returns how many tokens a later prompt shares with the one to its model that has most. */
    private long mostTokensAlsoIn(Turn later) {
      long most = 0;
      SentPrompt prompt = toModel(later.model());
      while (prompt != null) {
        most = Math.max(most, prompt.tokensAlsoIn(later));
        prompt = prompt.earlier == null ? null : prompt.earlier.toModel(later.model());
      }
      return most;
    }

    private long tokensAlsoIn(Turn later) {
      int common = later.history().lengthInCommon(history);
      long tokens = history.tokensOfFirst(common);
      boolean questionFollows =
          common < later.history().length()
              ? later.history().get(common).question() == question
              : later.number() == turn;
      return common == history.length() && questionFollows ? tokens + question.tokens() : tokens;
    }
  }

  /** Returns what is found out about the server's counts. */
  CachedCounts counts() {
    return counts;
  }

  /**
   * Marks a prompt as sent and returns how many of its leading tokens were sent before, or −1 if
   * other shards may have sent them. Where another shard has the same conversation, its responses
   * count as equal.
   */
  int markSent(Turn turn) {
    Start start = turn.conversation().start();
    OptionalInt fromOthers = start.script().tokensOfOtherShards();
    boolean isAsPlanned = !turn.history().hasGap();
    long salt = salt(turn);
    SentPrompt latest = turn.conversation().lastPrompt();
    SentPrompt last = latest == null ? null : latest.toModel(turn.model());
    long own = last == null ? 0 : start.tokens() + last.mostTokensAlsoIn(turn);
    long shared = markSystemPrompt(start, salt, fromOthers.orElse(0));
    long prefix = NONE;
    if (start.script().repeats() && start.script().carriesHistory()) {
      prefix = markRepeated(start, turn.history(), turn);
    }
    List<Block> blocks = start.script().blocks(turn.number());
    if (!blocks.isEmpty()) {
      prefix = Math.max(prefix, markBlocks(turn, blocks));
      List<Block> before = last == null ? List.of() : start.script().blocks(last.turn());
      own = Math.max(own, tokensInCommon(before, blocks));
    }
    if (fromOthers.isEmpty()) {
      return UNKNOWN;
    }
    return isAsPlanned && fromOthers.getAsInt() == Integer.MAX_VALUE
        ? turn.promptTokens()
        : Math.toIntExact(Math.max(prefix, Math.max(shared, own)));
  }

  private int markSystemPrompt(Start start, long salt, int fromOthers) {
    // groups may have the same system prompt
    long text = extended(start.tools().contentHash() + mix(salt), start.systemPrompt());
    if (systemPrompts.contains(text)
        || !systemPrompts.add(text)
        || fromOthers >= start.groupTokens()) {
      return start.groupTokens();
    }
    boolean first = systemPrompts.add(mix(salt));
    return first ? fromOthers : start.script().commonTokens();
  }

  /**
   * Walks back from the prompt's end to the longest prefix that was sent. The request that sent it
   * has marked all shorter ones; some are missing if another had marked them and was refused later.
   */
  private long markRepeated(Start start, History history, Turn turn) {
    int length = history.length();
    long[] before = prefixHashes(start, history);
    if (!markFirst(turn, extended(before[length], turn.questionMessage()))) {
      return turn.promptTokens();
    }
    for (int i = length - 1; i >= 0; i--) {
      CompletedTurn completed = history.get(i);
      long tokens = start.tokens() + history.tokensOfFirst(i);
      if (!markFirst(turn, before[i + 1])) {
        return tokens + completed.tokens();
      }
      if (!markFirst(turn, extended(before[i], completed.question()))) {
        return tokens + completed.question().tokens();
      }
    }
    return markFirst(turn, before[0]) ? NONE : start.tokens();
  }

  /** Returns the hash of the prompt before each turn that it carries, and after the last one. */
  private static long[] prefixHashes(Start start, History history) {
    long[] hashes = new long[history.length() + 1];
    hashes[0] = start.prefixHash(history, 0);
    for (int i = 0; i < history.length(); i++) {
      CompletedTurn completed = history.get(i);
      hashes[i + 1] =
          history.hasGap()
              ? extended(extended(hashes[i], completed.question()), completed.response())
              : completed.prefixHash();
    }
    return hashes;
  }

  private static long tokensInCommon(List<Block> before, List<Block> blocks) {
    long tokens = 0;
    for (int i = 0; i < blocks.size() && i < before.size(); i++) {
      if (!blocks.get(i).equals(before.get(i))) {
        break;
      }
      tokens += blocks.get(i).tokens();
    }
    return tokens;
  }

  private long markBlocks(Turn turn, List<Block> blocks) {
    long[] hashes = new long[blocks.size()];
    long hash = mix(1);
    long tokens = 0;
    for (int i = 0; i < hashes.length; i++) {
      Block block = blocks.get(i);
      hash = mix(mix(hash * 31 + block.id()) + block.tokens());
      hashes[i] = hash;
      tokens += block.tokens();
    }
    for (int i = hashes.length - 1; i >= 0; i--) {
      if (!markFirst(turn, hashes[i])) {
        return tokens;
      }
      tokens -= blocks.get(i).tokens();
    }
    return NONE;
  }

  /** Marks a prefix as sent and returns whether it is the first time, as far as known. */
  private boolean markFirst(Turn turn, long prefix) {
    long hash = prefix + mix(salt(turn));
    if (prefixes.contains(hash)) {
      return false;
    }
    if (prefixes.size() >= MAX_PREFIXES) {
      return true;
    }
    boolean first = prefixes.add(hash);
    if (first) {
      turn.firstSent().add(hash);
    }
    return first;
  }

  /** Forgets the prefixes that no other prompt had sent before this one, which was refused. */
  void unmark(Turn turn) {
    turn.firstSent().forEach(prefixes::remove);
  }

  private static long salt(Turn turn) {
    return Objects.hashCode(turn.model());
  }

  /** Returns the hash of a conversation before its first message. */
  static long startOfConversation(String opening) {
    return mix(opening.hashCode());
  }

  /** Returns the hash of a prefix extended by a message. */
  static long extended(long hash, Message message) {
    return mix(hash * 31 + message.contentHash());
  }
}
