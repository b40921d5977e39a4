package dev.gatlingllm.workload.replay;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatlingllm.workload.replay.RecordedMessage.Speaker;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Reads conversations that are recorded as lists of messages. Tools' messages and contents other
 * than text make an entry unusable: what is left without them was never said so.
 */
enum MessageLists {
  SHAREGPT("conversations", "from", "value"),
  MESSAGES("messages", "role", "content");

  private final String list;
  private final String role;
  private final String content;

  MessageLists(String list, String role, String content) {
    this.list = list;
    this.role = role;
    this.content = content;
  }

  RecordedConversation read(JsonNode entry) throws BrokenEntryException {
    JsonNode messages = entry.path(list);
    if (!messages.isArray()) {
      throw new BrokenEntryException("it has no list \"" + list + "\"");
    }
    List<RecordedMessage> read = new ArrayList<>(messages.size());
    for (int i = 0; i < messages.size(); i++) {
      JsonNode message = messages.get(i);
      read.add(new RecordedMessage(speaker(message, i + 1), text(message, i + 1)));
    }
    return RecordedConversation.of(read, maxTokens(entry));
  }

  private Speaker speaker(JsonNode message, int number) throws BrokenEntryException {
    return switch (message.path(role).asText()) {
      case "system", "developer" -> Speaker.SYSTEM;
      case "human", "user" -> Speaker.USER;
      case "gpt", "assistant", "chatgpt", "bing", "bard", "model" -> Speaker.MODEL;
      case "tool", "function", "function_call", "observation" ->
          throw new BrokenEntryException(
              "message " + number + " is a tool's, and those are not replayed");
      default ->
          throw new BrokenEntryException(
              "message "
                  + number
                  + " has a \""
                  + role
                  + "\" that is not known; system, user and assistant (human and gpt) are");
    };
  }

  private String text(JsonNode message, int number) throws BrokenEntryException {
    JsonNode said = message.path(content);
    if (message.hasNonNull("tool_calls") && !message.path("tool_calls").isEmpty()) {
      throw new BrokenEntryException(
          "message " + number + " calls a tool, and tools are not replayed");
    }
    if (said.isTextual()) {
      return said.textValue().strip();
    }
    if (!said.isArray()) {
      throw new BrokenEntryException("message " + number + " has no text as \"" + content + "\"");
    }
    StringBuilder text = new StringBuilder();
    for (JsonNode part : said) {
      if (!part.path("text").isTextual()) {
        throw new BrokenEntryException("message " + number + " has a part that is not text");
      }
      text.append(part.path("text").textValue());
    }
    return text.toString().strip();
  }

  private static OptionalInt maxTokens(JsonNode entry) throws BrokenEntryException {
    for (String field : new String[] {"max_tokens", "max_completion_tokens"}) {
      JsonNode limit = entry.path(field);
      if (!limit.isMissingNode() && !limit.isNull()) {
        if (!limit.canConvertToInt() || !limit.isIntegralNumber() || limit.intValue() < 1) {
          throw new BrokenEntryException("\"" + field + "\" is no whole number from 1 on");
        }
        return OptionalInt.of(limit.intValue());
      }
    }
    return OptionalInt.empty();
  }
}
