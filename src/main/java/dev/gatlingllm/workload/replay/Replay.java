package dev.gatlingllm.workload.replay;

import dev.gatlingllm.ReplayFormat;
import dev.gatlingllm.Tokenizer;
import dev.gatlingllm.prompt.ExactText;
import dev.gatlingllm.workload.ConversationScript;
import dev.gatlingllm.workload.Shard;
import dev.gatlingllm.workload.replay.EntryFile.Location;
import dev.gatlingllm.workload.replay.EntryReader.Position;
import dev.gatlingllm.workload.replay.MessageReader.Fields;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * A file of recorded conversations, or a trace. Conversation k is the k-th usable entry of the
 * file, read from disk whenever it is needed. Any thread may call, but no event loop: it reads,
 * parses and counts tokens.
 */
public final class Replay {

  private final EntryFile file;
  private final EntryIndex index;
  private final boolean loop;
  private final Shard shard;

  private Replay(EntryFile file, EntryIndex index, boolean loop, Shard shard) {
    this.file = file;
    this.index = index;
    this.loop = loop;
    this.shard = shard;
  }

  /**
   * Opens a file and checks all its entries.
   *
   * @throws IllegalArgumentException if it does not exist, if no entry is usable, or if one is not
   *     and {@code shape} says to fail
   */
  public static Replay open(ReplayShape shape, Tokenizer tokenizer) {
    try {
      EntryFile file = EntryFile.open(shape.file());
      EntryIndex index = EntryIndex.of(file, shape, format -> reader(format, shape, tokenizer));
      return new Replay(file, index, shape.loop(), shape.shard());
    } catch (IOException e) {
      throw new IllegalArgumentException("the file cannot be read: " + e, e);
    }
  }

  private static EntryReader reader(ReplayFormat format, ReplayShape shape, Tokenizer tokenizer) {
    return switch (format) {
      case SHAREGPT -> new MessageReader(Fields.SHAREGPT, tokenizer, shape);
      case MESSAGES -> new MessageReader(Fields.OPENAI, tokenizer, shape);
      case MOONCAKE -> new TraceReader(shape, ExactText.of(tokenizer));
      case AUTO -> throw new IllegalArgumentException("the format must be known");
    };
  }

  /** Returns the number of usable entries, from 1. */
  public int size() {
    return index.size();
  }

  /**
   * Returns the script of a user.
   *
   * @param own number of the user's conversation among this load generator's, from 0
   * @return empty if the file is exhausted and does not start over
   * @throws UncheckedIOException if the file cannot be read
   */
  public Optional<ConversationScript> script(long own) {
    long number = shard.conversation(own);
    if (number >= index.size() && !loop) {
      return Optional.empty();
    }
    int entry = (int) (number % index.size());
    Location location = index.location(entry);
    try {
      return Optional.of(
          index
              .reader()
              .script(
                  file.read(location),
                  new Position(id(location), entry, index.groups()[entry], loop)));
    } catch (IOException e) {
      throw new UncheckedIOException(location + " of the replayed file cannot be read", e);
    } catch (BrokenEntryException e) {
      throw new IllegalStateException(
          location + " of the replayed file has changed since the run began: " + e.getMessage(), e);
    }
  }

  /** Points to the data; the entries' own ids may repeat. */
  private static String id(Location location) {
    return (location.inLines() ? "line-" : "entry-") + location.number();
  }

  /** Returns when the conversations begin; empty if unknown or ignored. */
  public Optional<Arrivals> arrivals() {
    return index.arrivalNanos().length == 0
        ? Optional.empty()
        : Optional.of(new Arrivals(index.arrivalNanos(), loop, shard));
  }
}
