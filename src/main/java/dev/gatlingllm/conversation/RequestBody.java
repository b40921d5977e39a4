package dev.gatlingllm.conversation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes the bodies of one kind of request. What is the same in all of them is written once; the
 * rest is put together from bytes that are already JSON. Immutable; any thread may call.
 */
public final class RequestBody {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final byte[] MESSAGES = ascii(",\"messages\":[");
  private static final byte[] PROMPT = ascii(",\"prompt\":\"");
  private static final byte[] SYSTEM = ascii("{\"role\":\"system\",\"content\":\"");
  private static final byte[] USER = ascii("{\"role\":\"user\",\"content\":\"");
  private static final byte[] ASSISTANT = ascii("{\"role\":\"assistant\",\"content\":\"");
  private static final byte[] MESSAGE_END = ascii("\"}");

  private final Api api;
  private final byte[] head;

  /**
   * Bodies for an API.
   *
   * @param api what the conversation is rendered for
   * @param model sent as {@code model}
   * @param options further fields, as Jackson serialises their values
   * @throws IllegalArgumentException if a value cannot be serialised
   */
  public RequestBody(Api api, String model, Map<String, ?> options) {
    this.api = api;
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("model", model);
    fields.put("stream", true);
    fields.put("stream_options", Map.of("include_usage", true));
    fields.putAll(options);
    try {
      byte[] object = JSON.writeValueAsBytes(fields);
      this.head = Arrays.copyOf(object, object.length - 1);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "the request's fields " + options.keySet() + " cannot be written as JSON", e);
    }
  }

  /** The body for a turn. */
  public byte[] of(Turn turn) {
    ByteArrayOutputStream out =
        new ByteArrayOutputStream(head.length + 64 + 8 * turn.promptTokens());
    out.writeBytes(head);
    out.writeBytes(ascii(",\"max_tokens\":" + turn.outputTokens()));
    if (api == Api.CHAT) {
      writeMessages(turn, out);
    } else {
      writePrompt(turn, out);
    }
    out.write('}');
    return out.toByteArray();
  }

  private static void writeMessages(Turn turn, ByteArrayOutputStream out) {
    out.writeBytes(MESSAGES);
    Message system = turn.conversation().systemPrompt().message();
    if (!system.isEmpty()) {
      writeMessage(SYSTEM, system, out);
      out.write(',');
    }
    for (Exchange exchange : turn.carried()) {
      writeMessage(USER, exchange.question(), out);
      out.write(',');
      writeMessage(ASSISTANT, exchange.reply(), out);
      out.write(',');
    }
    writeMessage(USER, turn.questionMessage(), out);
    out.write(']');
  }

  private static void writeMessage(byte[] role, Message message, ByteArrayOutputStream out) {
    out.writeBytes(role);
    message.writeTo(out);
    out.writeBytes(MESSAGE_END);
  }

  /** What was said, one after the other, with a space where two texts would run together. */
  private static void writePrompt(Turn turn, ByteArrayOutputStream out) {
    out.writeBytes(PROMPT);
    Message last = writeText(null, turn.conversation().systemPrompt().message(), out);
    for (Exchange exchange : turn.carried()) {
      last = writeText(last, exchange.question(), out);
      last = writeText(last, exchange.reply(), out);
    }
    writeText(last, turn.questionMessage(), out);
    out.write('"');
  }

  private static Message writeText(Message before, Message text, ByteArrayOutputStream out) {
    if (text.isEmpty()) {
      return before;
    }
    if (before != null && before.needsSpaceBefore(text)) {
      out.write(' ');
    }
    text.writeTo(out);
    return text;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
