package dev.gatlingllm.workload.replay;

import dev.gatlingllm.ReplayFormat;
import dev.gatlingllm.Tokenizer;
import dev.gatlingllm.prompt.ExactText;
import dev.gatlingllm.workload.ConversationScript;
import dev.gatlingllm.workload.Shard;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * A file of recorded conversations, or a trace, whose entries were all checked once. Conversation k
 * is the k-th usable entry of the file, read from disk whenever it is asked for. Any thread may
 * ask, but no event loop: it reads, parses and counts tokens.
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
   * Goes through the whole file once.
   *
   * @throws IllegalArgumentException if it is not there, none of its entries can be used, or one
   *     cannot and that is fatal
   */
  public static Replay open(ReplayShape shape, Tokenizer tokenizer) {
    try {
      EntryFile file = EntryFile.open(shape.file());
      EntryIndex index = Indexing.of(file, shape, format -> reader(format, shape, tokenizer));
      return new Replay(file, index, shape.loop(), shape.shard());
    } catch (IOException e) {
      throw new IllegalArgumentException("the file cannot be read: " + e, e);
    }
  }

  private static EntryReader reader(ReplayFormat format, ReplayShape shape, Tokenizer tokenizer) {
    OutputLengths lengths = new OutputLengths(shape);
    return switch (format) {
      case SHAREGPT -> new ConversationReader(MessageLists.SHAREGPT, tokenizer, lengths);
      case MESSAGES -> new ConversationReader(MessageLists.MESSAGES, tokenizer, lengths);
      case MOONCAKE -> new TraceReader(shape, ExactText.of(tokenizer), lengths);
      case AUTO -> throw new IllegalArgumentException("a reader is of one format");
    };
  }

  /** The number of entries that can be used, from 1. */
  public int size() {
    return index.size();
  }

  /**
   * What a user says.
   *
   * @param own number of the user's conversation among this load generator's, from 0
   * @return empty if the file is exhausted and does not start over
   * @throws UncheckedIOException if the file cannot be read any more
   */
  public Optional<ConversationScript> script(long own) {
    long number = shard.conversation(own);
    if (number >= index.size() && !loop) {
      return Optional.empty();
    }
    int entry = (int) (number % index.size());
    Place place = index.place(entry);
    try {
      return Optional.of(
          index
              .reader()
              .script(
                  file.read(place),
                  new EntryReader.Told(id(place), entry, index.groups()[entry], loop)));
    } catch (IOException e) {
      throw new UncheckedIOException(place + " of the replayed file cannot be read", e);
    } catch (BrokenEntryException e) {
      throw new IllegalStateException(
          place + " of the replayed file has changed since the run began: " + e.getMessage(), e);
    }
  }

  /** Leads back to the data: ids that entries have of their own may repeat, or be anything. */
  private static String id(Place place) {
    return (place.inLines() ? "line-" : "entry-") + place.number();
  }

  /** When the conversations begin; empty where the file does not say, or it is ignored. */
  public Optional<Arrivals> arrivals() {
    return index.arrivalNanos().length == 0
        ? Optional.empty()
        : Optional.of(new Arrivals(index.arrivalNanos(), loop, shard));
  }
}
