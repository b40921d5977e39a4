package dev.gatlingllm.workload.replay;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatlingllm.workload.replay.EntryFile.Location;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Joins the rows of a file with one message in each row: an entry is all rows of a conversation.
 * Not thread-safe.
 */
final class Rows {

  private final Set<String> conversations = new HashSet<>();
  private String conversation = "";
  private @Nullable Location entry;

  /**
   * Adds a row.
   *
   * @return the entry that ends before it
   * @throws BrokenEntryException if it belongs to no conversation, or to one whose rows are apart
   */
  Optional<Location> add(Location row, JsonNode json) throws BrokenEntryException {
    JsonNode id = json.path("conversation_id");
    if (!id.isValueNode() || id.isNull()) {
      throw new BrokenEntryException("it has no \"conversation_id\"");
    }
    if (entry != null && id.asText().equals(conversation)) {
      long end = row.offset() + row.length();
      entry = new Location(true, entry.number(), entry.offset(), end - entry.offset());
      return Optional.empty();
    }
    if (!conversations.add(id.asText())) {
      throw new BrokenEntryException(
          "it is apart from the other rows of its conversation, which must follow each other");
    }
    Optional<Location> ended = last();
    conversation = id.asText();
    entry = row;
    return ended;
  }

  /** Returns the entry that has not ended, if there is one. */
  Optional<Location> last() {
    return Optional.ofNullable(entry);
  }
}
