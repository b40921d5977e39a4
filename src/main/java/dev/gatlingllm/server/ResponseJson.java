package dev.gatlingllm.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatlingllm.server.Completion.Part;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Builds the JSON of one response of an API. */
interface ResponseJson {

  /**
   * The numbers of tokens of a response.
   *
   * @param cached cached prompt tokens
   * @param reasoning reasoning tokens of the completion
   */
  record Usage(int prompt, int completion, int cached, int reasoning) {}

  /** Returns a response that is not streamed. */
  ObjectNode whole(List<ObjectNode> choices, Usage usage);

  /** Returns one choice of a response that is not streamed. */
  ObjectNode choice(ResponseChoice choice);

  /** Returns the event of a choice that is sent when its request is admitted, if there is one. */
  Optional<ObjectNode> opener(int index);

  /** Returns the events that are sent when the prefill starts. */
  List<ObjectNode> prefill(Usage usage);

  /** Returns the event before the first token of a part, if there is one. */
  Optional<ObjectNode> begin(int index, Part part);

  /** Returns the writer of a choice's tokens. */
  TokenEventWriter events(ResponseChoice choice, boolean continuousUsage);

  /** Returns an event with tokens of a part. */
  ObjectNode tokens(int index, Part part, String text, @Nullable ObjectNode logprobs);

  /** Returns the events after the last token of a part. */
  List<ObjectNode> end(Part part);

  /** Returns whether the tokens of a part are counted, but not sent. */
  boolean hides(Part part);

  /** Returns the event that ends a choice which is not the last. */
  ObjectNode finish(ResponseChoice choice);

  /** Returns the event that ends a choice with a reason that means a failure of the server. */
  ObjectNode failedFinish(ResponseChoice choice);

  /** Returns the event that ends the last choice, with the usage where it belongs there. */
  ObjectNode lastFinish(ResponseChoice choice, Usage usage);

  /** Returns the event after the last choice, if there is one. */
  Optional<ObjectNode> usageChunk(ResponseChoice choice, Usage usage, boolean requested);

  /** Returns the event that ends every stream. */
  ByteBuf last();

  /** Returns a text that only the {@linkplain #last last event} has. */
  String lastMark();

  /** Returns a text that only the events that end a choice have. */
  String finishMark();
}
