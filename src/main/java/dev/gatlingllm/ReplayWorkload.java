package dev.gatlingllm;

import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.nothingFor;

import dev.gatlingllm.conversation.ContextWindow;
import dev.gatlingllm.conversation.ConversationRules;
import dev.gatlingllm.conversation.Conversations;
import dev.gatlingllm.gatling.ConversationSource;
import dev.gatlingllm.gatling.TokenRun;
import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.settings.ReplaySettings;
import dev.gatlingllm.settings.SettingException;
import dev.gatlingllm.workload.Shard;
import dev.gatlingllm.workload.replay.Arrivals;
import dev.gatlingllm.workload.replay.Arrivals.Burst;
import dev.gatlingllm.workload.replay.Replay;
import dev.gatlingllm.workload.replay.ReplayShape;
import io.gatling.javaapi.core.ActionBuilder;
import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.OpenInjectionStep;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Recorded conversations, or a trace, said again: ShareGPT's JSON, OpenAI's {@code messages} as
 * JSON lines, or a Mooncake trace. User k gets the file's k-th usable entry, read from disk when
 * the user begins.
 *
 * <p>Immutable, so all methods return a new occurrence and leave the original unmodified.
 */
public final class ReplayWorkload implements Workload {

  private final ReplayShape shape;
  private final ConversationRules rules;
  private final Optional<Tokenizer> tokenizer;
  private Replay opened;
  private ConversationSource source;

  private ReplayWorkload(
      ReplayShape shape, ConversationRules rules, Optional<Tokenizer> tokenizer) {
    this.shape = shape;
    this.rules = rules;
    this.tokenizer = tokenizer;
  }

  static ReplayWorkload of(Path file) {
    LlmSettings settings = LlmSettings.get();
    ReplaySettings replay = settings.replay();
    return new ReplayWorkload(
        new ReplayShape(
            file,
            replay.format(),
            replay.onError(),
            replay.loop(),
            replay.speed(),
            replay.blockTokens(),
            replay.outputTokens(),
            settings.workload().lengths().output(),
            settings.workload().shard(),
            settings.seed()),
        settings.rules(),
        Optional.empty());
  }

  /** Set the format of the file's entries; by default it is found out. */
  public ReplayWorkload format(ReplayFormat format) {
    return with(shape.withFormat(format));
  }

  /** Set what happens to entries that cannot be used; by default they stop the run. */
  public ReplayWorkload onBrokenEntry(OnBrokenEntry choice) {
    return with(shape.withOnBroken(choice));
  }

  /**
   * Set whether the file starts over when it is exhausted, as by default; where it does not, later
   * users have no conversation, and a feeder ends.
   */
  public ReplayWorkload loop(boolean loop) {
    return with(shape.withLoop(loop));
  }

  /**
   * Set how fast the requests of a trace come.
   *
   * @param speed above 0; 2 for twice as fast as recorded
   * @return a new ReplayWorkload instance
   */
  public ReplayWorkload speed(double speed) {
    require(speed > 0 && Double.isFinite(speed), "speed", speed, "give a number above 0");
    return with(shape.withSpeed(speed));
  }

  /** Have the simulation say when users come, whatever a trace says. */
  public ReplayWorkload ignoreArrivals() {
    return with(shape.withSpeed(0));
  }

  /** Set the length of text that one hash id of a trace stands for, in tokens, from 1. */
  public ReplayWorkload blockTokens(int tokens) {
    require(tokens >= 1, "blockTokens", tokens, "give 1 or more");
    return with(shape.withBlockTokens(tokens));
  }

  /** Set the length of reply to ask for, in tokens, instead of the recorded ones. */
  public ReplayWorkload outputTokens(int tokens) {
    return outputTokens(Distribution.constant(tokens));
  }

  /** Set the length of reply to ask for, in tokens, drawn for each turn. */
  public ReplayWorkload outputTokens(Distribution tokens) {
    require(tokens.maximum() >= 1, "outputTokens", tokens, "give lengths from 1 on");
    return with(shape.withOutputTokens(tokens));
  }

  /**
   * Set which of several load generators this is: it takes every n-th conversation, and all of them
   * together say what one alone would.
   *
   * @param index from 1 to {@code count}
   * @param count number of load generators
   * @return a new ReplayWorkload instance
   */
  public ReplayWorkload shard(int index, int count) {
    return with(shape.withShard(new Shard(index, count)));
  }

