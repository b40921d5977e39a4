package dev.gatlingllm.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatlingllm.server.Completion.Part;
import dev.gatlingllm.server.Completion.PartKind;
import dev.gatlingllm.server.ServerSettings.ReasoningField;
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

  /** Returns the events of a choice that are sent when its request is admitted. */
  default List<ObjectNode> opener(int index) {
    return List.of();
  }

  /** Returns the events that are sent when the prefill starts. */
  default List<ObjectNode> prefill(Usage usage) {
    return List.of();
  }

  /** Returns the events before the first token of a part. */
  List<ObjectNode> begin(int index, Part part);

  /** Returns the writer of a choice's tokens. */
  TokenEventWriter events(ResponseChoice choice, boolean continuousUsage);

  /** Returns an event with tokens of a part. */
  ObjectNode tokens(int index, Part part, String text, @Nullable ObjectNode logprobs);

  /** Returns the events after the last token of a part. */
  default List<ObjectNode> end(Part part) {
    return List.of();
  }

  /** Returns how the server responds. */
  ServerSettings settings();

  /**
   * Returns whether the tokens of a part are counted, but not sent: reasoning that the settings do
   * not show.
   */
  default boolean hides(Part part) {
    return part.kind() == PartKind.REASONING && settings().reasoningField == ReasoningField.NONE;
  }

  /** Returns the event that ends a choice which is not the last. */
  ObjectNode finish(ResponseChoice choice);

  /** Returns the event that ends a choice with a reason that means a failure of the server. */
  ObjectNode failedFinish(ResponseChoice choice);

  /** Returns the event that ends the last choice, with the usage where it belongs there. */
  ObjectNode lastFinish(ResponseChoice choice, Usage usage);

  /** Returns the event after the last choice, if there is one. */
  default Optional<ObjectNode> usageChunk(ResponseChoice choice, Usage usage, boolean requested) {
    return Optional.empty();
  }

  /** Returns the event that ends every stream, if it is not that of the last choice. */
  default Optional<ByteBuf> last() {
    return Optional.empty();
  }

  /** Called when the last choice is complete, before its end is sent. */
  default void complete() {}

  /** Returns the position of a part among those of its completion that are sent. */
  default int position(Completion completion, Part part) {
    int position = 0;
    for (Part before : completion.parts().subList(0, completion.parts().indexOf(part))) {
      position += hides(before) ? 0 : 1;
    }
    return position;
  }

  /** Returns a text that only the last event has. */
  String lastMark();

  /** Returns a text that only the events that end a choice have. */
  String finishMark();
}
