package dev.gatlingllm.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatlingllm.server.ReplyPart.Kind;
import io.netty.buffer.ByteBuf;

/**
 * Tokens as events that tell their probabilities, or the usage so far, for requests that ask for
 * it: a tree of JSON for each.
 */
final class DetailedEvents implements TokenEvents {

  private final ReplyJson json;
  private final Choice choice;
  private final boolean usage;
  private int tokens;
  private int offset;

  /**
   * @param usage whether each chunk has the choice's usage so far
   */
  DetailedEvents(ReplyJson json, Choice choice, boolean usage) {
    this.json = json;
    this.choice = choice;
    this.usage = usage;
  }

  @Override
  public void write(ByteBuf out, ReplyPart part, int from, int to) {
    StringBuilder text = new StringBuilder();
    for (int i = from; i < to; i++) {
      text.append(part.text().text(i));
    }
    tokens += to - from;
    if (text.isEmpty()) {
      return;
    }
    ObjectNode chunk =
        json.tokens(choice.index(), part, text.toString(), probabilities(part, from, to));
    offset += text.length();
    if (usage) {
      chunk.set("usage", new Usage(choice.promptTokens(), tokens, null, null).json());
    }
    Events.write(out, chunk);
  }

  private ObjectNode probabilities(ReplyPart part, int from, int to) {
    Logprobs logprobs = choice.logprobs();
    if (logprobs == null || part.kind() != Kind.CONTENT) {
      return null;
    }
    return json.api() == Api.CHAT
        ? logprobs.chat(part.text(), from, to)
        : logprobs.completion(part.text(), from, to, offset);
  }
}
