package dev.gatlingllm.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the entry point of examples/container makes of its commands and variables. */
@DisabledOnOs(OS.WINDOWS)
class ContainerTest {

  private static final Path CONTAINER = Path.of("examples/container");

  @TempDir private Path work;
  private Path app;

  /** An entry point whose java prints its process, language and arguments. */
  @BeforeEach
  void layOutImage() throws IOException {
    app = Files.createDirectories(work.resolve("app"));
    Files.copy(CONTAINER.resolve("run"), app.resolve("run"));
    Path java = Files.createDirectories(work.resolve("bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\necho $$\necho \"LANG is $LANG\"\nprintf '%s\\n' \"$@\"\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();
  }

  /** What the entry point left: its status, the lines of output, and its process. */
  private record Ended(int status, List<String> lines, long pid) {

    /** The arguments from the class path on. */
    List<String> command() {
      return lines.subList(lines.indexOf("-cp") + 2, lines.size());
    }
  }

  private Ended run(Map<String, String> environment, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("/bin/sh", app.resolve("run").toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().put("PATH", work.resolve("bin") + ":/usr/bin:/bin");
    builder.environment().put("REPORTS", work.resolve("reports").toString());
    builder.environment().putAll(environment);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), output.lines().toList(), process.pid());
  }

  @Test
  void runsTheSimulationWithAReportOfThisHost() throws Exception {
    Ended load = run(Map.of("SIMULATION", "a.Load", "RUN", "monday", "HOSTNAME", "load-2"), "load");

    assertThat(load.status()).isZero();
    assertThat(load.command())
        .containsExactly(
            "io.gatling.app.Gatling",
            "-s",
            "a.Load",
            "-rf",
            work.resolve("reports/monday/shards/load-2").toString());
  }

  @Test
  void mergesTheRunsOfAllHosts() throws Exception {
    Ended merge = run(Map.of("LLM_SHARDS", "4"), "merge");

    assertThat(merge.command())
        .containsExactly(
            "dev.gatlingllm.cli.Main",
            "merge",
            "--wait=30m",
            "--expect",
            "4",
            "--into",
            work.resolve("reports/run/merged").toString(),
            work.resolve("reports/run/shards").toString());
  }

  @Test
  void passesOtherCommandsOn() throws Exception {
    assertThat(run(Map.of(), "server", "--port", "8000").command())
        .containsExactly("dev.gatlingllm.cli.Main", "server", "--port", "8000");
    assertThat(run(Map.of()).command()).containsExactly("dev.gatlingllm.cli.Main");
  }

  @Test
  void runsTheJvmInThePlaceOfTheShell() throws Exception {
    Ended load = run(Map.of("SIMULATION", "a.Load"), "load");

    assertThat(load.lines().get(0)).as("signals reach the JVM").isEqualTo("" + load.pid());
  }

  @Test
  void findsClassesAndLibrariesBesideItself() throws Exception {
    Ended load = run(Map.of("SIMULATION", "a.Load"), "load");

    Path image = app.toRealPath();
    assertThat(load.lines())
        .containsSequence("-cp", image.resolve("classes") + ":" + image.resolve("lib") + "/*");
  }

  @Test
  void writesTemporaryFilesWhereItIsTold() throws Exception {
    assertThat(run(Map.of("TMPDIR", "/scratch"), "server").lines())
        .contains("-Djava.io.tmpdir=/scratch", "-Duser.home=/scratch");
  }

  @Test
  void printsInUnicodeUnlessALanguageIsSet() throws Exception {
    assertThat(run(Map.of(), "server").lines()).contains("LANG is C.UTF-8");
    assertThat(run(Map.of("LANG", "de_DE.UTF-8"), "server").lines())
        .contains("LANG is de_DE.UTF-8");
  }

  @Test
  void takesMoreOptionsOfTheJvm() throws Exception {
    assertThat(run(Map.of("JAVA_OPTS", "-Xmx1g -Da=b"), "server").lines())
        .containsSequence("-Xmx1g", "-Da=b", "-cp");
  }

  @Test
  void namesTheVariableThatIsMissing() throws Exception {
    Ended load = run(Map.of(), "load");
    Ended merge = run(Map.of(), "merge");

    assertThat(load.status()).isNotZero();
    assertThat(load.lines().get(0)).endsWith("SIMULATION: must name the class of a simulation");
    assertThat(merge.status()).isNotZero();
    assertThat(merge.lines().get(0)).endsWith("LLM_SHARDS: must be the number of load generators");
  }

  @ParameterizedTest
  @ValueSource(strings = {"load", "merge"})
  void needsAFolderForReportsBeforeItRunsAnything(String command) throws Exception {
    String noFolder = Files.createFile(work.resolve("file")).toString();

    Ended ended =
        run(Map.of("SIMULATION", "a.Load", "LLM_SHARDS", "4", "REPORTS", noFolder), command);

    assertThat(ended.status()).isNotZero();
    assertThat(ended.lines()).singleElement().asString().contains(noFolder);
  }

  @Test
  void documentedCommandsWriteAFolderOfTheHostAsItsOwner() throws Exception {
    assertThat(Files.readString(Path.of("docs/many-machines.md")).lines())
        .filteredOn(line -> line.startsWith("docker run") && line.contains("-v \"$PWD"))
        .isNotEmpty()
        .allMatch(line -> line.contains("--user \"$(id -u):$(id -g)\""));
  }

  @Test
  void theImageIsBuiltWithTheProjectsPlugins() throws Exception {
    String pom = Files.readString(Path.of("pom.xml"));
    String version = pom.replaceAll("(?s).*<maven-dependency-plugin.version>([^<]*)<.*", "$1");

    assertThat(Files.readString(CONTAINER.resolve("Containerfile")))
        .contains("maven-dependency-plugin:" + version + ":copy-dependencies");
  }
}
