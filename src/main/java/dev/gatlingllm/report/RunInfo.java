package dev.gatlingllm.report;

import dev.gatlingllm.metrics.ServerClock;
import dev.gatlingllm.report.assertion.Assertions;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What was run, against what. Unknown values are null. Immutable.
 *
 * @param id name of the run's folder
 * @param simulation class name of the simulation
 * @param start when the run began
 * @param versions of the software
 * @param seed seed of everything random
 * @param target the server under test and what was asked of it
 * @param load the load that was sent
 * @param shard which part of the load this run sent; null for a run that merges several
 * @param clock the server's clock against this load generator's; null if no response had a date, or
 *     for a run that merges several
 * @param assertions what is asserted of the run
 * @param remarks findings that belong to the run itself, such as how it was recovered or merged
 * @param runs the single runs that this one merges; empty for a single run
 */
public record RunInfo(
    @Nullable String id,
    @Nullable String simulation,
    @Nullable Instant start,
    Versions versions,
    @Nullable Long seed,
    Target target,
    Load load,
    @Nullable Shard shard,
    @Nullable ServerClock clock,
    Assertions assertions,
    List<Finding> remarks,
    List<Merged> runs) {

  /** Starting the load takes a part of this time, after the moment has come. */
  private static final long LATE_MILLIS = 1_000;

  /** Takes a copy; refuses null for versions, target and remarks. */
  public RunInfo {
    Objects.requireNonNull(versions, "versions");
    Objects.requireNonNull(target, "target");
    load = load == null ? Load.UNKNOWN : load;
    assertions = assertions == null ? Assertions.NONE : assertions;
    remarks = List.copyOf(remarks);
    runs = runs == null ? List.of() : List.copyOf(runs);
  }

  /**
   * The load that was sent.
   *
   * @param settings effective settings by their names without {@code llm.}, in the order of the
   *     documentation; without those that other parts of the run's record hold
   * @param injection the injection profile of each population
   * @param machine cores, heap and system of each load generator
   */
  public record Load(Map<String, String> settings, List<String> injection, List<String> machine) {

    /** Part of the text of an injection that is the one of all shards. */
    public static final String SHARED = ", shared by ";

    /** What the lengths of texts are that a simulation takes from a feeder. */
    private static final String TEXTS_OF_FEEDERS = "texts set by the simulation";

    /** The load of a run that did not record it. */
    public static final Load UNKNOWN = new Load(Map.of(), List.of(), List.of());

    /** Takes copies. */
    public Load {
      settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
      injection = List.copyOf(injection);
      machine = List.copyOf(machine);
    }

    /**
     * Returns whether texts may begin alike without being the same, which only generated ones do
     * not: how much of a prompt had been sent before is known by whole messages.
     */
    public boolean mayBeginAlike() {
      return settings.containsKey("replay")
          || Stream.of("questionTokens", "systemPromptTokens")
              // of several workloads, a setting has the values of all
              .anyMatch(name -> settings.getOrDefault(name, "").contains(TEXTS_OF_FEEDERS));
    }

    /**
     * Returns the load of several load generators. A setting that differs has the values of all.
     * What several of them injected alike is there once, with their number before it, unless it
     * already is what they share.
     */
    public static Load ofAll(List<Load> loads) {
      Map<String, String> settings = new LinkedHashMap<>();
      for (Load load : loads) {
        load.settings.forEach((name, value) -> settings.merge(name, value, Load::both));
      }
      return new Load(
          settings,
          counted(loads.stream().map(Load::injection)),
          counted(loads.stream().map(Load::machine)));
    }

    private static String both(String one, String other) {
      return Stream.concat(Stream.of(one.split("; ")), Stream.of(other.split("; ")))
          .distinct()
          .collect(Collectors.joining("; "));
    }

    private static List<String> counted(Stream<List<String>> lists) {
      Map<String, Integer> counts = new LinkedHashMap<>();
      lists.flatMap(List::stream).forEach(text -> counts.merge(text, 1, Integer::sum));
      return counts.entrySet().stream()
          .map(
              text ->
                  text.getValue() == 1 || text.getKey().contains(SHARED)
                      ? text.getKey()
                      : text.getValue() + " × " + text.getKey())
          .toList();
    }
  }

  /**
   * Which of several load generators sent the load.
   *
   * @param index number of the generator, from 1 to {@code count}
   * @param count number of generators that share the load; 1 for the whole load
   * @param source where the numbers come from, in words for users
   */
  public record Shard(int index, int count, String source) {

    /** Returns whether other load generators send the rest of the load. */
    public boolean sharesLoad() {
      return count > 1;
    }
  }

  /**
   * A run that was merged. Two that are equal are the same run.
   *
   * @param name its id, which a copy of its folder keeps under another name
   * @param start when it began
   * @param shard which part of the load it sent; null if unknown
   */
  public record Merged(String name, @Nullable Instant start, @Nullable Shard shard) {}

  /**
   * Versions of this library, of Gatling and of the load generator's Java.
   *
   * @param gatlingLlm version of this library
   */
  public record Versions(
      @Nullable String gatlingLlm, @Nullable String gatling, @Nullable String java) {}

  /**
   * The server under test and what was asked of it.
   *
   * @param baseUrl root of the server; without user name, password and query, so that no secret
   *     reaches a report
   * @param model model as requested
   * @param api name of the API, such as {@code chat}
   * @param tokenizer tokenizer as configured
   */
  public record Target(
      @Nullable String baseUrl,
      @Nullable String model,
      @Nullable String api,
      @Nullable String tokenizer) {

    /** Removes what may be secret from the base URL. */
    public Target {
      baseUrl = baseUrl == null ? null : withoutSecrets(baseUrl);
    }
  }

  /**
   * Returns how much later than {@code llm.startAt} the run began, in milliseconds; empty without
   * such a moment, or where it is unknown.
   */
  public OptionalLong startDelayMillis() {
    String planned = load.settings().get("startAt");
    try {
      return planned == null || start == null
          ? OptionalLong.empty()
          : OptionalLong.of(
              Math.max(0, Duration.between(Instant.parse(planned), start).toMillis()));
    } catch (DateTimeParseException severalMoments) {
      return OptionalLong.empty();
    }
  }

  /** Returns a copy that began at another time. */
  public RunInfo withStart(Instant moment) {
    return with(moment, clock, assertions, remarks);
  }

  /** Returns a copy with other assertions. */
  public RunInfo withAssertions(Assertions others) {
    return with(start, clock, others, remarks);
  }

  /** Returns whether the run began so late after {@code llm.startAt} that others had less load. */
  public boolean beganLate() {
    return startDelayMillis().orElse(0) >= LATE_MILLIS;
  }

  /** Returns a copy with other remarks. */
  public RunInfo withRemarks(List<Finding> others) {
    return with(start, clock, assertions, others);
  }

  /** Returns a copy with what is known of the server's clock. */
  public RunInfo withClock(@Nullable ServerClock known) {
    return with(start, known, assertions, remarks);
  }

  private RunInfo with(
      @Nullable Instant newStart,
      @Nullable ServerClock newClock,
      Assertions newAssertions,
      List<Finding> newRemarks) {
    return new RunInfo(
        id,
        simulation,
        newStart,
        versions,
        seed,
        target,
        load,
        shard,
        newClock,
        newAssertions,
        newRemarks,
        runs);
  }

  private static @Nullable String withoutSecrets(String url) {
    try {
      URI uri = new URI(url);
      String authority = uri.getAuthority();
      String server =
          authority == null ? null : authority.substring(authority.lastIndexOf('@') + 1);
      return new URI(uri.getScheme(), server, uri.getPath(), null, null).toString();
    } catch (URISyntaxException invalid) {
      return null;
    }
  }
}
