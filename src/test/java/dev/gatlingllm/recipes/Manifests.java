package dev.gatlingllm.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.io.IOException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads Kubernetes manifests more strictly than its API server does: each field must be known and
 * have its declared type, and each word must be one that the field allows.
 */
public final class Manifests {

  private static final YAMLMapper YAML = strictMapper();

  private static final Map<String, Class<? extends HasMetadata>> KINDS =
      Map.of(
          "ConfigMap", ConfigMap.class,
          "PersistentVolumeClaim", PersistentVolumeClaim.class,
          "Pod", Pod.class,
          "Job", Job.class);

  /** The model has these fields as any text. */
  private static final Map<String, Set<String>> WORDS =
      Map.of(
          "completionMode", Set.of("NonIndexed", "Indexed"),
          "podReplacementPolicy", Set.of("TerminatingOrFailed", "Failed"),
          "restartPolicy", Set.of("Always", "OnFailure", "Never"),
          "accessModes",
              Set.of("ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"),
          "whenUnsatisfiable", Set.of("DoNotSchedule", "ScheduleAnyway"),
          "type", Set.of("RuntimeDefault", "Localhost", "Unconfined"),
          "drop", Set.of("ALL"));

  /** Fields that hold names, paths, quantities or text of the user's. */
  private static final Set<String> FREE =
      Set.of(
          "apiVersion",
          "kind",
          "name",
          "app",
          "image",
          "args",
          "command",
          "mountPath",
          "claimName",
          "storageClassName",
          "topologyKey",
          "cpu",
          "memory",
          "storage");

  private Manifests() {}

  private static YAMLMapper strictMapper() {
    // Kubernetes accepts no number where it wants a text, nor the other way round
    YAMLMapper mapper =
        YAMLMapper.builder().disable(MapperFeature.ALLOW_COERCION_OF_SCALARS).build();
    mapper.enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
    for (CoercionInputShape shape :
        List.of(CoercionInputShape.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean)) {
      mapper.coercionConfigFor(LogicalType.Textual).setCoercion(shape, CoercionAction.Fail);
    }
    return mapper;
  }

  /** Returns the documents of a YAML text. */
  public static List<JsonNode> documents(String yaml) throws IOException {
    try (MappingIterator<JsonNode> documents = YAML.readerFor(JsonNode.class).readValues(yaml)) {
      return documents.readAll();
    }
  }

  /** Reads the objects of a YAML text. */
  static List<HasMetadata> read(String yaml) throws IOException {
    List<HasMetadata> objects = new ArrayList<>();
    for (JsonNode document : documents(yaml)) {
      objects.add(read(document));
    }
    return objects;
  }

  /** Reads an object, which may lack fields. */
  static HasMetadata read(JsonNode document) throws IOException {
    String kind = document.path("kind").asText();
    assertThat(KINDS).as("kinds that examples use").containsKey(kind);
    HasMetadata object = YAML.treeToValue(document, KINDS.get(kind));
    requireKnownFields(object, kind);
    requireAllowedWords(document, kind);
    assertThat(document.path("apiVersion").asText())
        .as("version of " + kind)
        .isEqualTo(kind.equals("Job") ? "batch/v1" : "v1");
    return object;
  }

  /** The model keeps unknown fields apart instead of refusing them. */
  private static void requireKnownFields(Object value, String path) {
    if (value instanceof Collection<?> values) {
      values.forEach(each -> requireKnownFields(each, path + "[]"));
    } else if (value instanceof Map<?, ?> values) {
      values.forEach((name, each) -> requireKnownFields(each, path + "." + name));
    } else if (value != null && value.getClass().getName().startsWith("io.fabric8.")) {
      for (Method getter : value.getClass().getMethods()) {
        if (getter.getName().equals("getAdditionalProperties")) {
          assertThat((Map<?, ?>) call(getter, value)).as("unknown fields of " + path).isEmpty();
        } else if (getter.getName().startsWith("get")
            && getter.getParameterCount() == 0
            && !getter.getName().equals("getClass")) {
          requireKnownFields(call(getter, value), path + "." + getter.getName().substring(3));
        }
      }
    }
  }

  private static Object call(Method getter, Object of) {
    try {
      return getter.invoke(of);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(getter.toString(), e);
    }
  }

  private static void requireAllowedWords(JsonNode node, String field) {
    if (node.isTextual()) {
      Set<String> words = WORDS.get(field);
      if (words == null) {
        assertThat(FREE).as("fields of any text").contains(field);
      } else {
        assertThat(words).as(field).contains(node.asText());
      }
    }
    node.properties().stream()
        .filter(entry -> !entry.getKey().equals("data"))
        .forEach(entry -> requireAllowedWords(entry.getValue(), entry.getKey()));
    if (node.isArray()) {
      node.forEach(each -> requireAllowedWords(each, field));
    }
  }
}
