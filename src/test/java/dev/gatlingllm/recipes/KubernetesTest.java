package dev.gatlingllm.recipes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.ExecAction;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The manifests of examples/kubernetes, and what they promise. */
class KubernetesTest {

  private static final Path FOLDER = Path.of("examples/kubernetes");
  private static final Path JOBS = FOLDER.resolve("base/jobs.yaml");

  private static List<HasMetadata> base() throws IOException {
    return Manifests.read(Files.readString(JOBS));
  }

  private static <T extends HasMetadata> T named(
      List<HasMetadata> objects, Class<T> kind, String name) {
    return objects.stream()
        .filter(kind::isInstance)
        .map(kind::cast)
        .filter(object -> object.getMetadata().getName().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + kind.getSimpleName() + " " + name));
  }

  private static PodSpec pod(List<HasMetadata> objects, String job) {
    return named(objects, Job.class, job).getSpec().getTemplate().getSpec();
  }

  private static Map<String, String> settings(List<HasMetadata> objects) {
    return named(objects, ConfigMap.class, "llm-load").getData();
  }

  /** Renders an overlay with the kustomize that kubectl contains. */
  private static List<HasMetadata> rendered(String overlay) throws Exception {
    assumeTrue(hasKubectl(), "kubectl is not installed");
    Process kustomize =
        new ProcessBuilder("kubectl", "kustomize", FOLDER.resolve(overlay).toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(kustomize.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(kustomize.waitFor()).as(output).isZero();
    return Manifests.read(output);
  }

  private static boolean hasKubectl() {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "kubectl")));
  }

  @Test
  void readsOnlyFieldsThatKubernetesKnows() {
    String job = "apiVersion: batch/v1\nkind: Job\nspec:\n  ";

    assertThatThrownBy(() -> Manifests.read(job + "completionsMode: Indexed"))
        .hasMessageContaining("unknown fields of Job.Spec");
    assertThatThrownBy(() -> Manifests.read(job + "completionMode: Indexd"))
        .hasMessageContaining("completionMode");
    assertThatThrownBy(() -> Manifests.read(job + "completions: \"4\""))
        .isInstanceOf(MismatchedInputException.class);
    assertThatThrownBy(
            () -> Manifests.read("apiVersion: v1\nkind: ConfigMap\ndata:\n  LLM_USERS: 4000"))
        .isInstanceOf(MismatchedInputException.class);
    assertThatThrownBy(() -> Manifests.read("apiVersion: v1\nkind: Job"))
        .hasMessageContaining("version of Job");
  }

  @Test
  void allGeneratorsRunAtOnceAndEachOnce() throws Exception {
    JobSpec load = named(base(), Job.class, "llm-load").getSpec();

    assertThat(load.getCompletionMode()).isEqualTo("Indexed");
    assertThat(load.getParallelism()).isEqualTo(load.getCompletions());
    assertThat(load.getBackoffLimitPerIndex()).isZero();
    assertThat(load.getPodReplacementPolicy()).isEqualTo("Failed");
    assertThat(load.getTemplate().getSpec().getRestartPolicy()).isEqualTo("Never");
  }

  @Test
  void theMergeIsTriedOnce() throws Exception {
    JobSpec merge = named(base(), Job.class, "llm-merge").getSpec();

    assertThat(merge.getBackoffLimit()).isZero();
    assertThat(merge.getTemplate().getSpec().getRestartPolicy()).isEqualTo("Never");
    assertThat(merge.getActiveDeadlineSeconds())
        .isGreaterThan(named(base(), Job.class, "llm-load").getSpec().getActiveDeadlineSeconds());
  }

  @Test
  void bothJobsHaveTheSameNumberOfGenerators() throws Exception {
    assertThat(settings(base()).get("LLM_SHARDS"))
        .isEqualTo(named(base(), Job.class, "llm-load").getSpec().getCompletions().toString());
  }

  @Test
  void eachJobGivesTheEntryPointACommandOfItsOwn() throws Exception {
    assertThat(pod(base(), "llm-load").getContainers().get(0).getArgs()).containsExactly("load");
    assertThat(pod(base(), "llm-merge").getContainers().get(0).getArgs()).containsExactly("merge");
    assertThat(Files.readString(Path.of("examples/container/run")))
        .contains("\n  load)\n", "\n  merge)\n");
  }

  @Test
  void onlyTheMergeGoesWithoutTheKeyOfTheServer() throws Exception {
    assertThat(secrets(pod(base(), "llm-load"))).containsExactly("llm-api-key");
    assertThat(secrets(pod(base(), "llm-merge"))).isEmpty();
  }

  private static List<String> secrets(PodSpec pod) {
    return containers(pod)
        .flatMap(container -> container.getEnvFrom().stream())
        .filter(source -> source.getSecretRef() != null)
        .map(source -> source.getSecretRef().getName())
        .toList();
  }

  private static Stream<Container> containers(PodSpec pod) {
    return Stream.concat(pod.getInitContainers().stream(), pod.getContainers().stream());
  }

  @Test
  void theBaseHoldsTogether() throws Exception {
    requireConsistent(base());
  }

  @ParameterizedTest
  @ValueSource(strings = {"overlays/my-cluster", "overlays/object-store"})
  void eachOverlayHoldsTogether(String overlay) throws Exception {
    requireConsistent(rendered(overlay));
  }

  @Test
  void theReaderMountsTheClaimOfTheBase() throws Exception {
    List<HasMetadata> objects = new ArrayList<>(base());
    objects.addAll(Manifests.read(Files.readString(FOLDER.resolve("reader.yaml"))));

    requireConsistent(objects);
  }

  /** Everything that pods name exists, and they need no more rights than the image asks for. */
  private static void requireConsistent(List<HasMetadata> objects) {
    for (HasMetadata object : objects) {
      if (object instanceof Job job) {
        requireConsistent(job.getSpec().getTemplate().getSpec(), objects);
      } else if (object instanceof Pod pod) {
        requireConsistent(pod.getSpec(), objects);
      }
    }
    assertThat(named(objects, Job.class, "llm-load").getSpec())
        .satisfies(
            load ->
                assertThat(List.of(load.getCompletions(), load.getParallelism()))
                    .containsOnly(Integer.valueOf(settings(objects).get("LLM_SHARDS"))));
  }

  private static void requireConsistent(PodSpec pod, List<HasMetadata> objects) {
    Set<String> volumes =
        pod.getVolumes().stream().map(Volume::getName).collect(Collectors.toSet());
    for (Volume volume : pod.getVolumes()) {
      if (volume.getPersistentVolumeClaim() != null) {
        named(
            objects, PersistentVolumeClaim.class, volume.getPersistentVolumeClaim().getClaimName());
      } else if (volume.getConfigMap() != null) {
        named(objects, ConfigMap.class, volume.getConfigMap().getName());
      } else {
        assertThat(volume.getEmptyDir()).as(volume.getName()).isNotNull();
      }
    }
    containers(pod)
        .forEach(
            container -> {
              assertThat(container.getVolumeMounts())
                  .extracting(VolumeMount::getName)
                  .isSubsetOf(volumes);
              container.getEnvFrom().forEach(source -> requireExisting(source, objects));
              assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
              assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
            });
    assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
    assertThat(pod.getSecurityContext().getRunAsUser()).isEqualTo(10001);
  }

  private static void requireExisting(EnvFromSource source, List<HasMetadata> objects) {
    if (source.getConfigMapRef() != null
        && !Boolean.TRUE.equals(source.getConfigMapRef().getOptional())) {
      named(objects, ConfigMap.class, source.getConfigMapRef().getName());
    }
  }

  @Test
  void theUserOfThePodsIsThatOfTheImage() throws IOException {
    assertThat(Files.readString(Path.of("examples/container/Containerfile")))
        .contains("\nUSER 10001\n", "chown 10001 /reports");
  }

  @Test
  void anOverlayStatesTheNumberOfGeneratorsOnce() throws Exception {
    List<HasMetadata> objects = rendered("overlays/my-cluster");

    assertThat(settings(objects).get("LLM_SHARDS")).isEqualTo("8");
    assertThat(named(objects, Job.class, "llm-load").getSpec().getCompletions()).isEqualTo(8);
  }

  @Test
  void withAnObjectStoreNoVolumeIsShared() throws Exception {
    List<HasMetadata> objects = rendered("overlays/object-store");

    assertThat(objects).noneMatch(PersistentVolumeClaim.class::isInstance);
    assertThat(pod(objects, "llm-load").getInitContainers())
        .extracting(Container::getName, Container::getRestartPolicy)
        .containsExactly(tuple("upload", "Always"));
    assertThat(pod(objects, "llm-merge").getInitContainers())
        .extracting(Container::getName)
        .containsExactly("upload", "download");
    for (String job : List.of("llm-load", "llm-merge")) {
      assertThat(pod(objects, job).getInitContainers().get(0).getStartupProbe().getExec())
          .as("%s begins when upload has written the store", job)
          .returns(List.of("test", "-e", "/tmp/begun"), ExecAction::getCommand);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"base", "overlays/my-cluster", "overlays/object-store"})
  void kustomizationsPatchWhatExists(String folder) throws Exception {
    Path path = FOLDER.resolve(folder);
    JsonNode kustomization =
        Manifests.documents(Files.readString(path.resolve("kustomization.yaml"))).get(0);

    assertThat(kustomization.get("kind").asText()).isEqualTo("Kustomization");
    for (JsonNode resource : kustomization.get("resources")) {
      assertThat(path.resolve(resource.asText())).exists();
    }
    for (JsonNode patch : kustomization.path("patches")) {
      String text =
          patch.has("path")
              ? Files.readString(path.resolve(patch.get("path").asText()))
              : patch.get("patch").asText().replaceFirst("(?m)^\\$patch: delete$", "");
      for (HasMetadata target : Manifests.read(text)) {
        named(base(), target.getClass(), target.getMetadata().getName());
      }
    }
  }
}
