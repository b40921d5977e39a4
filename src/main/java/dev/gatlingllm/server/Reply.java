package dev.gatlingllm.server;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What the simulated model will say, decided before its first token comes: reasoning, then content
 * or calls of tools. Immutable.
 *
 * @param parts in the order in which they come, none of them empty
 * @param hash decides whatever else is random about this reply
 */
record Reply(List<ReplyPart> parts, FinishReason finishReason, long hash) {

  int tokens() {
    return parts.stream().mapToInt(ReplyPart::tokens).sum();
  }

  int reasoningTokens() {
    return parts.stream()
        .filter(part -> part.kind() == ReplyPart.Kind.REASONING)
        .mapToInt(ReplyPart::tokens)
        .sum();
  }

  /** All that is said to one kind of reader; empty when there is nothing. */
  String said(ReplyPart.Kind kind) {
    return parts.stream()
        .filter(part -> part.kind() == kind)
        .map(ReplyPart::said)
        .collect(Collectors.joining());
  }

  boolean has(ReplyPart.Kind kind) {
    return parts.stream().anyMatch(part -> part.kind() == kind);
  }

  List<ReplyPart> toolCalls() {
    return parts.stream().filter(part -> part.kind() == ReplyPart.Kind.TOOL_CALL).toList();
  }

  ReplyPart lastPart() {
    return parts.get(parts.size() - 1);
  }

  /** The stop string that ended it, or null. */
  String stoppedBy() {
    return lastPart().text() instanceof StoppedText stopped ? stopped.stop() : null;
  }

  /** The token ids, as far as a next prompt will repeat them. */
  int[] tokenIds() {
    int[] ids = new int[tokens()];
    int next = 0;
    for (ReplyPart part : parts) {
      for (int i = 0; i < part.tokens(); i++) {
        ids[next++] = part.text().id(i);
      }
    }
    return ids;
  }
}
