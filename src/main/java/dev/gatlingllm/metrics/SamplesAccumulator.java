package dev.gatlingllm.metrics;

import dev.gatlingllm.metrics.Response.Status;
import dev.gatlingllm.metrics.ResponseSamples.Conversation;
import dev.gatlingllm.metrics.ResponseSamples.Sample;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps single responses: those of a few conversations, the slowest and the first failed ones, and
 * others drawn at random.
 *
 * <p>A conversation is kept if the hash of its id is among the smallest (bottom-k sampling). This
 * depends on nothing else, so a kept conversation is whole, and samples of several load generators
 * can be merged.
 */
@Accumulator
final class SamplesAccumulator {

  static final int CONVERSATIONS = 12;
  static final int RESPONSES = 100;
  static final int EXTREMES = 10;

  /** A total order, so that it does not matter which responses end first. */
  private static final Comparator<Sample> BY_TIME =
      Comparator.<Sample>comparingDouble(sample -> sample.sent().second())
          .thenComparing(Sample::conversation)
          .thenComparing(sample -> sample.sent().request())
          .thenComparing(sample -> sample.sent().turn())
          .thenComparing(sample -> sample.sent().attempt())
          .thenComparing(Sample::e2eMillis);

  private static final Comparator<Sample> SLOWEST_FIRST =
      Comparator.<Sample>comparingDouble(sample -> -ttftOf(sample)).thenComparing(BY_TIME);

  private TreeMap<Long, ArrayList<Sample>> conversations = new TreeMap<>();
  private ArrayList<Sample> slowest = new ArrayList<>();
  private ArrayList<Sample> failed = new ArrayList<>();
  private DrawnResponsesAccumulator drawn = new DrawnResponsesAccumulator();

  void add(WindowedResponse windowed) {
    drawn.add(windowed);
    Response response = windowed.response();
    if (response.status() == Status.UNSENT) {
      return;
    }
    String id = idOf(response.who());
    long hash = hash(id);
    boolean isDrawn = conversations.size() < CONVERSATIONS || hash <= conversations.lastKey();
    boolean isSlow =
        response.ok()
            && response.timing().hasOutput()
            && windowed.contains(response.timing().chunkNanos()[0])
            && (slowest.size() < EXTREMES
                || ttftMillis(response) >= ttftOf(slowest.get(slowest.size() - 1)));
    boolean isFailed =
        windowed.isCounted()
            && response.status() == Status.KO
            && (failed.size() < EXTREMES
                || SentRequest.second(windowed) <= failed.get(failed.size() - 1).sent().second());
    if (isDrawn || isSlow || isFailed) {
      Sample sample = sample(windowed, id);
      if (isDrawn) {
        add(hash, List.of(sample));
      }
      if (isSlow) {
        keep(slowest, List.of(sample), SLOWEST_FIRST, EXTREMES);
      }
      if (isFailed) {
        keep(failed, List.of(sample), BY_TIME, EXTREMES);
      }
    }
  }

  private void add(long hash, List<Sample> samples) {
    keep(
        conversations.computeIfAbsent(hash, unseen -> new ArrayList<>()),
        samples,
        BY_TIME,
        RESPONSES);
    while (conversations.size() > CONVERSATIONS) {
      conversations.pollLastEntry();
    }
  }

  private static void keep(
      List<Sample> kept, List<Sample> added, Comparator<Sample> order, int most) {
    kept.addAll(added);
    kept.sort(order);
    if (kept.size() > most) {
      kept.subList(most, kept.size()).clear();
    }
  }

  /** Adds those of another load generator, whose window opened later by so many nanoseconds. */
  void add(SamplesAccumulator other, long laterNanos) {
    drawn.add(other.drawn, laterNanos);
    other.conversations.forEach((hash, samples) -> add(hash, moved(samples, laterNanos)));
    keep(slowest, moved(other.slowest, laterNanos), SLOWEST_FIRST, EXTREMES);
    keep(failed, moved(other.failed, laterNanos), BY_TIME, EXTREMES);
  }

  /** Removes the gaps between chunks, whose times are not known. */
  void removeGaps() {
    drawn.removeGaps();
  }

  private static List<Sample> moved(List<Sample> samples, long laterNanos) {
    return samples.stream().map(sample -> sample.later(laterNanos / 1e9)).toList();
  }

  static String idOf(Response.Who who) {
    return who.conversation() == null ? "user " + who.user() : who.conversation();
  }

  private static long hash(String id) {
    return mixed(id.hashCode());
  }

  /** The finalizer of MurmurHash3: numbers that differ in one digit have unrelated hashes. */
  static long mixed(long number) {
    long hash = number * 0x9e3779b97f4a7c15L;
    hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
    hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return hash ^ (hash >>> 33);
  }

  /**
   * Returns the kind of failure, {@code cut} if the load's end cut the response, {@code abandoned}
   * if its user left, or null.
   */
  static @Nullable String failureOf(Response response) {
    return switch (response.status()) {
      case CUT -> "cut";
      case ABANDONED -> "abandoned";
      default -> response.outcome().failureKind();
    };
  }

  /** Returns the TTFT of a slow response, which has one. */
  private static double ttftOf(Sample slow) {
    return slow.ttftMillis() == null ? 0 : slow.ttftMillis();
  }

  private static double ttftMillis(Response response) {
    return (response.timing().chunkNanos()[0] - response.timing().writtenNanos()) / 1e6;
  }

  private static Sample sample(WindowedResponse windowed, String id) {
    Response response = windowed.response();
    return new Sample(
        id,
        SentRequest.of(windowed),
        response.timing().hasOutput() ? ttftMillis(response) : null,
        response.timing().e2eNanos() / 1e6,
        response.inputTokensOrExpected(),
        response.usage().cachedTokens(),
        response.usage().outputTokens(),
        failureOf(response),
        response.outcome().responseId());
  }

  ResponseSamples summary() {
    return new ResponseSamples(
        conversations.values().stream()
            .map(samples -> new Conversation(samples.get(0).conversation(), List.copyOf(samples)))
            .sorted(
                Comparator.comparingDouble(
                    conversation -> conversation.responses().get(0).sent().second()))
            .toList(),
        List.copyOf(slowest),
        List.copyOf(failed),
        drawn.summary());
  }
}
