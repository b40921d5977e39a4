package dev.gatlingllm;

import static io.gatling.javaapi.core.CoreDsl.constantConcurrentUsers;

import dev.gatlingllm.gatling.ArrivalsInjection;
import dev.gatlingllm.gatling.ShardOfArrivals;
import dev.gatlingllm.gatling.TokenRun;
import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.settings.Setting;
import dev.gatlingllm.settings.SettingException;
import dev.gatlingllm.text.Durations;
import dev.gatlingllm.text.Plurals;
import dev.gatlingllm.text.Require;
import dev.gatlingllm.workload.ArrivalCurve;
import dev.gatlingllm.workload.ArrivalRate;
import dev.gatlingllm.workload.PlannedArrivals;
import dev.gatlingllm.workload.Shard;
import io.gatling.javaapi.core.OpenInjectionStep;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.ScenarioBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The load of a run, or this load generator's share of it. Users and rates are those of all shards
 * together. Every shard checks the whole, so that none starts where another one would have no user.
 */
record ShardedLoad(LlmSettings settings, Duration length) {

  private ShardedLoad(LlmSettings settings) {
    this(settings, settings.get(Setting.WARMUP).plus(settings.get(Setting.DURATION)));
  }

  /** Returns the load of the settings. */
  static ShardedLoad of(LlmSettings settings) {
    return new ShardedLoad(settings);
  }

  /** Injects users by the workload, by a rate, or so many at a time. */
  PopulationBuilder inject(ScenarioBuilder scenario, Workload workload) {
    List<OpenInjectionStep> recorded = workload.arrivals(length);
    if (!recorded.isEmpty()) {
      return scenario.injectOpen(recorded);
    }
    Optional<ArrivalRate> rate = settings.rate();
    return rate.isPresent()
        ? scenario.injectOpen(atRate(rate.get()))
        : scenario.injectClosed(constantConcurrentUsers(concurrentUsers()).during(length));
  }

  private Shard shard() {
    return settings.get(Setting.SHARD);
  }

  private int concurrentUsers() {
    long users = settings.users();
    if (shard().isTooFew(users)) {
      throw new SettingException(
          Setting.USERS,
          users,
          "%d shards need at least one user each; use at most %s, raise llm.users, or set"
                  .formatted(shard().count(), shards(users))
              + " llm.usersPerShard instead");
    }
    return Math.toIntExact(shard().share(users));
  }

  /** A load without any user would end in an error of Gatling's. */
  private List<OpenInjectionStep> atRate(ArrivalRate rate) {
    ArrivalCurve curve = rate.over(settings.get(Setting.WARMUP), settings.get(Setting.DURATION));
    Setting<ArrivalRate> set =
        settings.find(Setting.RATE).isPresent() ? Setting.RATE : Setting.RATE_PER_SHARD;
    String within =
        " within llm.warmup and llm.duration, together " + Durations.format(length) + "; ";
    if (curve.users() > PlannedArrivals.MOST_USERS) {
      throw new SettingException(
          set,
          settings.get(set),
          "starts more than %,d users%slower one of them"
              .formatted(PlannedArrivals.MOST_USERS, within));
    }
    PlannedArrivals arrivals =
        new PlannedArrivals(
            curve,
            settings.get(Setting.ARRIVALS),
            settings.saltedSeed(),
            TokenRun.current().nextArrivals());
    long users = arrivals.users();
    if (users < shard().count()) {
      throw new SettingException(
          set,
          settings.get(set),
          users == 0
              ? "starts no user" + within + "raise one of them"
              : "starts %s%sraise one of them, or use at most %s"
                  .formatted(Plurals.format("%,d user{s}", users), within, shards(users)));
    }
    return ShardOfArrivals.of(
        List.of(ArrivalsInjection.of(arrivals)), shard(), settings.saltedSeed());
  }

  /** Returns this shard's share of users. */
  int shareOf(int users) {
    Require.that(
        users >= 0 && !shard().isTooFew(users),
        "users",
        users,
        "0, or at least one for each of the " + shard().count() + " shards");
    return Math.toIntExact(shard().share(users));
  }

  /** Returns this shard's share of the users of an open load. */
  List<OpenInjectionStep> shareOf(List<OpenInjectionStep> steps) {
    long users = ShardOfArrivals.users(steps);
    Require.that(
        !shard().isTooFew(users),
        "users of the injection steps",
        users,
        "at least one for each of the " + shard().count() + " shards");
    return ShardOfArrivals.of(steps, shard(), settings.saltedSeed());
  }

  private static String shards(long most) {
    return Plurals.format("%,d shard{s}", most);
  }
}
