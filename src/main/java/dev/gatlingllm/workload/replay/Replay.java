package dev.gatlingllm.workload.replay;

import dev.gatlingllm.ReplayFormat;
import dev.gatlingllm.ReplayTiming;
import dev.gatlingllm.Tokenizer;
import dev.gatlingllm.prompt.ExactText;
import dev.gatlingllm.text.Choice;
import dev.gatlingllm.workload.ConversationScript;
import dev.gatlingllm.workload.replay.EntryFile.Location;
import dev.gatlingllm.workload.replay.EntryReader.Position;
import java.io.CharConversionException;
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
  private final ReplayShape shape;

  /** The first entry with each system prompt. */
  private final int[] firstOfGroup;

  private Replay(EntryFile file, EntryIndex index, ReplayShape shape) {
    this.file = file;
    this.index = index;
    this.shape = shape;
    this.firstOfGroup = index.firstOfGroups();
  }

  /**
   * Opens a file and checks all its entries.
   *
   * @throws IllegalArgumentException if it does not exist, if no entry is usable, if one is not and
   *     {@code shape} says to fail, or if {@code shape} wants times that turns do not have
   */
  public static Replay open(ReplayShape shape, Tokenizer tokenizer) {
    try {
      EntryFile file = EntryFile.open(shape.file());
      EntryIndex index = EntryIndex.of(file, shape, format -> reader(format, shape, tokenizer));
      if (shape.timing() == ReplayTiming.TIMES && index.format() != ReplayFormat.WEKA) {
        throw new IllegalArgumentException(
            "llm.replayTiming = times needs a weka trace: turns of %s have no times; leave it out"
                .formatted(Choice.key(index.format())));
      }
      return new Replay(file, index, shape);
    } catch (CharConversionException e) {
      // JSON may be in UTF-16 and UTF-32, which are known by their first bytes
      throw new IllegalArgumentException("the file is not text: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new IllegalArgumentException("the file cannot be read: " + e, e);
    }
  }

  private static EntryReader reader(ReplayFormat format, ReplayShape shape, Tokenizer tokenizer) {
    return switch (format) {
      case SHAREGPT, MESSAGES -> new MessageReader(tokenizer, shape);
      case MLPERF ->
          new ConvertedReader(new MessageReader(tokenizer, shape), RowReader::conversation);
      case PROMPTS ->
          new ConvertedReader(new MessageReader(tokenizer, shape), PromptReader::conversation);
      case WEKA -> new WekaReader(shape, ExactText.of(tokenizer));
      case MOONCAKE, BAILIAN, AZURE, BURSTGPT ->
          TraceReader.of(format, shape, ExactText.of(tokenizer));
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
    long number = shape.shard().conversation(own);
    if (number >= index.size() && !shape.loop()) {
      return Optional.empty();
    }
    int entry = (int) (number % index.size());
    int group = index.groups()[entry];
    boolean isShared = shape.shard().count() > 1;
    int agent = index.agents()[entry];
    Location location = index.location(entry);
    try {
      return Optional.of(
          index
              .reader()
              .script(
                  index.read(file, location),
                  new Position(
                      id(location) + (agent == 0 ? "" : "-agent-" + agent),
                      agent,
                      entry,
                      group,
                      shape.loop(),
                      isShared && number >= index.size(),
                      !shape.shard().has(firstOfGroup[group]))));
    } catch (IOException e) {
      throw new UncheckedIOException(location + " of the replayed file cannot be read", e);
    } catch (BrokenEntryException e) {
      throw new IllegalStateException(
          location + " of the replayed file has changed since the run began: " + e.getMessage(), e);
    }
  }

  /** Returns what is replayed and how fast, in one line for the start of a run. */
  public String description() {
    return new ReplayDescription(index, shape).text();
  }

  /**
   * Returns why a trace's arrival times may have been misread; empty if they are plausible or not
   * used.
   */
  public Optional<String> doubt() {
    return new ReplayDescription(index, shape).doubt();
  }

  /** Points to the data; the entries' own ids may repeat. */
  private static String id(Location location) {
    return (location.inLines() ? "line-" : "entry-") + location.number();
  }

  /** Returns when the conversations begin; empty if unknown or ignored. */
  public Optional<Arrivals> arrivals() {
    return index.arrivalNanos().length == 0
        ? Optional.empty()
        : Optional.of(new Arrivals(index.arrivalNanos(), shape.loop(), shape.shard()));
  }
}
