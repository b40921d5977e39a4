package dev.gatlingllm.workload.replay;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatlingllm.workload.ConversationScript;

/**
 * Reads entries of another format by what they are as a list of messages.
 *
 * @param messages reads the converted entries
 * @param conversion returns an entry as a request body with messages
 */
record ConvertedReader(MessageReader messages, Conversion conversion) implements EntryReader {

  /** Converts an entry to a request body with messages. */
  interface Conversion {

    JsonNode of(JsonNode entry) throws BrokenEntryException;
  }

  @Override
  public Checked check(JsonNode json) throws BrokenEntryException {
    return messages.check(conversion.of(json));
  }

  @Override
  public ConversationScript script(JsonNode json, Position position) throws BrokenEntryException {
    return messages.script(conversion.of(json), position);
  }
}
