package dev.gatlingllm.settings;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatlingllm.recipes.Manifests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The environment that each recipe of examples gives to its load generators. */
class RecipeSettingsTest {

  private static JsonNode document(String file, int index) throws IOException {
    return Manifests.documents(Files.readString(Path.of("examples", file))).get(index);
  }

  /** Adds the variables of a recipe, with what the expressions of its pipeline stand for. */
  private static void add(JsonNode variables, int shard, Map<String, String> environment) {
    for (Map.Entry<String, JsonNode> variable : variables.properties()) {
      environment.put(
          variable.getKey(),
          variable
              .getValue()
              .asText()
              .replace("${{ matrix.shard }}", "" + shard)
              .replace("${{ strategy.job-total }}", "4")
              .replace("${{ needs.start.outputs.at }}", "1795779113+300s")
              .replace("${{ vars.LLM_BASE_URL }}", "http://gpu1:8000")
              .replace("${{ vars.LLM_MODEL }}", "Qwen/Qwen3-8B"));
    }
  }

  private static void requireShard(int shard, Map<String, String> environment) {
    Set<String> known =
        Setting.declared().values().stream().map(Setting::variable).collect(Collectors.toSet());
    known.addAll(Set.of("LLM_API_KEY", "LLM_SHARDS"));
    assertThat(environment.keySet()).filteredOn(name -> name.startsWith("LLM_")).isSubsetOf(known);

    LlmSettings settings =
        LlmSettings.read(ClassLoader.getPlatformClassLoader(), environment, new Properties());

    assertThat(settings.get(Setting.SHARD)).hasToString(shard + "/4");
    assertThat(settings.get(Setting.USERS)).isEqualTo(4000);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void aPodOfTheJobIsItsShard(int shard) throws Exception {
    Map<String, String> environment = new LinkedHashMap<>();
    JsonNode settings = document("kubernetes/base/jobs.yaml", 0);
    assertThat(settings.get("kind").asText()).isEqualTo("ConfigMap");
    add(settings.get("data"), shard, environment);
    environment.put("JOB_COMPLETION_INDEX", "" + (shard - 1));

    requireShard(shard, environment);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void aJobOfGithubsMatrixIsItsShard(int shard) throws Exception {
    Map<String, String> environment = new LinkedHashMap<>();
    JsonNode workflow = document("ci/github.yml", 0);
    for (JsonNode variables : List.of(workflow.get("env"), workflow.at("/jobs/load/env"))) {
      add(variables, shard, environment);
    }

    requireShard(shard, environment);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void aParallelJobOfGitlabIsItsShard(int shard) throws Exception {
    Map<String, String> environment = new LinkedHashMap<>();
    JsonNode pipeline = document("ci/gitlab.yml", 0);
    add(pipeline.at("/load/variables"), shard, environment);
    environment.put("GITLAB_CI", "true");
    environment.put("CI_NODE_INDEX", "" + shard);
    environment.put("CI_NODE_TOTAL", pipeline.at("/load/parallel").asText());

    requireShard(shard, environment);
  }
}