  /** Set the seed, which decides the texts of traces and all lengths that are drawn. */
  public ReplayWorkload seed(long seed) {
    return with(shape.withSeed(seed));
  }

  /** Set the tokenizer by which lengths are counted. */
  public ReplayWorkload tokenizer(Tokenizer tokenizer) {
    return new ReplayWorkload(shape, rules, Optional.of(tokenizer));
  }

  /**
   * Set the model's context window.
   *
   * @param tokens prompt and reply together
   * @param whenFull what happens to a turn that does not fit
   * @return a new ReplayWorkload instance
   */
  public ReplayWorkload maxModelTokens(int tokens, ContextPolicy whenFull) {
    ContextWindow window = new ContextWindow(tokens, whenFull);
    return new ReplayWorkload(shape, rules.withWindow(window), tokenizer);
  }

  /** Set what a conversation does after a failed turn. */
  public ReplayWorkload onFailure(FailurePolicy policy) {
    return new ReplayWorkload(shape, rules.withOnFailure(policy), tokenizer);
  }

  /** Set which reply later prompts carry: what the model said, or the recorded one. */
  public ReplayWorkload replyInHistory(ReplyInHistory reply) {
    return new ReplayWorkload(shape, rules.withReplyInHistory(reply), tokenizer);
  }

  /**
   * A step that gives each virtual user its conversation. Where a trace's arrival times hold, it
   * also waits until the user's request is due, counted from the first user's start.
   */
  @Override
  public ChainBuilder pinned() {
    ActionBuilder step = source()::step;
    return exec(step);
  }

  @Override
  public Iterator<Map<String, Object>> feeder() {
    return source().feeder();
  }

  /**
   * The users of a trace, each up to a tenth of a second, or a thousandth of the load, before its
   * request is due: {@link #pinned()} waits for the rest.
   *
   * @throws SettingException if settings state another load
   */
  @Override
  public List<OpenInjectionStep> arrivals(Duration load) {
    Optional<Arrivals> arrivals = open().arrivals();
    if (arrivals.isEmpty()) {
      return List.of();
    }
    LlmSettings.get()
        .replay()
        .load()
        .ifPresent(
            name -> {
              throw new SettingException(
                  name,
                  "given",
                  "the replayed trace says when its requests come; leave the setting out, or have"
                      + " the trace's times ignored with llm.replaySpeed=ignore");
            });
    List<OpenInjectionStep> steps = new ArrayList<>();
    Duration now = Duration.ZERO;
    for (Burst burst : arrivals.get().bursts(load)) {
      if (burst.at().compareTo(now) > 0) {
        steps.add(nothingFor(burst.at().minus(now)));
      }
      steps.add(atOnceUsers(burst.users()));
      now = burst.at();
    }
    return List.copyOf(steps);
  }

  private synchronized ConversationSource source() {
    if (source == null) {
      Replay replay = open();
      Conversations conversations = new Conversations(saltedSeed(), rules);
      source =
          new ConversationSource(
              own ->
                  replay
                      .script(own)
                      .map(script -> conversations.begin(shape.shard().conversation(own), script)),
              replay.arrivals().map(ArrivalClock::new).map(clock -> clock::dueNanos));
    }
    return source;
  }

  private long saltedSeed() {
    return LlmSettings.get().salted(shape.seed());
  }

  /** Goes through the file, once however often a workload is used. */
  private synchronized Replay open() {
    if (opened == null) {
      Tokenizer loaded = tokenizer.orElseGet(() -> LlmSettings.get().loadTokenizer());
      TokenRun.current().setTokenizer(loaded);
      TokenRun.current().setSeed(saltedSeed());
      try {
        opened = Replay.open(shape.withSeed(saltedSeed()), loaded);
      } catch (IllegalArgumentException e) {
        throw new SettingException("llm.replay", shape.file(), e);
      }
    }
    return opened;
  }

  private ReplayWorkload with(ReplayShape changed) {
    return new ReplayWorkload(changed, rules, tokenizer);
  }

  private static void require(boolean condition, String name, Object value, String remedy) {
    if (!condition) {
      throw new IllegalArgumentException(name + "(" + value + "): " + remedy);
    }
  }
}
