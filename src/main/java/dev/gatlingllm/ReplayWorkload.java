package dev.gatlingllm;

import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.nothingFor;

import dev.gatlingllm.gatling.ShardOfArrivals;
import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.settings.Setting;
import dev.gatlingllm.settings.SettingException;
import dev.gatlingllm.text.Plurals;
import dev.gatlingllm.workload.ArrivalPattern;
import dev.gatlingllm.workload.ConversationScript;
import dev.gatlingllm.workload.replay.Arrivals;
import dev.gatlingllm.workload.replay.Arrivals.Burst;
import dev.gatlingllm.workload.replay.Replay;
import dev.gatlingllm.workload.replay.ReplayShape;
import io.gatling.javaapi.core.OpenInjectionStep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replays recorded conversations or a trace, in one of the {@linkplain ReplayFormat formats}. User
 * k gets the file's k-th usable entry, which is read from disk when the user begins. If a trace's
 * arrival times hold, {@link #pinned()} also waits until the user's request is due, counted from
 * the first user's start.
 *
 * <p>Immutable, so all methods return a new occurrence and leave the original unmodified.
 */
public final class ReplayWorkload extends WorkloadBuilder<ReplayWorkload> {

  private static final Logger LOGGER = LoggerFactory.getLogger(ReplayWorkload.class);

  private @Nullable Replay opened;

  /** When this shard's first user of {@link #arrivals} comes, since the beginning of the load. */
  private volatile long firstArrivalNanos;

  ReplayWorkload(LlmSettings settings) {
    super(settings);
  }

  @Override
  ReplayWorkload with(LlmSettings changed) {
    return new ReplayWorkload(changed);
  }

  /** Sets the format of the file's entries; by default it is detected. */
  public ReplayWorkload format(ReplayFormat format) {
    return with(Setting.REPLAY_FORMAT, format);
  }

  /** Sets what happens to entries that cannot be used; by default they stop the run. */
  public ReplayWorkload onBrokenEntry(OnBrokenEntry choice) {
    return with(Setting.REPLAY_ON_ERROR, choice);
  }

  /**
   * Sets whether the file starts over when it is exhausted. Default: it does. If it does not, later
   * users have no conversation, and a feeder ends.
   */
  public ReplayWorkload loop(boolean loop) {
    return with(Setting.REPLAY_LOOP, loop);
  }

  /**
   * Sets how fast the requests of a trace arrive, and recorded delays pass: 2 for twice as fast as
   * recorded, 0 to {@linkplain #ignoreArrivals() ignore} arrival times.
   */
  public ReplayWorkload speed(Number speed) {
    return with(Setting.REPLAY_SPEED, speed.doubleValue());
  }

  /** Lets the simulation decide when users arrive, instead of the trace. */
  public ReplayWorkload ignoreArrivals() {
    return speed(0);
  }

  /**
   * Sets the longest delay between a response and the next turn, from zero; longer ones are cut.
   * Default: delays are as recorded.
   */
  public ReplayWorkload maxDelay(Duration longest) {
    return with(Setting.REPLAY_MAX_DELAY, longest);
  }

  /** Sets when turns are sent if the file has both times and pauses; by default after pauses. */
  public ReplayWorkload timing(ReplayTiming timing) {
    return with(Setting.REPLAY_TIMING, timing);
  }

  /**
   * Spreads requests of a trace that have the same timestamp evenly until the next one, and times
   * in whole seconds at random within the second.
   */
  public ReplayWorkload spread() {
    return with(Setting.REPLAY_SPREAD, true);
  }

  /**
   * Sets the unit of a trace's timestamps, from nanoseconds to seconds. Default: milliseconds for
   * Mooncake, seconds for Bailian and BurstGPT; Azure's traces have dates.
   */
  public ReplayWorkload timeUnit(TimeUnit unit) {
    return with(Setting.REPLAY_TIME_UNIT, unit);
  }

  /**
   * Sets the length of text that one hash id of a trace stands for, in tokens, from 1. Default: 16
   * for Bailian, otherwise 512.
   */
  public ReplayWorkload blockTokens(int tokens) {
    return with(Setting.REPLAY_BLOCK_TOKENS, tokens);
  }

  /**
   * Returns the users of a trace, each up to a tenth of a second, or a thousandth of the load,
   * before its request is due: {@link #pinned()} waits for the rest.
   *
   * @throws SettingException if settings state another load
   */
  @Override
  public List<OpenInjectionStep> arrivals(Duration load) {
    Optional<Arrivals> arrivals = open().arrivals();
    if (arrivals.isEmpty()) {
      if (settings.isSet(Setting.ARRIVALS)
          && settings.get(Setting.ARRIVALS).equals(ArrivalPattern.TRACE)) {
        throw new SettingException(
            Setting.ARRIVALS,
            ArrivalPattern.TRACE,
            settings.get(Setting.REPLAY_SPEED) == 0
                ? "llm.replaySpeed = ignore ignores the trace's times; leave one of them out"
                : settings.get(Setting.REPLAY) + " has no arrival times; set llm.rate instead");
      }
      return List.of();
    }
    for (Setting<?> other :
        List.of(Setting.USERS, Setting.USERS_PER_SHARD, Setting.RATE, Setting.RATE_PER_SHARD)) {
      if (settings.isSet(other)) {
        throw new SettingException(
            other,
            settings.get(other),
            "the replayed trace decides when requests are sent; leave the setting out, or ignore"
                + " the trace's times by llm.replaySpeed=ignore");
      }
    }
    List<Burst> bursts = arrivals.get().bursts(load);
    requireOneForEachShard(
        bursts.stream().mapToLong(Burst::users).sum(), "requests within the load", "a longer load");
    List<OpenInjectionStep> steps = new ArrayList<>();
    Duration now = Duration.ZERO;
    for (Burst burst : bursts) {
      if (burst.at().compareTo(now) > 0) {
        steps.add(nothingFor(burst.at().minus(now)));
      }
      steps.add(atOnceUsers(burst.users()));
      now = burst.at();
    }
    firstArrivalNanos = arrivals.get().burstNanos(0, load);
    return ShardOfArrivals.of(steps, settings.get(Setting.SHARD), settings.saltedSeed());
  }

  private void requireOneForEachShard(long entries, String what, String remedy) {
    int shards = settings.get(Setting.SHARD).count();
    if (entries < shards) {
      throw new SettingException(
          Setting.REPLAY,
          settings.get(Setting.REPLAY),
          Plurals.format(
              "its %,d " + what + " are fewer than the %,d shards; use fewer shards, or " + remedy,
              entries,
              shards));
    }
  }

  @Override
  Object conversations() {
    return settings.replayShape();
  }

  @Override
  LongFunction<Optional<ConversationScript>> scripts() {
    return open()::script;
  }

  @Override
  Optional<LongUnaryOperator> dueNanos() {
    return open()
        .arrivals()
        .map(arrivals -> arrivals.clock(System::nanoTime, () -> firstArrivalNanos));
  }

  /** Reads the file, once for all uses of this workload, and says what is replayed. */
  private synchronized Replay open() {
    if (opened == null) {
      Tokenizer tokenizer = loadTokenizer();
      ReplayShape shape = settings.replayShape();
      opened =
          SettingException.read(
              Setting.REPLAY, shape.file(), file -> Replay.open(shape, tokenizer));
      if (!shape.loop()) {
        requireOneForEachShard(opened.size(), "entries", "llm.replayLoop = true");
      }
      System.out.println(opened.description());
      opened.doubt().ifPresent(LOGGER::warn);
    }
    return opened;
  }
}
