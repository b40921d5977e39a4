package dev.gatlingllm.workload.replay;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatlingllm.ReplayFormat;
import dev.gatlingllm.workload.replay.EntryFile.Location;
import dev.gatlingllm.workload.replay.EntryReader.Checked;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The locations of the usable entries of a file, and what is known of each without reading it
 * again: 32 bytes an entry, whatever its length.
 *
 * @param format of the entries
 * @param reader reads the entries
 * @param inLines whether entries are lines, or elements of one array
 * @param numbers of the lines or elements, from 1
 * @param offsets of the entries' first bytes
 * @param lengths in bytes
 * @param groups of the tools and system prompts, from 0 in order of first appearance
 * @param agents number of the agent within the entry, from 1; 0 for its main conversation
 * @param arrivalNanos since the first entry; empty if arrival times are unknown or ignored
 * @param facts what else the start of the run says
 */
record EntryIndex(
    ReplayFormat format,
    EntryReader reader,
    boolean inLines,
    int[] numbers,
    long[] offsets,
    int[] lengths,
    int[] groups,
    int[] agents,
    long[] arrivalNanos,
    Facts facts) {

  /**
   * What the check of all entries found.
   *
   * @param skipped number of unusable entries
   * @param prefixesUnknown number of requests of which a trace does not state what they share
   * @param prompts what the prompts of a trace share
   * @param coincident number of requests with the timestamp of another one
   */
  record Facts(int skipped, int prefixesUnknown, PrefixCount prompts, int coincident) {}

  private static final double NANOS_PER_MILLI = 1e6;

  /**
   * Reads a file once, checks every entry and keeps its location.
   *
   * @param readers returns the reader of a format
   * @throws IllegalArgumentException if no entry is usable, or if one is not and must be
   */
  static EntryIndex of(
      EntryFile file, ReplayShape shape, Function<ReplayFormat, EntryReader> readers)
      throws IOException {
    Builder builder = new Builder(file, shape, readers);
    boolean inLines = file.csvFormat().isPresent() || file.beginsWithMessage();
    try (InputStream in = file.stream()) {
      boolean isWhole = EntryScanner.scan(in, inLines, builder::add);
      builder.addLast();
      if (!isWhole) {
        builder.broken.add(
            "the end of the file", "the array is not closed; the file may be truncated");
      }
    }
    return builder.build();
  }

  int size() {
    return offsets.length;
  }

  /** Returns the first entry of each group. */
  int[] firstOfGroups() {
    IntStream.Builder firsts = IntStream.builder();
    int next = 0;
    for (int entry = 0; entry < groups.length; entry++) {
      if (groups[entry] == next) {
        firsts.add(entry);
        next++;
      }
    }
    return firsts.build().toArray();
  }

  Location location(int entry) {
    return new Location(inLines, numbers[entry], offsets[entry], lengths[entry]);
  }

  /** Returns the JSON of an entry; an array of rows if it has several. */
  JsonNode read(EntryFile file, Location location) throws IOException, BrokenEntryException {
    return format.hasRows() ? file.readRows(location) : file.read(location);
  }

  private static final class Builder {

    /** So many bytes of entries are checked at once, by all cores. */
    private static final long BATCH_BYTES = 4 << 20;

    private static final int BATCH_ENTRIES = 1024;

    private final EntryFile file;
    private final ReplayShape shape;
    private final Function<ReplayFormat, EntryReader> readers;
    private final BrokenEntries broken;

    private final IntStream.Builder numbers = IntStream.builder();
    private final LongStream.Builder offsets = LongStream.builder();
    private final IntStream.Builder lengths = IntStream.builder();
    private final IntStream.Builder groups = IntStream.builder();
    private final IntStream.Builder agents = IntStream.builder();
    private final LongStream.Builder arrivals = LongStream.builder();

    /** By the digest: a file may have as many system prompts as entries. */
    private final Map<String, Integer> groupByDigest = new HashMap<>();

    private @Nullable ReplayFormat format;
    private @Nullable EntryReader reader;
    private boolean timed;
    private int prefixesUnknown;
    private final PrefixCount prompts = new PrefixCount();
    private int coincident;
    private boolean headerPassed;
    private boolean inLines;
    private double firstArrival = Double.NaN;
    private double lastArrival;
    private final Rows rows = new Rows();
    private final List<Location> batch = new ArrayList<>();
    private long batchBytes;

    Builder(EntryFile file, ReplayShape shape, Function<ReplayFormat, EntryReader> readers) {
      this.file = file;
      this.shape = shape;
      this.readers = readers;
      this.broken = new BrokenEntries(shape.file().getFileName().toString(), shape.onBroken());
      ReplayFormat stated = file.csvFormat().orElse(shape.format());
      if (stated != ReplayFormat.AUTO) {
        use(stated);
      }
    }

    private EntryReader use(ReplayFormat found) {
      EntryReader used = readers.apply(found);
      format = found;
      reader = used;
      timed = found.isTrace() && shape.speed() > 0;
      return used;
    }

    private void add(Location location) throws IOException {
      if (file.csvFormat().isPresent() && !headerPassed) {
        headerPassed = true;
        return;
      }
      try {
        if (format == null) {
          use(formatOf(file.read(location)));
        }
        if (requireNonNull(format).hasRows()) {
          rows.add(location, file.read(location)).ifPresent(this::addEntry);
        } else {
          addEntry(location);
        }
      } catch (BrokenEntryException e) {
        broken.add(file.place(location), e.reason());
      }
    }

    private void addEntry(Location location) {
      batch.add(location);
      batchBytes += location.length();
      if (batchBytes > BATCH_BYTES || batch.size() >= BATCH_ENTRIES) {
        checkBatch();
      }
    }

    private void addLast() {
      rows.last().ifPresent(this::addEntry);
      checkBatch();
    }

    private void checkBatch() {
      batch.parallelStream().map(this::check).toList().forEach(this::keep);
      batch.clear();
      batchBytes = 0;
    }

    private Outcome check(Location location) {
      try {
        boolean hasRows = requireNonNull(format).hasRows();
        JsonNode json = hasRows ? file.readRows(location) : file.read(location);
        return new Outcome(location, requireNonNull(reader).check(json), "");
      } catch (BrokenEntryException e) {
        return new Outcome(location, null, e.reason());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private void keep(Outcome outcome) {
      Location location = outcome.location();
      Checked entry = outcome.entry();
      if (entry == null) {
        broken.add(file.place(location), outcome.problem());
      } else if (entry.arrivalMillis() < lastArrival) {
        broken.add(file.place(location), "\"timestamp\" is earlier than that of the entry before");
      } else {
        prefixesUnknown += entry.prefixUnknown() ? 1 : 0;
        entry.prompts().accept(prompts);
        inLines = location.inLines();
        for (int agent = 0; agent <= entry.agents(); agent++) {
          numbers.add(location.number());
          offsets.add(location.offset());
          lengths.add((int) location.length());
          groups.add(group(entry.prefix()));
          agents.add(agent);
          arrivals.add(arrivalNanos(entry.arrivalMillis()));
        }
      }
    }

    /**
     * What the check of an entry found.
     *
     * @param entry null if it is unusable
     * @param problem why; otherwise empty
     */
    private record Outcome(Location location, @Nullable Checked entry, String problem) {}

    private static ReplayFormat formatOf(JsonNode json) throws BrokenEntryException {
      if (json.has("conversations")) {
        return ReplayFormat.SHAREGPT;
      }
      if (json.path("requests").isArray()) {
        return ReplayFormat.WEKA;
      }
      if (MessageReader.messages(json).isArray()) {
        return ReplayFormat.MESSAGES;
      }
      if (json.has("conversation_id") && json.has("turn")) {
        return ReplayFormat.MLPERF;
      }
      if (json.has("hash_ids") || json.has("input_length")) {
        return json.has("parent_chat_id") ? ReplayFormat.BAILIAN : ReplayFormat.MOONCAKE;
      }
      if (PromptReader.canRead(json)) {
        return ReplayFormat.PROMPTS;
      }
      throw new BrokenEntryException(
          "unknown format: must have \"conversations\", \"messages\", \"requests\","
              + " \"conversation_id\", \"hash_ids\", \"turns\", \"prompt\" or \"text\"");
    }

    private long arrivalNanos(double millis) {
      lastArrival = millis;
      if (Double.isNaN(firstArrival)) {
        firstArrival = millis;
      }
      return timed ? Math.round((millis - firstArrival) * NANOS_PER_MILLI / shape.speed()) : 0;
    }

    private int group(String prefix) {
      return groupByDigest.computeIfAbsent(digest(prefix), digest -> groupByDigest.size());
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

    /** Returns when entries arrive, spread if the replay does that, and counts equal times. */
    private long[] arrivals(long[] recorded) {
      long[] nanos = recorded.clone();
      long gap = 0;
      int end;
      for (int begin = 0; begin < nanos.length; begin = end) {
        end = begin + 1;
        while (end < nanos.length && recorded[end] == recorded[begin]) {
          end++;
        }
        coincident += end - begin > 1 ? end - begin : 0;
        gap = end < nanos.length ? recorded[end] - recorded[begin] : gap;
        for (int i = begin; i < end && shape.spread(); i++) {
          nanos[i] += gap * (i - begin) / (end - begin);
        }
      }
      return nanos;
    }

    private EntryIndex build() {
      int[] used = numbers.build().toArray();
      broken.finish(used.length);
      long[] times = timed ? arrivals(arrivals.build().toArray()) : new long[0];
      return new EntryIndex(
          requireNonNull(format),
          requireNonNull(reader),
          inLines,
          used,
          offsets.build().toArray(),
          lengths.build().toArray(),
          groups.build().toArray(),
          agents.build().toArray(),
          times,
          new Facts(broken.count(), prefixesUnknown, prompts, coincident));
    }
  }
}
