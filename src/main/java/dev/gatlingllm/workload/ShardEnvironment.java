package dev.gatlingllm.workload;

import dev.gatlingllm.text.Require;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds out which shard this process is ({@code llm.shard=auto}) from the variables that clusters
 * and CI systems set. Index and count must come from one source; what is not certain is refused,
 * with what to do instead.
 */
public final class ShardEnvironment {

  /** The variable that says how many shards there are where the index alone is known. */
  public static final String COUNT_VARIABLE = "LLM_SHARDS";

  private static final String BY_HAND = "set LLM_SHARD=i/n, such as 2/4";

  /** Step ids above this one are those of batch scripts and interactive shells. */
  private static final long LAST_SLURM_STEP = 4_294_967_280L;

  /**
   * The variables of a system.
   *
   * @param marker variable that must be set too, or null
   * @param index variable with the number of a process
   * @param count variable with the number of processes
   * @param first number of the first process
   * @param noIndex what to do if there is a count and no index; null if that means nothing
   * @param noCount what to do if there is an index and no count
   */
  private record Source(
      @Nullable String marker,
      String index,
      String count,
      int first,
      @Nullable String noIndex,
      String noCount) {}

  private static final List<Source> SOURCES =
      List.of(
          new Source(
              null,
              "JOB_COMPLETION_INDEX",
              COUNT_VARIABLE,
              0,
              "give the Kubernetes Job completionMode: Indexed, or " + BY_HAND,
              "set LLM_SHARDS to the completions of the Kubernetes Job"),
          new Source("SLURM_STEP_ID", "SLURM_PROCID", "SLURM_NTASKS", 0, BY_HAND, BY_HAND),
          new Source("GITLAB_CI", "CI_NODE_INDEX", "CI_NODE_TOTAL", 1, null, BY_HAND),
          new Source(null, "CIRCLE_NODE_INDEX", "CIRCLE_NODE_TOTAL", 0, BY_HAND, BY_HAND),
          new Source(
              null, "BUILDKITE_PARALLEL_JOB", "BUILDKITE_PARALLEL_JOB_COUNT", 0, BY_HAND, BY_HAND));

  private final Map<String, String> variables;

  private ShardEnvironment(Map<String, String> environment) {
    variables =
        environment.entrySet().stream()
            .filter(variable -> !variable.getValue().isBlank())
            .collect(Collectors.toMap(Map.Entry::getKey, variable -> variable.getValue().strip()));
  }

  /**
   * Returns the shard that the environment of a process names.
   *
   * @throws IllegalArgumentException if it names none, or not clearly; the message says what to do
   */
  public static Shard detect(Map<String, String> environment) {
    return new ShardEnvironment(environment).detect();
  }

  /** Returns the shard that the environment of a process names clearly, if there are several. */
  public static Optional<Shard> find(Map<String, String> environment) {
    try {
      return Optional.of(detect(environment)).filter(shard -> shard.count() > 1);
    } catch (IllegalArgumentException noShard) {
      return Optional.empty();
    }
  }

  private Shard detect() {
    rejectArray();
    List<Shard> found = new ArrayList<>();
    SOURCES.forEach(source -> read(source).ifPresent(found::add));
    if (found.isEmpty()) {
      throw new IllegalArgumentException(whyNone());
    }
    Shard first = found.get(0);
    for (Shard other : found) {
      if (first.index() != other.index() || first.count() != other.count()) {
        throw new IllegalArgumentException(
            "%s says shard %s, but %s says shard %s; unset one of them, or %s"
                .formatted(first.source(), first, other.source(), other, BY_HAND));
      }
    }
    return new Shard(
        first.index(),
        first.count(),
        found.stream().map(Shard::source).collect(Collectors.joining(" and ")));
  }

  private Optional<Shard> read(Source source) {
    if ((source.marker() != null && !isSet(source.marker()))
        || (source.index().startsWith("SLURM_") && !isSlurmStep())) {
      return Optional.empty();
    }
    if (!isSet(source.index())) {
      if (isSet(source.count()) && source.noIndex() != null) {
        throw new IllegalArgumentException(
            "%s is set, but %s is not; %s"
                .formatted(shown(source.count()), source.index(), source.noIndex()));
      }
      return Optional.empty();
    }
    if (!isSet(source.count())) {
      throw new IllegalArgumentException(
          "%s is set, but %s is not; %s"
              .formatted(shown(source.index()), source.count(), source.noCount()));
    }
    int count = number(source.count(), 1, Shard.MOST, "");
    int index =
        number(
            source.index(),
            source.first(),
            source.first() + count - 1,
            " (" + shown(source.count()) + ")");
    String words = shown(source.index()) + ", " + shown(source.count());
    return Optional.of(new Shard(index - source.first() + 1, count, words + step(source)));
  }

  private String step(Source source) {
    return source.index().startsWith("SLURM_")
        ? " of step " + variables.get("SLURM_JOB_ID") + "." + variables.get("SLURM_STEP_ID")
        : "";
  }

  private int number(String variable, int min, int max, String why) {
    String text = variables.getOrDefault(variable, "");
    int number = text.matches("\\d{1,9}") ? Integer.parseInt(text) : -1;
    Require.that(
        number >= min && number <= max, variable, text, "from " + min + " to " + max + why);
    return number;
  }

  /** In a batch script, the variables of tasks are set too, to those of a first task. */
  private boolean isSlurmStep() {
    String step = variables.getOrDefault("SLURM_STEP_ID", "");
    return step.matches("\\d{1,10}") && Long.parseLong(step) <= LAST_SLURM_STEP;
  }

  /** Tasks of an array may run one after another, and a step in each has numbers of its own. */
  private void rejectArray() {
    if (isSet("SLURM_ARRAY_TASK_ID") && !"1".equals(variables.get("SLURM_ARRAY_TASK_COUNT"))) {
      throw new IllegalArgumentException(
          shown("SLURM_ARRAY_TASK_ID")
              + (isSlurmStep() ? " and " + shown("SLURM_PROCID") + " are" : " is")
              + " set, but a task of a Slurm array is no shard: the tasks need not run at the same"
              + " time; start all shards by srun in one job without an array, or "
              + BY_HAND);
    }
  }

  private String whyNone() {
    if (isSet("SLURM_JOB_ID")) {
      return "this process is in the Slurm job %s, but not in a step of it; start it by srun, or %s"
          .formatted(variables.get("SLURM_JOB_ID"), BY_HAND);
    }
    if (isSet("GITLAB_CI")) {
      return "GitLab sets CI_NODE_INDEX only in jobs with parallel; give the job parallel, or "
          + BY_HAND;
    }
    if (isSet("CI_NODE_INDEX")) {
      return shown("CI_NODE_INDEX")
          + " is set, but not by GitLab, so that it may count from 0 or from 1; "
          + BY_HAND;
    }
    if (isSet("GITHUB_ACTIONS")) {
      return "GitHub sets no variable with the number of a job; give the job a matrix of shards and"
          + " set LLM_SHARD: ${{ matrix.shard }}/${{ strategy.job-total }}";
    }
    return "the environment has no shard number; start it in a Kubernetes Indexed Job with"
        + " LLM_SHARDS, by srun, or in parallel jobs of GitLab, CircleCI or Buildkite, or "
        + BY_HAND;
  }

  private boolean isSet(String variable) {
    return variables.containsKey(variable);
  }

  private String shown(String variable) {
    return variable + "=" + variables.get(variable);
  }
}
