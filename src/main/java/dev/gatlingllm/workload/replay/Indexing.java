package dev.gatlingllm.workload.replay;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatlingllm.ReplayFormat;
import dev.gatlingllm.workload.replay.EntryReader.Entry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The one pass over a file before the run: reads every entry, keeps its place and forgets its text.
 * Not thread-safe.
 */
final class Indexing {

  private static final double NANOS_PER_MILLI = 1e6;

  private final EntryFile file;
  private final ReplayShape shape;
  private final Function<ReplayFormat, EntryReader> readers;
  private final BrokenEntries broken;

  private final IntStream.Builder numbers = IntStream.builder();
  private final LongStream.Builder offsets = LongStream.builder();
  private final IntStream.Builder lengths = IntStream.builder();
  private final IntStream.Builder groups = IntStream.builder();
  private final LongStream.Builder arrivals = LongStream.builder();
  private final Map<String, Integer> groupBySystemPrompt = new HashMap<>();

  private EntryReader reader;
  private boolean timed;
  private boolean inLines;
  private double firstArrival = Double.NaN;
  private double lastArrival;

  private Indexing(EntryFile file, ReplayShape shape, Function<ReplayFormat, EntryReader> readers) {
    this.file = file;
    this.shape = shape;
    this.readers = readers;
    this.broken = new BrokenEntries(file.path().getFileName().toString(), shape.onBroken());
    if (shape.format() != ReplayFormat.AUTO) {
      use(shape.format());
    }
  }

  /**
   * Goes through a file.
   *
   * @throws IllegalArgumentException if no entry can be used, or one cannot and that is fatal
   */
  static EntryIndex of(
      EntryFile file, ReplayShape shape, Function<ReplayFormat, EntryReader> readers)
      throws IOException {
    Indexing indexing = new Indexing(file, shape, readers);
    try (InputStream in = Files.newInputStream(file.path())) {
      if (!EntryScanner.scan(in, indexing::add)) {
        indexing.broken.arrayIsNotClosed();
      }
    }
    return indexing.finish();
  }

  private void use(ReplayFormat format) {
    reader = readers.apply(format);
    timed = format == ReplayFormat.MOONCAKE && shape.speed() > 0;
  }

  private void add(Place place) throws IOException {
    try {
      JsonNode json = file.read(place);
      if (reader == null) {
        use(formatOf(json));
      }
      Entry entry = reader.check(json);
      requireOrder(entry);
      inLines = place.inLines();
      numbers.add(place.number());
      offsets.add(place.offset());
      lengths.add((int) place.length());
      groups.add(group(entry.systemPrompt()));
      arrivals.add(arrivalNanos(entry.arrivalMillis()));
      broken.usable();
    } catch (BrokenEntryException e) {
      broken.add(place, e.getMessage());
    }
  }

  private static ReplayFormat formatOf(JsonNode json) throws BrokenEntryException {
    if (json.has("conversations")) {
      return ReplayFormat.SHAREGPT;
    }
    if (json.has("messages")) {
      return ReplayFormat.MESSAGES;
    }
    if (json.has("hash_ids")) {
      return ReplayFormat.MOONCAKE;
    }
    throw new BrokenEntryException(
        "it has none of \"conversations\", \"messages\" and \"hash_ids\", by which a file's format"
            + " is told");
  }

  private void requireOrder(Entry entry) throws BrokenEntryException {
    if (entry.arrivalMillis() < lastArrival) {
      throw new BrokenEntryException("its \"timestamp\" is earlier than the one before");
    }
  }

  private long arrivalNanos(double millis) {
    lastArrival = millis;
    if (Double.isNaN(firstArrival)) {
      firstArrival = millis;
    }
    return timed ? Math.round((millis - firstArrival) * NANOS_PER_MILLI / shape.speed()) : 0;
  }

  /** By the prompt's digest: a file may have as many system prompts as entries. */
  private int group(String systemPrompt) {
    return groupBySystemPrompt.computeIfAbsent(
        digest(systemPrompt), digest -> groupBySystemPrompt.size());
  }

  private static String digest(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  private EntryIndex finish() {
    broken.requireSomethingUsable();
    return new EntryIndex(
        reader,
        inLines,
        numbers.build().toArray(),
        offsets.build().toArray(),
        lengths.build().toArray(),
        groups.build().toArray(),
        timed ? arrivals.build().toArray() : new long[0]);
  }
}
