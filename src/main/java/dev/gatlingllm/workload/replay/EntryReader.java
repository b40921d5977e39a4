package dev.gatlingllm.workload.replay;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatlingllm.workload.ConversationScript;

/** Understands the entries of one format. Any thread may call, but no event loop. */
interface EntryReader {

  /**
   * Checks an entry, without counting its tokens.
   *
   * @throws BrokenEntryException if no conversation can be made of it
   */
  Entry check(JsonNode json) throws BrokenEntryException;

  /**
   * What is said in an entry that was checked before.
   *
   * @param told what the index knows of it
   */
  ConversationScript script(JsonNode json, Told told) throws BrokenEntryException;

  /**
   * What the index keeps of an entry.
   *
   * @param systemPrompt tells its group; empty for none
   * @param arrivalMillis when it came in the recorded run, or 0 where nothing is said
   */
  record Entry(String systemPrompt, double arrivalMillis) {}

  /**
   * What an entry cannot know of itself.
   *
   * @param id names the conversation
   * @param number of the entry among the usable ones, from 0
   * @param group of its system prompt
   * @param repeats whether another user may say the same
   */
  record Told(String id, long number, int group, boolean repeats) {}
}
