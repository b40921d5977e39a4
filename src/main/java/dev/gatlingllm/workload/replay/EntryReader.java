package dev.gatlingllm.workload.replay;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatlingllm.workload.ConversationScript;
import java.util.function.Consumer;

/** Reads the entries of one format. Any thread may call, but no event loop. */
interface EntryReader {

  /**
   * Checks an entry, without counting its tokens.
   *
   * @throws BrokenEntryException if it is not a conversation
   */
  Checked check(JsonNode json) throws BrokenEntryException;

  /** Returns the script of an entry that was checked before. */
  ConversationScript script(JsonNode json, Position position) throws BrokenEntryException;

  /**
   * What the index keeps of an entry.
   *
   * @param prefix tools and system prompt, which decide its group; may be empty
   * @param arrivalMillis when it arrived in the recorded run, or 0 if unknown
   * @param prefixUnknown whether a trace does not state which prompts begin like this one
   * @param agents number of agents that the conversation starts: conversations of their own
   * @param prompts adds the lengths of the prompts and what they share, if a trace states that
   */
  record Checked(
      String prefix,
      double arrivalMillis,
      boolean prefixUnknown,
      int agents,
      Consumer<PrefixCount> prompts) {

    /** What the index keeps of a recorded conversation. */
    static Checked ofMessages(String prefix) {
      return new Checked(prefix, 0, false, 0, count -> {});
    }
  }

  /**
   * What an entry is in its file.
   *
   * @param id names the conversation
   * @param agent of which agent of the entry it is the conversation, from 1; 0 for its main one
   * @param number of the entry among the usable ones, from 0
   * @param group of its system prompt
   * @param repeats whether another user may have the same conversation
   * @param isFromOthers whether other shards have sent the whole file before
   * @param isGroupFromOthers whether another shard has the first entry with its system prompt
   */
  record Position(
      String id,
      int agent,
      long number,
      int group,
      boolean repeats,
      boolean isFromOthers,
      boolean isGroupFromOthers) {

    /**
     * Returns how many leading tokens of the conversation other shards send before.
     *
     * @param prefix length of its tools and its system prompt
     */
    int tokensOfOtherShards(int prefix) {
      return isFromOthers ? Integer.MAX_VALUE : isGroupFromOthers ? prefix : 0;
    }
  }
}
