package dev.gatlingllm.server;

import dev.gatlingllm.server.engine.Engine;
import dev.gatlingllm.server.engine.Generation;
import dev.gatlingllm.server.engine.TokenHash;
import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;

/**
 * The load of a second client, as if another user of the server sent requests of one size at a
 * constant rate. They enter the engine without HTTP and are not in the truth log. Used on one event
 * loop.
 */
final class BackgroundLoad {

  /**
   * A request is left out while so many are in progress, so that an overload needs little memory.
   */
  private static final int MAX_IN_PROGRESS = 1_000;

  private final ServerSettings settings;
  private final Engine engine;
  private final EventLoop loop;
  private int sent;
  private int inProgress;

  BackgroundLoad(ServerSettings settings, Engine engine, EventLoop loop) {
    this.settings = settings;
    this.engine = engine;
    this.loop = loop;
  }

  /** Sends requests until the event loop is shut down. */
  void start() {
    long period = Math.round(1e9 / settings.backgroundRate);
    loop.scheduleAtFixedRate(this::send, period, period, TimeUnit.NANOSECONDS);
  }

  private void send() {
    if (inProgress == MAX_IN_PROGRESS) {
      return;
    }
    inProgress++;
    int request = sent++;
    // a first token of its own, so that no two prompts share a prefix
    int[] prompt = new int[settings.backgroundPromptTokens];
    prompt[0] = (int) TokenHash.nth(settings.seed, request);
    int[] output = new int[settings.backgroundOutputTokens];
    Engine.Job job = new Engine.Job(prompt, output, Engine.End.LENGTH, System.nanoTime());
    engine.prepare(job, settings.modelName).start(loop, new Listener());
  }

  private final class Listener implements Generation.Listener {

    @Override
    public void admitted(long nanos) {}

    @Override
    public void prefillStarted(int cachedTokens, long nanos) {}

    @Override
    public void prefillEnded(long nanos) {}

    @Override
    public void tokens(int count, long dueNanos) {}

    @Override
    public void finished() {
      inProgress--;
    }
  }
}
