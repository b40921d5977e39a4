package dev.gatlingllm.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatlingllm.JavaSources;
import dev.gatlingllm.benchmarks.ClassArchive;
import dev.gatlingllm.benchmarks.ShortRun;
import dev.gatlingllm.prompt.Tokenizers;
import dev.gatlingllm.report.SideBySide;
import dev.gatlingllm.server.SimulatedServer;
import io.fabric8.kubernetes.api.model.ConfigMap;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The example project, laid out as the container file lays it out, and started by its entry point
 * as plain processes with the environment of the Kubernetes Jobs.
 */
@Tag("recipe")
class ContainerIT {

  private static final int SHARDS = 2;
  private static final Path PROJECT = Path.of("examples/maven/src/test");

  @TempDir private Path work;

  @Test
  void generatorsOfAJobAreMergedByAnother() throws Exception {
    Path app = layOutImage();
    List<String> image = files(app);
    try (SimulatedServer server =
        SimulatedServer.start(settings -> settings.tokenizer(Tokenizers.resolve("r50k_base")))) {
      List<Process> generators = new ArrayList<>();
      for (int index = 0; index < SHARDS; index++) {
        Map<String, String> settings = settings(server);
        settings.put("JOB_COMPLETION_INDEX", "" + index);
        generators.add(start(app, "llm-load-" + index, settings, "load"));
      }
      for (int index = 0; index < SHARDS; index++) {
        requireSuccess(generators.get(index), "llm-load-" + index);
      }
      SideBySide.setStart(run("llm-load-1"), run("llm-load-0"));
      requireSuccess(start(app, "llm-merge", settings(server), "merge"), "llm-merge");

      JsonNode tokens =
          new ObjectMapper().readTree(work.resolve("reports/first/merged/tokens.json").toFile());
      assertThat(tokens.at("/totals/ok").asLong()).isPositive();
      assertThat(work.resolve("reports/first/merged/requests.jsonl"))
          .content()
          .hasLineCount(server.truth().size());
    }
    assertThat(files(app)).as("the image is not written").isEqualTo(image);
    assertThat(work.resolve("home")).isEmptyDirectory();
  }

  private Map<String, String> settings(SimulatedServer server) throws IOException {
    Map<String, String> settings = new HashMap<>();
    Manifests.read(Files.readString(Path.of("examples/kubernetes/base/jobs.yaml"))).stream()
        .filter(ConfigMap.class::isInstance)
        .forEach(map -> settings.putAll(((ConfigMap) map).getData()));
    settings.put("LLM_BASE_URL", server.baseUrl());
    settings.put("LLM_USERS", "4");
    settings.put("LLM_WARMUP", "0s");
    settings.put("LLM_DURATION", "5s");
    settings.put("LLM_SHARDS", "" + SHARDS);
    settings.put("LLM_TOKENIZER", "r50k_base");
    settings.put("LLM_SERVER_METRICS", "off");
    settings.put("MERGE_WAIT", "2m");
    return settings;
  }

  private Process start(Path app, String host, Map<String, String> settings, String command)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(app.resolve("run").toString(), command);
    Path java = Path.of(System.getProperty("java.home"), "bin");
    builder.environment().clear();
    builder.environment().putAll(settings);
    builder
        .environment()
        .putAll(
            Map.of(
                "PATH",
                java + ":/usr/bin:/bin",
                "HOME",
                Files.createDirectories(work.resolve("home")).toString(),
                "HOSTNAME",
                host,
                "REPORTS",
                Files.createDirectories(work.resolve("reports")).toString(),
                "TMPDIR",
                Files.createDirectories(work.resolve("tmp " + host)).toString(),
                "JAVA_OPTS",
                "-Xmx256m " + String.join(" ", ShortRun.OPTIONS)));
    return builder
        .directory(work.resolve("home").toFile())
        .redirectErrorStream(true)
        .redirectOutput(output(host).toFile())
        .start();
  }

  private Path run(String host) throws IOException {
    try (Stream<Path> folders = Files.list(work.resolve("reports/first/shards").resolve(host))) {
      return folders.filter(Files::isDirectory).findFirst().orElseThrow();
    }
  }

  private Path output(String host) {
    return work.resolve(host + ".txt");
  }

  private void requireSuccess(Process process, String host) throws Exception {
    try {
      assertThat(process.waitFor(3, TimeUnit.MINUTES)).as("%s ends", host).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).as(Files.readString(output(host))).isZero();
  }

  /** As the last stage of the container file: classes of the project, libraries, entry point. */
  private Path layOutImage() throws IOException {
    Path classes = Files.createDirectories(work.resolve("app/classes"));
    Path libraries = Files.createDirectories(work.resolve("app/lib"));
    Files.copy(Path.of("examples/container/run"), work.resolve("app/run"));
    assertThat(work.resolve("app/run").toFile().setExecutable(true)).isTrue();
    JavaSources.compile(
        PROJECT.resolve("java/example/ChatSimulation.java"),
        System.getProperty("java.class.path"),
        classes);
    for (String resource : List.of("llm.conf", "logback-test.xml")) {
      Files.copy(PROJECT.resolve("resources").resolve(resource), classes.resolve(resource));
    }
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      Path library = Path.of(entry).toAbsolutePath();
      if (Files.isRegularFile(library) && !library.endsWith(ClassArchive.TESTS)) {
        Files.createSymbolicLink(libraries.resolve(library.getFileName()), library);
      }
    }
    pack(Path.of("target/classes"), libraries.resolve("gatling-llm.jar"));
    return work.resolve("app");
  }

  private static void pack(Path classes, Path jar) throws IOException {
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(file);
        Stream<Path> files = Files.walk(classes)) {
      entries.setLevel(0);
      for (Path each : files.filter(Files::isRegularFile).toList()) {
        entries.putNextEntry(
            new JarEntry(classes.relativize(each).toString().replace(File.separatorChar, '/')));
        Files.copy(each, entries);
      }
    }
  }

  private static List<String> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.map(Path::toString).sorted().toList();
    }
  }
}
