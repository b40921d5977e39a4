package dev.gatlingllm.gatling;

import dev.gatlingllm.prompt.SeededRandom;
import dev.gatlingllm.workload.Shard;
import io.gatling.core.controller.inject.open.OpenInjectionStep;
import io.gatling.core.controller.inject.open.PoissonOpenInjection;
import java.util.ArrayList;
import java.util.List;
import scala.collection.Iterator;
import scala.concurrent.duration.Duration;
import scala.concurrent.duration.FiniteDuration;
import scala.jdk.javaapi.CollectionConverters;

/**
 * One load generator's share of the arrivals of an open load: of n shards, the i-th has every n-th
 * user, at the very time at which a single generator would start that user. So all shards together
 * have the arrivals of one process, not of n. Immutable.
 *
 * @param whole the steps that all shards have together
 */
public record ShardOfArrivals(List<OpenInjectionStep> whole, Shard shard)
    implements OpenInjectionStep {

  private static final long serialVersionUID = 1;

  /** Tells the random numbers of arrivals from those of conversations. */
  private static final long ARRIVALS = 0x0A77;

  /** Takes a copy. */
  public ShardOfArrivals {
    whole = List.copyOf(whole);
  }

  /**
   * Returns a shard's share of the steps of a population. Randomized steps draw from the seed, so
   * that all shards draw the same arrivals.
   */
  public static List<io.gatling.javaapi.core.OpenInjectionStep> of(
      List<io.gatling.javaapi.core.OpenInjectionStep> steps, Shard shard, long seed) {
    List<OpenInjectionStep> whole = new ArrayList<>();
    for (io.gatling.javaapi.core.OpenInjectionStep each : steps) {
      OpenInjectionStep step = each.asScala();
      whole.add(
          step instanceof PoissonOpenInjection random
              ? new PoissonOpenInjection(
                  random.duration(),
                  random.startRate(),
                  random.endRate(),
                  SeededRandom.of(seed, ARRIVALS, whole.size()).nextLong())
              : step);
    }
    return List.of(ArrivalsInjection.asJava(new ShardOfArrivals(whole, shard)));
  }

  /** Returns the number of users of steps. */
  public static long users(List<io.gatling.javaapi.core.OpenInjectionStep> steps) {
    return steps.stream().mapToLong(step -> step.asScala().users()).sum();
  }

  @Override
  public long users() {
    return shard.share(whole.stream().mapToLong(OpenInjectionStep::users).sum());
  }

  @Override
  public FiniteDuration duration() {
    FiniteDuration sum = Duration.Zero();
    for (OpenInjectionStep step : whole) {
      sum = sum.$plus(step.duration());
    }
    return sum;
  }

  /**
   * {@inheritDoc} Gatling calls it when it starts the load. The run of a shard begins here, and not
   * with its first request, so that the windows of all shards are the same part of the load.
   */
  @Override
  public Iterator<FiniteDuration> chain(Iterator<FiniteDuration> chained) {
    if (shard.count() > 1) {
      TokenRun.current().loadStarted();
    }
    Iterator<FiniteDuration> all = Iterator.empty();
    for (int step = whole.size() - 1; step >= 0; step--) {
      all = whole.get(step).chain(all);
    }
    Iterator<FiniteDuration> own =
        CollectionConverters.asScala(new EveryNth(CollectionConverters.asJava(all)));
    FiniteDuration duration = duration();
    return own.concat(() -> chained.map(time -> time.$plus(duration)));
  }

  /** The arrivals of the shard among those of all shards. */
  private final class EveryNth implements java.util.Iterator<FiniteDuration> {

    private final java.util.Iterator<FiniteDuration> all;

    EveryNth(java.util.Iterator<FiniteDuration> all) {
      this.all = all;
      skip(shard.index() - 1);
    }

    private void skip(int others) {
      for (int i = 0; i < others && all.hasNext(); i++) {
        all.next();
      }
    }

    @Override
    public boolean hasNext() {
      return all.hasNext();
    }

    @Override
    public FiniteDuration next() {
      FiniteDuration time = all.next();
      skip(shard.count() - 1);
      return time;
    }
  }

  @Override
  public int productArity() {
    return 2;
  }

  @Override
  public Object productElement(int n) {
    return n == 0 ? whole : shard;
  }

  @Override
  public boolean canEqual(Object that) {
    return that instanceof ShardOfArrivals;
  }
}
