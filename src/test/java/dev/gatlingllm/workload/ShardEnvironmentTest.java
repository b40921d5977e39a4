package dev.gatlingllm.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The environments are those that the systems were seen to set or document. */
class ShardEnvironmentTest {

  private static final String BATCH_SCRIPT =
      "SLURM_JOB_ID=17 SLURM_PROCID=0 SLURM_NTASKS=4 SLURM_NODEID=0";

  private static Map<String, String> environment(String variables) {
    return Stream.of(variables.split(" +"))
        .filter(variable -> !variable.isEmpty())
        .map(variable -> variable.split("=", 2))
        .collect(Collectors.toMap(variable -> variable[0], variable -> variable[1]));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "JOB_COMPLETION_INDEX=2 LLM_SHARDS=4 | 3/4 | JOB_COMPLETION_INDEX=2, LLM_SHARDS=4",
        "JOB_COMPLETION_INDEX=0 LLM_SHARDS=1 | 1/1 | JOB_COMPLETION_INDEX=0, LLM_SHARDS=1",
        "SLURM_JOB_ID=17 SLURM_STEP_ID=0 SLURM_PROCID=2 SLURM_NTASKS=4 | 3/4"
            + " | SLURM_PROCID=2, SLURM_NTASKS=4 of step 17.0",
        "SLURM_JOB_ID=9 SLURM_STEP_ID=3 SLURM_PROCID=1 SLURM_NTASKS=2 SLURM_ARRAY_TASK_ID=1"
            + " SLURM_ARRAY_TASK_COUNT=1 | 2/2 | SLURM_PROCID=1, SLURM_NTASKS=2 of step 9.3",
        "GITLAB_CI=true CI_NODE_INDEX=3 CI_NODE_TOTAL=4 | 3/4 | CI_NODE_INDEX=3, CI_NODE_TOTAL=4",
        "CIRCLECI=true CIRCLE_NODE_INDEX=3 CIRCLE_NODE_TOTAL=4 | 4/4"
            + " | CIRCLE_NODE_INDEX=3, CIRCLE_NODE_TOTAL=4",
        "BUILDKITE_PARALLEL_JOB=0 BUILDKITE_PARALLEL_JOB_COUNT=12 | 1/12"
            + " | BUILDKITE_PARALLEL_JOB=0, BUILDKITE_PARALLEL_JOB_COUNT=12"
      })
  void takesIndexAndCountFromOneSystem(String variables, String shard, String source) {
    Shard found = ShardEnvironment.detect(environment(variables));

    assertThat(found).hasToString(shard);
    assertThat(found.source()).isEqualTo(source);
  }

  @Test
  void namesBothOfTwoSystemsThatAgree() {
    Shard found =
        ShardEnvironment.detect(
            environment(
                "JOB_COMPLETION_INDEX=2 LLM_SHARDS=4 GITLAB_CI=true CI_NODE_INDEX=3"
                    + " CI_NODE_TOTAL=4"));

    assertThat(found).hasToString("3/4");
    assertThat(found.source())
        .isEqualTo("JOB_COMPLETION_INDEX=2, LLM_SHARDS=4 and CI_NODE_INDEX=3, CI_NODE_TOTAL=4");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | the environment has no shard number; start it in a Kubernetes Indexed Job with"
            + " LLM_SHARDS, by srun, or in parallel jobs of GitLab, CircleCI or Buildkite, or set"
            + " LLM_SHARD=i/n, such as 2/4",
        "JOB_COMPLETION_INDEX=2 | JOB_COMPLETION_INDEX=2 is set, but LLM_SHARDS is not; set"
            + " LLM_SHARDS to the completions of the Kubernetes Job",
        "LLM_SHARDS=4 | LLM_SHARDS=4 is set, but JOB_COMPLETION_INDEX is not; give the Kubernetes"
            + " Job completionMode: Indexed, or set LLM_SHARD=i/n, such as 2/4",
        "JOB_COMPLETION_INDEX=4 LLM_SHARDS=4 | JOB_COMPLETION_INDEX must be from 0 to 3"
            + " (LLM_SHARDS=4), got 4",
        "JOB_COMPLETION_INDEX=first LLM_SHARDS=4 | JOB_COMPLETION_INDEX must be from 0 to 3"
            + " (LLM_SHARDS=4), got first",
        "JOB_COMPLETION_INDEX=0 LLM_SHARDS=0 | LLM_SHARDS must be from 1 to 999999, got 0",
        "GITLAB_CI=true CI_NODE_INDEX=0 CI_NODE_TOTAL=4 | CI_NODE_INDEX must be from 1 to 4"
            + " (CI_NODE_TOTAL=4), got 0",
        "GITLAB_CI=true CI_NODE_TOTAL=1 | GitLab sets CI_NODE_INDEX only in jobs with parallel;"
            + " give the job parallel, or set LLM_SHARD=i/n, such as 2/4",
        "CI_NODE_INDEX=0 CI_NODE_TOTAL=4 | CI_NODE_INDEX=0 is set, but not by GitLab, so that it"
            + " may count from 0 or from 1; set LLM_SHARD=i/n, such as 2/4",
        "BUILDKITE_PARALLEL_JOB=1 | BUILDKITE_PARALLEL_JOB=1 is set, but"
            + " BUILDKITE_PARALLEL_JOB_COUNT is not; set LLM_SHARD=i/n, such as 2/4",
        "CIRCLE_NODE_TOTAL=4 | CIRCLE_NODE_TOTAL=4 is set, but CIRCLE_NODE_INDEX is not; set"
            + " LLM_SHARD=i/n, such as 2/4",
        "GITHUB_ACTIONS=true | GitHub sets no variable with the number of a job; give the job a"
            + " matrix of shards and set LLM_SHARD: ${{ matrix.shard }}/${{ strategy.job-total }}",
        "JOB_COMPLETION_INDEX=2 LLM_SHARDS=4 GITLAB_CI=true CI_NODE_INDEX=2 CI_NODE_TOTAL=4"
            + " | JOB_COMPLETION_INDEX=2, LLM_SHARDS=4 says shard 3/4, but CI_NODE_INDEX=2,"
            + " CI_NODE_TOTAL=4 says shard 2/4; unset one of them, or set LLM_SHARD=i/n, such as"
            + " 2/4",
        BATCH_SCRIPT
            + " | this process is in the Slurm job 17, but not in a step of it; start it by srun,"
            + " or set LLM_SHARD=i/n, such as 2/4",
        "SLURM_JOB_ID=17 SLURM_NTASKS=4 | this process is in the Slurm job 17, but not in a step"
            + " of it; start it by srun, or set LLM_SHARD=i/n, such as 2/4",
        BATCH_SCRIPT
            + " SLURM_STEP_ID=4294967290 | this process is in the Slurm job 17, but not in a step"
            + " of it; start it by srun, or set LLM_SHARD=i/n, such as 2/4",
        "SLURM_JOB_ID=17 SLURM_PROCID=0 SLURM_NTASKS=1 SLURM_ARRAY_TASK_ID=3"
            + " SLURM_ARRAY_TASK_COUNT=4 | SLURM_ARRAY_TASK_ID=3 is set, but a task of a Slurm"
            + " array is no shard: the tasks need not run at the same time; start all shards by"
            + " srun in one job without an array, or set LLM_SHARD=i/n, such as 2/4",
        "SLURM_JOB_ID=17 SLURM_STEP_ID=0 SLURM_PROCID=1 SLURM_NTASKS=2 SLURM_ARRAY_TASK_ID=3"
            + " SLURM_ARRAY_TASK_COUNT=4 | SLURM_ARRAY_TASK_ID=3 and SLURM_PROCID=1 are set, but a"
            + " task of a Slurm array is no shard: the tasks need not run at the same time; start"
            + " all shards by srun in one job without an array, or set LLM_SHARD=i/n, such as 2/4"
      })
  void refusesWhatIsNotCertain(String variables, String message) {
    assertThatThrownBy(() -> ShardEnvironment.detect(environment(variables)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void treatsBlankVariablesAsNotSet() {
    Map<String, String> environment =
        Map.of("JOB_COMPLETION_INDEX", "2", "LLM_SHARDS", "4", "CIRCLE_NODE_TOTAL", " ");

    assertThat(ShardEnvironment.detect(environment)).hasToString("3/4");
  }

  @Test
  void findsOnlyOneOfSeveralShards() {
    assertThat(ShardEnvironment.find(environment("JOB_COMPLETION_INDEX=2 LLM_SHARDS=4")))
        .map(Shard::toString)
        .contains("3/4");
    assertThat(ShardEnvironment.find(environment("JOB_COMPLETION_INDEX=0 LLM_SHARDS=1"))).isEmpty();
    assertThat(ShardEnvironment.find(environment(BATCH_SCRIPT))).isEmpty();
  }
}
