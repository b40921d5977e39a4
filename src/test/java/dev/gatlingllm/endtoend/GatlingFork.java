package dev.gatlingllm.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatlingllm.Tokenizer;
import dev.gatlingllm.benchmarks.ClassArchive;
import dev.gatlingllm.benchmarks.GatlingHost;
import dev.gatlingllm.benchmarks.ShortRun;
import dev.gatlingllm.prompt.Tokenizers;
import io.gatling.javaapi.core.Simulation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Runs a simulation as Gatling's build plugins do, and reads what it left. A run that needs a
 * process of its own has one: where it has an environment or options, is stopped, or must start or
 * end as a process does. Others take turns in a {@link GatlingHost}.
 */
final class GatlingFork {

  /**
   * The tokenizer of a run that sets no other, and of servers that must count as it does. It has
   * the smallest vocabulary, which is loaded in a quarter of the time that the default one takes.
   */
  static final Tokenizer TOKENIZER = Tokenizers.resolve(ShortRun.TOKENIZER);

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path results;
  private final Map<String, String> environment = new LinkedHashMap<>();
  private final Map<String, String> settings = new LinkedHashMap<>();
  private final List<String> options = new ArrayList<>();
  private final List<String> wrapper = new ArrayList<>();
  private Path output;
  private Duration patience = Duration.ofMinutes(3);
  private boolean isAlone;

  GatlingFork(Path results) {
    this.results = results;
    output = results.resolve("output.txt");
    with("llm.tokenizer", TOKENIZER.name());
  }

  GatlingFork with(String setting, Object value) {
    settings.put(setting, value.toString());
    return this;
  }

  GatlingFork withEnvironment(String name, String value) {
    environment.put(name, value);
    return alone();
  }

  /** Adds an option of the JVM. */
  GatlingFork jvm(String option) {
    options.add(option);
    return alone();
  }

  /** Starts the run by a program that takes the command as its arguments. */
  GatlingFork wrappedBy(String... program) {
    wrapper.addAll(List.of(program));
    return alone();
  }

  /** Gives the run a process of its own. */
  GatlingFork alone() {
    isAlone = true;
    return this;
  }

  /** Keeps what the run prints in a file elsewhere than in the results folder. */
  GatlingFork printingTo(Path output) {
    this.output = output;
    return this;
  }

  /** Sets how long to wait for the run's end. Default: 3 minutes. */
  GatlingFork patient(Duration patience) {
    this.patience = patience;
    return this;
  }

  Run run(Class<? extends Simulation> simulation) throws IOException, InterruptedException {
    if (isAlone) {
      return ended(start(simulation));
    }
    int exit = GatlingHost.run(simulation.getName(), settings, results, output, patience);
    return left(exit);
  }

  /** Runs a main class of a test's own instead of Gatling's. */
  Run runMain(Class<?> main, String... arguments) throws IOException, InterruptedException {
    return ended(startMain(main.getName(), List.of(arguments)));
  }

  /** Writes the report of an earlier run again, without running a simulation. */
  Run reportOnly(Path folder) throws IOException, InterruptedException {
    return ended(start("-ro", folder.getFileName().toString()));
  }

  /** Kills a run as soon as it has recorded some responses. */
  Path kill(Class<? extends Simulation> simulation, int responses)
      throws IOException, InterruptedException {
    Process process = start(simulation);
    try {
      await(process, lines -> lines.size() >= responses);
    } finally {
      process.destroyForcibly().waitFor();
    }
    return folder(results);
  }

  /** Stops a run, as CI servers do, as soon as it has recorded some responses. */
  Run terminate(Class<? extends Simulation> simulation, int responses)
      throws IOException, InterruptedException {
    Process process = start(simulation);
    await(process, lines -> lines.size() >= responses);
    process.destroy();
    return ended(process);
  }

  /** Starts a run, for tests that wait for something in it or that have several at once. */
  Process start(Class<? extends Simulation> simulation) throws IOException {
    return start("-s", simulation.getName());
  }

  /** Waits until the run has written certain lines to its requests file. */
  void await(Process process, Predicate<List<String>> isWritten)
      throws IOException, InterruptedException {
    while (!isWritten.test(lines())) {
      assertThat(process.waitFor(50, TimeUnit.MILLISECONDS)).as("it ends too early").isFalse();
    }
  }

  /** Returns the complete lines of the requests file; none before there is one. */
  List<String> lines() throws IOException {
    Path folder = folder(results);
    if (folder == null || !Files.exists(folder.resolve("requests.jsonl"))) {
      return List.of();
    }
    String text = Files.readString(folder.resolve("requests.jsonl"));
    return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
  }

  private Process start(String... what) throws IOException {
    List<String> arguments = new ArrayList<>(List.of(what));
    arguments.addAll(List.of("-rf", results.toString()));
    return startMain("io.gatling.app.Gatling", arguments);
  }

  private Process startMain(String main, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>(wrapper);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx512m");
    command.addAll(ShortRun.OPTIONS);
    // as the build plugins do; Gatling writes its log by way of String's internals
    command.add("--add-opens=java.base/java.lang=ALL-UNNAMED");
    settings.forEach((setting, value) -> command.add("-D" + setting + "=" + value));
    command.addAll(options);
    command.addAll(ClassArchive.options());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(main);
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    return builder.redirectOutput(output.toFile()).start();
  }

  /** Waits for the end of a run. */
  Run ended(Process process) throws IOException, InterruptedException {
    try {
      assertThat(process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS))
          .as("it ends")
          .isTrue();
    } finally {
      process.destroyForcibly();
    }
    return left(process.exitValue());
  }

  private Run left(int exit) throws IOException {
    return new Run(exit, Files.readString(output, StandardCharsets.UTF_8), folder(results));
  }

  private static Path folder(Path results) throws IOException {
    try (Stream<Path> folders = Files.list(results)) {
      return folders.filter(Files::isDirectory).findFirst().orElse(null);
    }
  }

  /** What a run left: its exit status, all that it printed, and its folder or null. */
  record Run(int exit, String output, Path folder) {

    JsonNode tokens() throws IOException {
      return JSON.readTree(folder.resolve("tokens.json").toFile());
    }

    List<JsonNode> requests() throws IOException {
      List<JsonNode> requests = new ArrayList<>();
      for (String line : Files.readAllLines(folder.resolve("requests.jsonl"))) {
        requests.add(JSON.readTree(line));
      }
      return requests;
    }

    String page(String name) throws IOException {
      return Files.readString(folder.resolve(name), StandardCharsets.UTF_8);
    }

    /** Every text file that the run left, by name. */
    Map<String, String> texts() throws IOException {
      Map<String, String> texts = new LinkedHashMap<>();
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          texts.put(
              folder.relativize(file).toString(),
              Files.readString(file, StandardCharsets.ISO_8859_1));
        }
      }
      return texts;
    }
  }
}
