package dev.gatlingllm.bench;

import org.openjdk.jmh.runner.options.CommandLineOptions;

/** JMH's options about threads and calls of a method, of which a load on a server has none. */
final class MeaninglessOptions {

  private MeaninglessOptions() {}

  /**
   * @throws IllegalArgumentException naming the option and what to do instead
   */
  static void refuse(CommandLineOptions options) {
    refuse(
        options.getThreads().hasValue() || options.getThreadGroups().hasValue(),
        "-t, -tg",
        "a load has users, not threads; make their number a @Param");
    refuse(
        options.getMeasurementBatchSize().hasValue()
            || options.getWarmupBatchSize().hasValue()
            || options.getOperationsPerInvocation().hasValue(),
        "-bs, -wbs, -opi",
        "an iteration is a span of time, not a number of calls; leave it out");
    refuse(
        !options.getProfilers().isEmpty() || options.shouldListProfilers(),
        "-prof, -lprof",
        "profilers look into the load generator; the report of each fork says how that fared");
    refuse(
        options.shouldDoGC().hasValue() || options.shouldSyncIterations().hasValue(),
        "-gc, -si",
        "iterations are windows of one continuous load, with nothing between them; leave it out");
    refuse(
        options.getWarmupMode().hasValue() || !options.getWarmupIncludes().isEmpty(),
        "-wm, -wmb",
        "every fork warms up by its own load; say how long with -wi and -w");
    refuse(
        options.getForkCount().hasValue() && options.getForkCount().get() < 1,
        "-f 0",
        "a process of Gatling runs one load; give 1 or more");
  }

  private static void refuse(boolean given, String options, String remedy) {
    if (given) {
      throw new IllegalArgumentException(options + ": " + remedy);
    }
  }
}
